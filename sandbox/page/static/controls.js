// Brings drawn blocks to life: reads what is filled in as Slack's state has it, and
// tells the page what was pressed or chosen.
// What the attributes mean stands at the top of sandbox/blocks/draw.py.

import { choose, closeList, keyInList, leave, openList, unchip } from "/static/lists.js";
import { format, richOf } from "/static/rich.js";
import { clickedTable, filterRows } from "/static/tables.js";

const PRESSED = new Set(["button", "icon_button", "workflow_button", "feedback_buttons", "overflow"]);
const WRITTEN = new Set(["plain_text_input", "email_text_input", "url_text_input", "number_input"]);

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
  if (type === "rich_text_input" && root.dataset.edited) return { [field]: richOf(root.querySelector(".area")) };
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
  const asUtc = Date.parse(value + "Z");
  let moment = asUtc;
  for (let round = 0; round < 2; round++) moment = asUtc - offset(moment, root.dataset.zone);
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

/**
 * Listen to all controls below `root`. `page` has act(control, value), search(control,
 * text) → HTML of options, conversations(text, filter) → [{id, label}],
 * upload(control, files) → [file], go(channel).
 */
export function enliven(root, page) {
  root.addEventListener("click", (event) => clicked(event, page));
  root.addEventListener("change", (event) => changed(event, page));
  root.addEventListener("input", (event) => typed(event, page));
  root.addEventListener("keydown", (event) => pressed(event, page));
  root.addEventListener("focusin", (event) => {
    if (event.target.matches("input[role=combobox]") && !taking) openList(event.target, page);
  });
  root.addEventListener("mousedown", (event) => {
    // The box keeps the focus while an option is pressed.
    if (event.target.closest("[role=listbox]")) event.preventDefault();
  });
  root.addEventListener("focusout", (event) => left(event, page));
  document.addEventListener("click", (event) => closeAll(event.target));
}

function closeAll(except) {
  for (const popup of document.querySelectorAll(".blocks .popup:not([hidden])")) {
    const owner = popup.closest("[data-action-id]");
    if (owner && !owner.contains(except)) closeList(owner);
  }
}

function left(event, page) {
  const box = event.target;
  if (!box.matches("input[role=combobox]")) return;
  const root = box.closest("[data-action-id]");
  if (!root.contains(event.relatedTarget) && leave(box)) chosen(root, page);
}

function clicked(event, page) {
  const target = event.target;
  if (clickedTable(target)) return;
  const root = target.closest("[data-action-id]");
  const mention = target.closest("[data-channel]:not(.message)");
  if (mention && root?.dataset.type !== "rich_text_input") {
    event.preventDefault();
    page.go(mention.dataset.channel);
    return;
  }
  if (!root) return;
  const type = root.dataset.type;
  const option = target.closest("li[role=option]");
  const chip = target.closest("button.unchip");
  const file = target.closest("button.unfile");
  if (chip) {
    unchip(chip);
    chosen(root, page);
  } else if (option) take(option, page);
  else if (file) removeFile(file, root);
  else if (target.matches("input[role=combobox]")) openList(target, page);
  else if (type === "overflow") overflow(target, root, page);
  else if (type === "feedback_buttons") {
    const button = target.closest("button");
    if (button) tell(root, JSON.parse(button.dataset.value), page);
  } else if (type === "rich_text_input") format(target, root);
  else if (PRESSED.has(type)) tell(root, {}, page);
}

let taking = false;

function take(option, page) {
  const root = option.closest("[data-action-id]");
  taking = true;
  root.querySelector("[role=combobox]").focus({ preventScroll: true });
  taking = false;
  if (choose(option)) chosen(root, page);
}

function chosen(root, page) {
  if (dispatches(root, "change")) tell(root, valueOf(root), page);
}

function overflow(target, root, page) {
  const item = target.closest("[role=menuitem]");
  const popup = root.querySelector(".popup");
  const button = root.querySelector("button");
  if (!item) {
    popup.hidden = !popup.hidden;
    button.setAttribute("aria-expanded", String(!popup.hidden));
    if (!popup.hidden) popup.querySelector("[role=menuitem]")?.focus();
    return;
  }
  closeList(root);
  button.focus();
  if (item.dataset.url) window.open(item.dataset.url, "_blank", "noopener");
  tell(root, JSON.parse(item.dataset.value), page);
}

async function tell(root, value, page) {
  if (root.dataset.confirm && !(await confirmed(JSON.parse(root.dataset.confirm)))) return;
  page.act(root, value);
}

/** Ask first, as a confirm object says; resolves to whether the person agreed. */
export function confirmed(said) {
  const dialog = document.createElement("dialog");
  dialog.className = "confirm";
  dialog.setAttribute("aria-labelledby", "confirm-title");
  const style = said.style === "danger" ? "danger" : "primary";
  dialog.innerHTML =
    `<form method="dialog"><h2 id="confirm-title">${said.title ?? ""}</h2><div class="blocks">${said.text ?? ""}</div>` +
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
  if (!root || event.target.matches("[role=combobox]")) return;
  if (root.dataset.type === "file_input") return upload(event.target, root, page);
  if (WRITTEN.has(root.dataset.type)) return;
  chosen(root, page);
}

// Files of a form

const filesOf = (root) => JSON.parse(root.dataset.value || "{}").files ?? [];

async function upload(input, root, page) {
  const room = Number(root.dataset.most) - filesOf(root).length;
  const fresh = await page.upload(root, [...input.files].slice(0, Math.max(room, 0)));
  input.value = "";
  showFiles(root, [...filesOf(root), ...fresh]);
}

function removeFile(button, root) {
  const at = [...button.closest("ul").children].indexOf(button.closest("li"));
  showFiles(root, filesOf(root).filter((_, place) => place !== at));
  root.querySelector("input").focus();
}

function showFiles(root, files) {
  root.dataset.value = JSON.stringify({ files });
  root.querySelector(".filelist").replaceChildren(...files.map((file) => {
    const item = document.createElement("li");
    const off = document.createElement("button");
    off.type = "button";
    off.className = "unfile";
    off.setAttribute("aria-label", `${root.dataset.remove} ${file.name}`);
    off.textContent = "×";
    item.append(file.name, " ", off);
    return item;
  }));
}

// Typing

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
    if (!closeList(root)) return;
    event.stopPropagation();
    if (root.dataset.type === "overflow") root.querySelector("button").focus();
  } else if (target.matches("[role=combobox]")) inBox(event, target, page);
  else if (target.matches("[role=menuitem]")) inMenu(event, target);
  else if (event.key === "Enter" && !event.shiftKey && dispatches(root, "enter")) {
    event.preventDefault();
    page.act(root, valueOf(root));
  }
}

function inBox(event, box, page) {
  const root = box.closest("[data-action-id]");
  const last = root.querySelector(".chips")?.lastElementChild;
  if (event.key === "Backspace" && !box.value && last) {
    unchip(last.querySelector(".unchip"));
    chosen(root, page);
    return;
  }
  const option = keyInList(event, box, page);
  if (option) take(option, page);
}

/** Move in a menu by the arrow keys. */
export function inMenu(event, item) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...item.closest("[role=menu]").querySelectorAll("[role=menuitem]")];
  items[(items.indexOf(item) + step + items.length) % items.length].focus();
}
