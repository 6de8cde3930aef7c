// Data tables: sorting, filtering, pages.

/** Act on a click on a table's heads or pages; return whether it was one. */
export function clickedTable(target) {
  const sort = target.closest("button.sort");
  const turn = target.closest(".pages button[data-page]");
  if (sort) sortBy(sort.closest("th"));
  else if (turn) turnPage(turn.closest(".data-table"), turn.dataset.page);
  return Boolean(sort || turn);
}

/** Show only the rows that have what is typed into a table's filter. */
export function filterRows(input) {
  const holder = input.closest(".data-table");
  const wanted = input.value.toLowerCase();
  for (const row of holder.querySelectorAll("tbody tr")) {
    row.toggleAttribute("data-left-out", !row.textContent.toLowerCase().includes(wanted));
  }
  show(holder, 0);
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
    const order = compared(key(a), key(b));
    return up ? order : -order;
  });
  body.append(...rows);
  show(holder, 0);
}

function compared(x, y) {
  const [m, n] = [Number(x), Number(y)];
  const figures = x !== "" && y !== "" && !Number.isNaN(m) && !Number.isNaN(n);
  return figures ? m - n : x.localeCompare(y);
}

function turnPage(holder, way) {
  const size = Number(holder.dataset.size);
  show(holder, Number(holder.dataset.first ?? 0) + (way === "next" ? size : -size));
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
