// Brings drawn blocks to life: reads what is filled in as Slack's state has it, opens
// menus and lists, and tells the page what was pressed or chosen.
// What the attributes mean stands at the top of sandbox/blocks/draw.py.

const PRESSED = new Set(["button", "icon_button", "workflow_button", "feedback_buttons", "overflow"]);
const WRITTEN = new Set(["plain_text_input", "email_text_input", "url_text_input", "number_input"]);

let world = { people: [], channels: [] };
let words = (text) => text;

/** Tell the controls who and what there is to choose from, and how we speak. */
export function know(people, channels, speak) {
  world = { people, channels };
  words = speak;
}

/** Return the state value of one control's root, without its `type`. */
export function valueOf(root) {
  const { type, field } = root.dataset;
  if (WRITTEN.has(type)) {
    const value = root.querySelector("input, textarea").value;
    return { [field]: value === "" ? null : value };
  }
  if (type === "checkboxes" || type === "radio_buttons") {
    const chosen = [...root.querySelectorAll("input:checked")].map((i) => JSON.parse(i.dataset.option));
    return { [field]: type === "checkboxes" ? chosen : chosen[0] ?? null };
  }
  if (type === "datetimepicker") return { [field]: momentOf(root) };
  if (type === "datepicker" || type === "timepicker") {
    return { [field]: root.querySelector("input").value || null };
  }
  if (type === "rich_text_input") return richOf(root);
  return JSON.parse(root.dataset.value || `{"${field}": null}`);
}

/** Return the state of all controls inside `holder`: block id → action id → value. */
export function stateOf(holder) {
  const values = {};
  for (const root of holder.querySelectorAll("[data-action-id][data-field]")) {
    if (!root.dataset.field) continue;
    const block = (values[root.dataset.blockId] ??= {});
    block[root.dataset.actionId] = { type: root.dataset.type, ...valueOf(root) };
  }
  return values;
}

function momentOf(root) {
  const value = root.querySelector("input").value;
  if (!value) return null;
  // The wall clock's time in the reader's zone, which may not be the browser's.
  const zone = root.querySelector("[data-zone]")?.dataset.zone ?? root.dataset.zone;
  const asUtc = Date.parse(value + "Z");
  let moment = asUtc;
  for (let round = 0; round < 2; round++) moment = asUtc - offset(moment, zone);
  return Math.round(moment / 1000);
}

function offset(moment, zone) {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
    hour: "numeric", minute: "numeric", second: "numeric",
  }).formatToParts(new Date(moment));
  const of = Object.fromEntries(parts.map((p) => [p.type, Number(p.value)]));
  return Date.UTC(of.year, of.month - 1, of.day, of.hour, of.minute, of.second) - moment;
}

function richOf(root) {
  const field = root.dataset.field;
  if (!root.dataset.edited) return JSON.parse(root.dataset.value || `{"${field}": null}`);
  const area = root.querySelector(".area");
  const text = area.innerText.replace(/\n+$/, "");
  if (!text) return { [field]: null };
  const pieces = piecesOf(area, {});
  return { [field]: { type: "rich_text", elements: [{ type: "rich_text_section", elements: pieces }] } };
}

const STYLES = { B: "bold", STRONG: "bold", I: "italic", EM: "italic", S: "strike", STRIKE: "strike", CODE: "code" };

function piecesOf(node, style) {
  const pieces = [];
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) {
      if (!child.textContent) continue;
      const piece = { type: "text", text: child.textContent };
      if (Object.keys(style).length) piece.style = style;
      pieces.push(piece);
    } else if (child.nodeName === "BR") {
      pieces.push({ type: "text", text: "\n" });
    } else {
      const mine = STYLES[child.nodeName] ? { ...style, [STYLES[child.nodeName]]: true } : style;
      if (["DIV", "P", "LI"].includes(child.nodeName) && pieces.length) pieces.push({ type: "text", text: "\n" });
      pieces.push(...piecesOf(child, mine));
    }
  }
  return pieces;
}

/**
 * Listen to all controls below `root`. `page` has act(control, value), search(control,
 * text) → HTML of options, upload(control, files) → [file], go(channel).
 */
