"""Tells a running balance from what is open of each invoice."""

from collections.abc import Sequence
from dataclasses import replace

from connectors.files.forms import Forms
from connectors.files.headings import Layout

_SELDOM = 0.1


def without_running_balance(
    layout: Layout, forms: Forms, rows: Sequence[list[str]]
) -> Layout:
    """Return the layout without open amounts that are none, but a running balance.

    More cannot be open of an invoice than it was for.
    """
    whole = "amount" if "amount" in layout.columns else "debit"
    if not {"open_amount", whole} <= layout.columns.keys():
        return layout
    readers = forms.readers(layout)
    pairs = [
        [
            readers[name](_cell(row, layout.columns[name]))
            for name in (whole, "open_amount")
        ]
        for row in rows
    ]
    known = [(a, b) for a, b in pairs if isinstance(a, int) and isinstance(b, int)]
    beyond = sum(abs(left) > abs(amount) for amount, left in known)
    if beyond <= _SELDOM * len(known):
        return layout
    columns = {k: at for k, at in layout.columns.items() if k != "open_amount"}
    return replace(layout, columns=columns)


def _cell(row: Sequence[str], at: int) -> str:
    return row[at].strip() if at < len(row) else ""
