// Modals: a stack per person; only the one on top is there.

import { stateOf } from "/static/controls.js";
import { keepFocus } from "/static/focus.js";

const FIRST = "[data-focus] input, [data-focus] textarea, .content input, .content textarea, .content select, .content button, footer button";
let before = null;

/** Show the topmost of `views`; `behind` are the parts that rest meanwhile. */
export function showStack(box, views, behind) {
  const top = views.at(-1);
  const shown = box.querySelector(".modal");
  const same = shown?.dataset.view === top?.id;
  const scrolled = same ? shown?.querySelector(".content").scrollTop : 0;
  if (!shown && top) before = document.activeElement;
  keepFocus(box, () => (box.innerHTML = top ? top.html : ""));
  for (const part of behind) part.inert = Boolean(top);
  if (!top) return shown && before?.focus?.();
  if (scrolled) box.querySelector(".content").scrollTop = scrolled;
  if (!same || !box.contains(document.activeElement)) box.querySelector(FIRST)?.focus();
}

/** Let the modals in `box` be submitted and closed by `tryTo(what, about)`. */
export function enlivenModals(box, tryTo) {
  box.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target.closest(".modal");
    const button = form.querySelector("footer [type=submit]");
    if (!button || button.disabled) return;
    button.disabled = true;
    const answer = await tryTo("submit", { view: form.dataset.view, values: stateOf(form) });
    button.disabled = false;
    if (form.isConnected) showErrors(form, answer.errors ?? {});
  });
  box.addEventListener("click", (event) => {
    const form = event.target.closest(".modal");
    if (!form) return;
    if (event.target.closest(".dismiss")) tryTo("close", { view: form.dataset.view, clear: true });
    if (event.target.closest("footer .close")) tryTo("close", { view: form.dataset.view });
  });
}

function showErrors(form, errors) {
  for (const input of form.querySelectorAll("[data-input]")) {
    const wrong = errors[input.dataset.input];
    const error = input.querySelector(".error");
    input.classList.toggle("wrong", Boolean(wrong));
    error.hidden = !wrong;
    error.textContent = wrong ?? "";
    for (const control of input.querySelectorAll("input, textarea, .area, fieldset")) {
      if (wrong) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
  }
  const first = form.querySelector("[aria-invalid]");
  (first?.matches("fieldset") ? first.querySelector("input") : first)?.focus();
}
