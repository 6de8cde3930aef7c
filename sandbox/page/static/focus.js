// Keeps the keyboard where it is when a part of the page is drawn anew.

const REACHED = "a[href], button, input, select, textarea, summary, [tabindex], [contenteditable]";

/** Draw `root` anew by `change()`; what had the focus has it again. */
export function keepFocus(root, change) {
  const focused = root.contains(document.activeElement) ? document.activeElement : null;
  const caret = focused?.selectionStart;
  const id = focused?.id;
  const at = focused ? places(root).indexOf(focused) : -1;
  change();
  if (!focused) return;
  const again = (id && document.getElementById(id)) || (at >= 0 && places(root)[at]);
  if (!again) return;
  again.focus({ preventScroll: true });
  if (caret != null && again.setSelectionRange && /text|search|url|tel|password/.test(again.type)) {
    again.setSelectionRange(caret, caret);
  }
}

/** Put `fresh` where `known` stands, with the focus and what was folded open. */
export function swap(known, fresh) {
  const focused = known.contains(document.activeElement) ? document.activeElement : null;
  const at = focused ? [known, ...places(known)].indexOf(focused) : -1;
  const folds = [...known.querySelectorAll("details")].map((part) => part.open);
  const parts = [...fresh.querySelectorAll("details")];
  if (parts.length === folds.length) parts.forEach((part, place) => (part.open = folds[place]));
  fresh.tabIndex = known.tabIndex;
  known.replaceWith(fresh);
  if (at >= 0) ([fresh, ...places(fresh)][at] ?? fresh).focus({ preventScroll: true });
}

const places = (root) => [...root.querySelectorAll(REACHED)];