export function enliven(root, page) {
  root.addEventListener("click", (event) => clicked(event, page));
  root.addEventListener("change", (event) => changed(event, page));
  root.addEventListener("input", (event) => typed(event, page));
  root.addEventListener("keydown", (event) => pressed(event, page));
  root.addEventListener("focusin", (event) => {
    const box = event.target.closest?.("input[role=combobox]");
    if (box) openList(box, page);
  });
  document.addEventListener("click", (event) => closeAll(event.target));
}

function closeAll(except) {
  for (const popup of document.querySelectorAll(".blocks .popup:not([hidden])")) {
    const owner = popup.closest("[data-action-id]");
    if (owner && owner.contains(except)) continue;
    popup.hidden = true;
    owner?.querySelector("[aria-expanded]")?.setAttribute("aria-expanded", "false");
  }
}

function clicked(event, page) {
  const target = event.target;
  if (table(target)) return;
  const mention = target.closest("[data-channel]:not(.message)");
  if (mention) return page.go(mention.dataset.channel);
  const chip = target.closest("button.unchip");
  if (chip) return unchip(chip, page);
  const option = target.closest("li[role=option]");
  if (option) return choose(option, page);
  const root = target.closest("[data-action-id]");
  if (!root) return;
  const type = root.dataset.type;
  if (type === "overflow") return overflow(target, root, page);
  if (type === "feedback_buttons") {
    const button = target.closest("button");
    if (button) tell(root, { value: button.dataset.value }, page);
    return;
  }
  if (type === "rich_text_input") return format(target, root);
  if (!PRESSED.has(type)) return;
  tell(root, {}, page);
}

function format(target, root) {
  const command = target.closest("button[data-command]")?.dataset.command;
  if (!command) return;
  root.querySelector(".area").focus();
  document.execCommand(command);
  root.dataset.edited = "1";
}

function overflow(target, root, page) {
  const item = target.closest("[role=menuitem]");
  const popup = root.querySelector(".popup");
  if (!item) {
    popup.hidden = !popup.hidden;
    root.querySelector("button").setAttribute("aria-expanded", String(!popup.hidden));
    if (!popup.hidden) popup.querySelector("[role=menuitem]")?.focus();
    return;
  }
  popup.hidden = true;
  if (item.dataset.url) window.open(item.dataset.url, "_blank", "noopener");
  const said = JSON.parse(item.dataset.value);
  tell(root, said.selected_option ? said : { selected_option: said }, page);
}

async function tell(root, value, page) {
  if (root.dataset.confirm && !(await confirmed(JSON.parse(root.dataset.confirm)))) return;
  page.act(root, value);
}

