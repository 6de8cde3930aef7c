// Selects: a box to type in, and below it the list of what fits.

let world = { people: [], channels: [] };
let words = (text) => text;

/** Tell the selects who and what there is to choose from, and how we speak. */
export function know(people, channels, speak) {
  world = { people, channels };
  words = speak;
}

const rootOf = (node) => node.closest("[data-action-id]");
const boxOf = (root) => root.querySelector("[role=combobox]");
const listOf = (root) => root.querySelector("[role=listbox]");
const optionsOf = (list) => [...list.querySelectorAll("li[role=option]:not([hidden])")];
const typedIn = (box) => (box.value === (box.dataset.shown ?? "") ? "" : box.value);

/** Open the list of what fits the text in the box. */
export async function openList(box, page) {
  const root = rootOf(box);
  const list = listOf(root);
  const text = typedIn(box);
  if (root.dataset.source === "external") {
    if (!(await askApp(root, list, text, page))) return;
  } else if (root.dataset.source === "static") filterOptions(list, text);
  else if (root.dataset.source === "conversations") fill(list, await page.conversations(text, root.dataset.filter));
  else fill(list, named(root.dataset.source, text));
  if (document.activeElement !== box) return;
  optionsOf(list).forEach((option, at) => (option.id ||= `${list.id}-${at}`));
  mark(box, null);
  list.hidden = false;
  box.setAttribute("aria-expanded", "true");
}

const asked = new WeakMap();

/** Fill the list with what the app offers; false where the answer came too late. */
async function askApp(root, list, text, page) {
  const least = Number(root.dataset.least);
  if (text.length < least) {
    list.replaceChildren(note(words("Type to search")));
    return true;
  }
  const turn = (asked.get(root) ?? 0) + 1;
  asked.set(root, turn);
  await new Promise((resolve) => setTimeout(resolve, 150));
  if (asked.get(root) !== turn) return false;
  const html = await page.search(root, text);
  if (asked.get(root) !== turn) return false;
  list.innerHTML = html;
  if (!list.querySelector("li")) list.append(note(words("No options")));
  return true;
}

function note(text) {
  const item = document.createElement("li");
  item.className = "muted";
  item.textContent = text;
  return item;
}

function filterOptions(list, text) {
  const wanted = text.toLowerCase();
  for (const option of list.querySelectorAll("li[role=option]")) {
    option.hidden = !option.textContent.toLowerCase().includes(wanted);
  }
  for (const group of list.querySelectorAll("li.group")) group.hidden = !group.querySelector("li[role=option]:not([hidden])");
}

function named(source, text) {
  const wanted = text.toLowerCase();
  const all = source === "users"
    ? world.people.map((p) => ({ id: p.id, label: p.shown }))
    : world.channels.filter((c) => !c.private).map((c) => ({ id: c.id, label: "# " + c.name }));
  return all.filter((one) => one.label.toLowerCase().includes(wanted)).slice(0, 50);
}

function fill(list, all) {
  list.replaceChildren(...all.map((one) => {
    const option = document.createElement("li");
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.one = JSON.stringify(one.id);
    option.textContent = one.label;
    return option;
  }));
  if (!all.length) list.append(note(words("No options")));
}

/** Close the list of a select, if it is open; return whether it was. */
export function closeList(root) {
  const popup = root.querySelector(".popup");
  if (!popup || popup.hidden) return false;
  popup.hidden = true;
  const owner = root.querySelector("[aria-expanded]");
  owner?.setAttribute("aria-expanded", "false");
  owner?.removeAttribute("aria-activedescendant");
  return true;
}

function mark(box, option) {
  for (const old of listOf(rootOf(box)).querySelectorAll(".active")) old.classList.remove("active");
  if (!option) return box.removeAttribute("aria-activedescendant");
  option.classList.add("active");
  option.scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-activedescendant", option.id);
}

/** Act on a key in a select's box; return the option that was chosen, if one was. */
export function keyInList(event, box, page) {
  const list = listOf(rootOf(box));
  const options = optionsOf(list);
  const at = options.findIndex((option) => option.classList.contains("active"));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (list.hidden) openList(box, page);
    else if (options.length) mark(box, options[(at + (event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1) + options.length) % options.length]);
  } else if (event.key === "Enter" && !list.hidden) {
    event.preventDefault();
    return options[Math.max(at, 0)];
  }
  return undefined;
}

/** Choose an option; return whether that changed anything. */
export function choose(option) {
  const root = rootOf(option);
  const { field } = root.dataset;
  const one = JSON.parse(option.dataset.one);
  const box = boxOf(root);
  closeList(root);
  if (!root.classList.contains("many")) {
    for (const other of listOf(root).querySelectorAll("[role=option]")) other.setAttribute("aria-selected", String(other === option));
    root.dataset.value = JSON.stringify({ [field]: one });
    box.value = labelOf(option);
    box.dataset.shown = box.value;
    return true;
  }
  box.value = "";
  const chosen = JSON.parse(root.dataset.value || "{}")[field] ?? [];
  const same = JSON.stringify(one);
  const full = root.dataset.most && chosen.length >= Number(root.dataset.most);
  if (full || chosen.some((c) => JSON.stringify(c) === same)) return false;
  option.setAttribute("aria-selected", "true");
  root.dataset.value = JSON.stringify({ [field]: [...chosen, one] });
  root.querySelector(".chips").append(chip(one, labelOf(option)));
  return true;
}

/** Return an option's text, without its description. */
function labelOf(option) {
  return [...option.childNodes].filter((n) => n.nodeName !== "SMALL").map((n) => n.textContent).join("").trim();
}

function chip(one, label) {
  const made = document.createElement("span");
  made.className = "chip";
  made.dataset.one = JSON.stringify(one);
  const off = document.createElement("button");
  off.type = "button";
  off.className = "unchip";
  off.setAttribute("aria-label", `${words("Remove")} ${label}`);
  off.textContent = "×";
  made.append(label, off);
  return made;
}

/** Take back one of several that were chosen. */
export function unchip(button) {
  const gone = button.closest(".chip");
  const root = rootOf(gone);
  const { field } = root.dataset;
  const chosen = JSON.parse(root.dataset.value || "{}")[field] ?? [];
  chosen.splice([...gone.parentElement.children].indexOf(gone), 1);
  root.dataset.value = JSON.stringify({ [field]: chosen });
  for (const option of listOf(root).querySelectorAll("[role=option]")) {
    if (option.dataset.one === gone.dataset.one) option.setAttribute("aria-selected", "false");
  }
  gone.remove();
  boxOf(root).focus();
}

/**
 * Put right what was typed but not chosen, when the box is left. An emptied box of a
 * form takes the choice away: then true is returned.
 */
export function leave(box) {
  const root = rootOf(box);
  closeList(root);
  if (root.classList.contains("many")) {
    box.value = "";
    return false;
  }
  const shown = box.dataset.shown ?? "";
  if (box.value === "" && shown && root.closest("[data-input]")) {
    root.dataset.value = JSON.stringify({ [root.dataset.field]: null });
    box.dataset.shown = "";
    return true;
  }
  box.value = shown;
  return false;
}
