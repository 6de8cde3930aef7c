// Menus that float above the page: what can be done with a message, emoji to pick.

import { inMenu } from "/static/controls.js";

/** Open a menu of `[{label, act}]` at a button; the focus returns there. */
export function menu(anchor, items) {
  const list = floating(anchor);
  list.setAttribute("role", "menu");
  list.setAttribute("aria-label", anchor.getAttribute("aria-label") ?? anchor.textContent);
  for (const { label, act } of items) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("role", "menuitem");
    button.textContent = label;
    button.disabled = !act;
    button.onclick = () => {
      shut();
      act();
    };
    list.append(button);
  }
  list.addEventListener("keydown", (event) => event.target.matches("[role=menuitem]") && inMenu(event, event.target));
  float(list, anchor);
  list.querySelector("button")?.focus();
}

/** Close what floats, if anything does, and go back to where it came from. */
export function shut() {
  const list = document.querySelector(".floating");
  if (!list) return false;
  const back = list.contains(document.activeElement) ? list.opener : null;
  list.opener.setAttribute("aria-expanded", "false");
  list.remove();
  back?.focus();
  return true;
}

/** Let a person pick an emoji; `search(text)` gives `[[name, sign]]`. */
export async function pickEmoji(anchor, label, search, picked) {
  const box = floating(anchor);
  box.classList.add("emoji");
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", label);
  const input = document.createElement("input");
  input.type = "search";
  input.setAttribute("aria-label", label);
  const list = document.createElement("div");
  box.append(input, list);
  const show = async () => list.replaceChildren(...(await search(input.value)).map(([name, sign]) => {
    const one = document.createElement("button");
    one.type = "button";
    one.title = `:${name}:`;
    one.setAttribute("aria-label", name.replaceAll("_", " "));
    one.textContent = sign;
    one.onclick = () => {
      shut();
      picked(name);
    };
    return one;
  }));
  input.oninput = show;
  input.onkeydown = (event) => {
    if (event.key === "Enter") list.querySelector("button")?.click();
  };
  await show();
  float(box, anchor);
  input.focus();
}

function floating(anchor) {
  shut();
  const box = document.createElement("div");
  box.className = "floating";
  box.opener = anchor;
  anchor.setAttribute("aria-expanded", "true");
  document.body.append(box);
  return box;
}

function float(list, anchor) {
  const box = anchor.getBoundingClientRect();
  const { innerWidth: wide, innerHeight: high } = window;
  list.style.left = Math.max(8, Math.min(box.left, wide - list.offsetWidth - 8)) + "px";
  const below = box.bottom + 4;
  list.style.top = (below + list.offsetHeight > high ? Math.max(8, box.top - list.offsetHeight - 4) : below) + "px";
}

document.addEventListener("pointerdown", (event) => {
  const list = document.querySelector(".floating");
  if (list && !list.contains(event.target) && !list.opener.contains(event.target)) shut();
});