/** Ask first, as a confirm object says; resolves to whether the person agreed. */
export function confirmed(said) {
  const dialog = document.createElement("dialog");
  dialog.className = "confirm";
  const style = said.style === "danger" ? "danger" : "primary";
  dialog.innerHTML =
    `<form method="dialog"><h2>${said.title ?? ""}</h2><div class="blocks">${said.text ?? ""}</div>` +
    `<footer><button value="no">${said.deny}</button><button value="yes" class="${style}">${said.confirm}</button></footer></form>`;
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

function dispatches(root, when) {
  return (root.dataset.dispatch ?? "").split(" ").includes(when);
}

function changed(event, page) {
  const root = event.target.closest("[data-action-id]");
  if (!root || root.querySelector("[role=combobox]") === event.target) return;
  if (root.dataset.type === "file_input") return upload(event.target, root, page);
  if (WRITTEN.has(root.dataset.type)) return;
  if (dispatches(root, "change")) tell(root, valueOf(root), page);
}

async function upload(input, root, page) {
  const files = await page.upload(root, [...input.files]);
  const known = JSON.parse(root.dataset.value || '{"files": []}').files ?? [];
  const all = [...known, ...files];
  root.dataset.value = JSON.stringify({ files: all });
  const list = root.querySelector(".filelist");
  list.replaceChildren(...all.map((file) => {
    const item = document.createElement("li");
    item.textContent = file.name;
    return item;
  }));
  input.value = "";
}

const timers = new WeakMap();

function typed(event, page) {
  const target = event.target;
  if (target.matches("input.filter")) return filterRows(target);
  const root = target.closest("[data-action-id]");
  if (!root) return;
  if (target.matches("[role=combobox]")) return openList(target, page);
  if (root.dataset.type === "rich_text_input") root.dataset.edited = "1";
  if (dispatches(root, "character")) {
    clearTimeout(timers.get(root));
    timers.set(root, setTimeout(() => page.act(root, valueOf(root)), 300));
  }
}

function pressed(event, page) {
  const target = event.target;
  const root = target.closest("[data-action-id]");
  if (!root) return;
  if (event.key === "Escape") {
    const open = root.querySelector(".popup:not([hidden])");
    if (open) {
      open.hidden = true;
      event.stopPropagation();
    }
    return;
  }
  if (target.matches("[role=combobox]")) return moveInList(event, target, root, page);
  if (event.key === "Enter" && !event.shiftKey && dispatches(root, "enter")) {
    event.preventDefault();
    page.act(root, valueOf(root));
  }
}

function moveInList(event, box, root, page) {
  const list = root.querySelector("[role=listbox]");
  const options = [...list.querySelectorAll("li[role=option]:not([hidden])")];
  const at = options.findIndex((o) => o.classList.contains("active"));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (list.hidden) return openList(box, page);
    const step = event.key === "ArrowDown" ? 1 : -1;
    const next = options[(at + step + options.length) % options.length];
    options[at]?.classList.remove("active");
    next?.classList.add("active");
    next?.scrollIntoView({ block: "nearest" });
    if (next?.id) box.setAttribute("aria-activedescendant", next.id);
  } else if (event.key === "Enter" && !list.hidden) {
    event.preventDefault();
    if (options[Math.max(at, 0)]) choose(options[Math.max(at, 0)], page);
  }
}

async function openList(box, page) {
  const root = box.closest("[data-action-id]");
  const list = root.querySelector("[role=listbox]");
  const { source, least } = list.dataset.source ? list.dataset : root.dataset;
  const text = box.value === box.dataset.shown ? "" : box.value;
  if (source === "external") {
    if (text.length < Number(least ?? root.dataset.least ?? 3)) return;
    clearTimeout(timers.get(root));
    await new Promise((resolve) => timers.set(root, setTimeout(resolve, 150)));
    list.innerHTML = (await page.search(root, text)) || empty();
  } else if (source === "static") {
    filterOptions(list, text);
  } else {
    listNames(list, source, text);
  }
  list.hidden = false;
  box.setAttribute("aria-expanded", "true");
}

function empty() {
  const item = document.createElement("li");
  item.className = "muted";
  item.textContent = words("No options");
  return item.outerHTML;
}

function filterOptions(list, text) {
  const wanted = text.toLowerCase();
  for (const option of list.querySelectorAll("li[role=option]")) {
    option.hidden = !option.textContent.toLowerCase().includes(wanted);
  }
}

function listNames(list, source, text) {
  const wanted = text.toLowerCase();
  const people = world.people.map((p) => ({ id: p.id, label: p.shown }));
  const channels = world.channels.map((c) => ({ id: c.id, label: "# " + c.name }));
  const all = source === "users" ? people : source === "channels" ? channels : [...channels, ...people];
  list.replaceChildren(...all.filter((one) => one.label.toLowerCase().includes(wanted)).slice(0, 50).map((one) => {
    const option = document.createElement("li");
    option.setAttribute("role", "option");
    option.dataset.one = JSON.stringify(one.id);
    option.textContent = one.label;
    return option;
  }));
}

function choose(option, page) {
  const root = option.closest("[data-action-id]");
  const field = root.dataset.field;
  const one = JSON.parse(option.dataset.one);
  const box = root.querySelector("[role=combobox]");
  const list = root.querySelector("[role=listbox]");
  list.hidden = true;
  box.setAttribute("aria-expanded", "false");
  if (root.classList.contains("many")) {
    const chosen = JSON.parse(root.dataset.value || "{}")[field] ?? [];
    const same = JSON.stringify(one);
    if (chosen.some((c) => JSON.stringify(c) === same)) return;
    if (root.dataset.most && chosen.length >= Number(root.dataset.most)) return;
    setMany(root, [...chosen, one]);
    addChip(root, one, option.textContent.trim());
    box.value = "";
  } else {
    root.dataset.value = JSON.stringify({ [field]: one });
    box.value = option.textContent.trim();
    box.dataset.shown = box.value;
  }
  if (dispatches(root, "change")) tell(root, valueOf(root), page);
}

function setMany(root, chosen) {
  root.dataset.value = JSON.stringify({ [root.dataset.field]: chosen });
}

function addChip(root, one, label) {
  const chip = document.createElement("span");
  chip.className = "chip";
  chip.dataset.one = JSON.stringify(one);
  chip.append(label);
  const off = document.createElement("button");
  off.type = "button";
  off.className = "unchip";
  off.setAttribute("aria-label", "✕ " + label);
  off.textContent = "✕";
  chip.append(off);
  root.querySelector(".chips").append(chip);
}

function unchip(button, page) {
  const chip = button.closest(".chip");
  const root = chip.closest("[data-action-id]");
  const chosen = JSON.parse(root.dataset.value || "{}")[root.dataset.field] ?? [];
  const at = [...chip.parentElement.children].indexOf(chip);
  chosen.splice(at, 1);
  setMany(root, chosen);
  chip.remove();
  if (dispatches(root, "change")) tell(root, valueOf(root), page);
}

// Data tables: sorting, filtering, pages.

function table(target) {
  const sort = target.closest("button.sort");
  if (sort) return sortBy(sort.closest("th"));
  const turn = target.closest(".pages button[data-page]");
  if (turn) return turnPage(turn.closest(".data-table"), turn.dataset.page);
  return false;
}

function sortBy(head) {
  const holder = head.closest(".data-table");
  const at = [...head.parentElement.children].indexOf(head);
  const up = head.getAttribute("aria-sort") !== "ascending";
  for (const other of head.parentElement.children) other.setAttribute("aria-sort", "none");
  head.setAttribute("aria-sort", up ? "ascending" : "descending");
  const body = holder.querySelector("tbody");
  const key = (row) => row.children[at].dataset.sort ?? row.children[at].textContent;
  const rows = [...body.rows].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    const [m, n] = [Number(x), Number(y)];
    const order = x !== "" && y !== "" && !Number.isNaN(m) && !Number.isNaN(n) ? m - n : x.localeCompare(y);
    return up ? order : -order;
  });
  body.append(...rows);
  show(holder, 0);
  return true;
}

function filterRows(input) {
  const holder = input.closest(".data-table");
  const wanted = input.value.toLowerCase();
  for (const row of holder.querySelectorAll("tbody tr")) {
    row.toggleAttribute("data-left-out", !row.textContent.toLowerCase().includes(wanted));
  }
  show(holder, 0);
}

function turnPage(holder, way) {
  const size = Number(holder.dataset.size);
  const first = Number(holder.dataset.first ?? 0) + (way === "next" ? size : -size);
  show(holder, first);
  return true;
}

function show(holder, first) {
  const size = Number(holder.dataset.size);
  const rows = [...holder.querySelectorAll("tbody tr")];
  const fit = rows.filter((row) => !row.hasAttribute("data-left-out"));
  const start = Math.max(0, Math.min(first, Math.floor((fit.length - 1) / size) * size));
  for (const row of rows) row.hidden = true;
  for (const row of fit.slice(start, start + size)) row.hidden = false;
  holder.dataset.first = start;
  const range = holder.querySelector(".range");
  if (range) range.textContent = fit.length ? `${start + 1}–${Math.min(start + size, fit.length)} / ${fit.length}` : "0 / 0";
  const [back, on] = ["previous", "next"].map((w) => holder.querySelector(`button[data-page=${w}]`));
  if (back) back.disabled = start === 0;
  if (on) on.disabled = start + size >= fit.length;
}
