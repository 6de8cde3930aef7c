"""Decides from whole columns how dates and amounts are written; asks if it must."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from connectors.files.amounts import (
    DecimalMark,
    amount_reader,
    decimal_mark,
    is_group_like,
    unit_of,
)
from connectors.files.asks import AmbiguousAmounts, AmbiguousDates, NoDueDates
from connectors.files.dates import Evidence, Order, date_reader, order_by_terms, parse
from connectors.files.headings import Layout
from connectors.files.meanings import currency_in
from connectors.files.text import Chunk
from connectors.files.values import (
    read_country,
    read_currency,
    read_days,
    read_flag,
    read_id,
    read_rate,
    read_share,
    read_text,
    sign_in,
)
from connectors.files.words import READERS
from storage.staging import ITEMS
from workflows.importing import Reading

IDS = frozenset(
    {"customer", "number", "invoice", "reference", "payment_reference", "other"}
)
DATES = (
    "issued_on",
    "ordered_on",
    "due_on",
    "deliver_on",
    "paid_on",
    "valid_from",
    "valid_until",
    "period_end",
    "rated_on",
    "happened_on",
    "promised_on",
    "ends_on",
)
AMOUNTS = frozenset(
    {"amount", "open_amount", "paid_amount", "debit", "credit", "credit_limit", *ITEMS}
)
_OTHERS: Mapping[str, Callable[[str], object]] = {
    "disputed": read_flag,
    "hold": read_flag,
    "audited": read_flag,
    "currency": read_currency,
    "share": read_share,
    "haircut": read_share,
    "rate": read_rate,
    "terms_days": read_days,
    "period_days": read_days,
    "country": read_country,
}
_SAMPLE = 4_000


@dataclass
class Forms:
    """How the columns of a sheet are written."""

    orders: dict[str, Order] = field(default_factory=dict)
    marks: dict[str, DecimalMark] = field(default_factory=dict)
    currency: str | None = None
    """The currency of all amounts, where headings or signs tell."""
    signed: str | None = None
    """The column whose signs tell each row's currency, where they differ."""
    home: str = ""
    terms_days: int | None = None
    """Days to pay, as the person says of a file that tells no due dates."""

    def note(self, name: str) -> str:
        """Return how a column was read, where that could have been otherwise."""
        if name in self.orders:
            return f":{self.orders[name]}"
        if self.marks.get(name) == ",":
            return ":comma"
        return ""

    def readers(self, layout: Layout) -> dict[str, Callable[[str], object]]:
        """Return what reads each column of the sheet."""
        return {name: self._reader(layout, name) for name in self.columns(layout)}

    def columns(self, layout: Layout) -> dict[str, int]:
        """Return the column that each field is read from."""
        extra = {"currency": layout.columns[self.signed]} if self.signed else {}
        return dict(layout.columns) | extra

    def _reader(self, layout: Layout, name: str) -> Callable[[str], object]:
        kind = layout.kind
        if (kind, name) in READERS:
            return READERS[kind, name]
        if name in IDS:
            return read_id
        if name in DATES:
            return date_reader(self.orders.get(name))
        if name in AMOUNTS:
            unit = unit_of(layout.heading(name))
            return amount_reader(self.marks.get(name, "."), unit)
        if name == "currency" and self.signed:
            return lambda text: sign_in(text, self.home)
        return _OTHERS.get(name, read_text)


def decide_forms(
    layout: Layout,
    chunks: Callable[[], Iterator[Chunk]],
    head: int,
    reading: Reading,
) -> tuple[Forms, int]:
    """Return how the columns are written, and about how many rows there are.

    Raises:
        UserError: a column can be read two ways and nothing in the file tells.

    """
    dates = {n: Evidence() for n in DATES if n in layout.columns}
    amounts: dict[str, dict[str, None]] = {
        n: {} for n in layout.columns if n in AMOUNTS
    }
    rows: list[tuple[str | None, ...]] = []
    length = 0
    for lines, cells in chunks():
        length += len(cells)
        body = [row for line, row in zip(lines, cells, strict=True) if line > head]
        _look(layout, body, dates, amounts, rows)
    forms = Forms(home=reading.currency, terms_days=_terms_days(layout))
    _decide_currency(layout, amounts, forms)
    _decide_orders(layout, dates, rows, reading, forms)
    _decide_marks(layout, amounts, forms)
    return forms, length


def _terms_days(layout: Layout) -> int | None:
    """Return the days to pay that the person says; None where the file tells them.

    Raises:
        NoDueDates: neither does.

    """
    words = layout.forms.get("*", "").split()
    said = [int(word[3:]) for word in words if word.startswith("net")]
    if said:
        return said[-1]
    if layout.kind == "invoices" and not {"due_on", "terms"} & layout.columns.keys():
        raise NoDueDates(layout.heading("issued_on"))
    return None


def _look(
    layout: Layout,
    body: list[list[str]],
    dates: Mapping[str, Evidence],
    amounts: Mapping[str, dict[str, None]],
    rows: list[tuple[str | None, ...]],
) -> None:
    """Take the rows of one chunk into account."""
    if not body:
        return
    for name, evidence in dates.items():
        if evidence.day_first or evidence.month_first:
            continue
        at = layout.columns[name]
        evidence.see_all({row[at] for row in body if at < len(row)})
    for name, seen in amounts.items():
        if len(seen) < _SAMPLE:
            for row in body:
                seen.setdefault(_cell(row, layout.columns[name]))
    if len(rows) < _SAMPLE:
        ordered = [layout.columns[name] for name in dates]
        rows += [
            tuple(_cell(row, at) or None for at in ordered)
            for row in body[: _SAMPLE // 4]
        ]


def _cell(row: list[str], at: int) -> str:
    return row[at].strip() if at < len(row) else ""


def _decide_orders(
    layout: Layout,
    dates: Mapping[str, Evidence],
    rows: list[tuple[str | None, ...]],
    reading: Reading,
    forms: Forms,
) -> None:
    """Give each ambiguous date column the order that it, or the others, prove."""
    proven = {e.order for e in dates.values() if e.order}
    for name, evidence in dates.items():
        said = _said(layout, name, ("dmy", "mdy"))
        if said:
            forms.orders[name] = "dmy" if said == "dmy" else "mdy"
        elif evidence.order:
            forms.orders[name] = evidence.order
        elif evidence.open:
            order = proven.copy().pop() if len(proven) == 1 else None
            order = order or order_by_terms(rows, reading.today)
            if order is None:
                raise _ambiguous(layout.heading(name), evidence.example)
            forms.orders[name] = order


def _ambiguous(heading: str, example: str) -> AmbiguousDates:
    first, second = parse(example, "dmy"), parse(example, "mdy")
    return AmbiguousDates(heading, example, str(first), str(second))


def _decide_marks(
    layout: Layout, amounts: Mapping[str, Mapping[str, None]], forms: Forms
) -> None:
    found = {name: decimal_mark(list(cells)) for name, cells in amounts.items()}
    proven = {mark for mark in found.values() if mark}
    for name, cells in amounts.items():
        said = _said(layout, name, ("dot", "comma"))
        mark = found[name] or (proven.copy().pop() if len(proven) == 1 else None)
        if said:
            mark = "," if said == "comma" else "."
        doubtful = next((cell for cell in cells if is_group_like(cell)), None)
        if mark is None and doubtful:
            raise AmbiguousAmounts(layout.heading(name), doubtful)
        forms.marks[name] = mark or "."


def _said(layout: Layout, name: str, words: tuple[str, ...]) -> str | None:
    """Return what the person said of the form of a column, or of all of them."""
    own = layout.forms.get(layout.heading(name).lower(), "")
    told = [*own.split(), *layout.forms.get("*", "").split()]
    return next((word for word in told if word in words), None)


def _decide_currency(
    layout: Layout, amounts: Mapping[str, Mapping[str, None]], forms: Forms
) -> None:
    """Find the currency that headings, or the signs of amounts, name."""
    if "currency" in layout.columns:
        return
    named = {currency_in(layout.heading(name)) for name in amounts} - {None}
    if len(named) == 1:
        forms.currency = named.pop()
        return
    signs = {
        name: {sign_in(cell, forms.home) for cell in cells if cell} - {None}
        for name, cells in amounts.items()
    }
    named = set().union(*signs.values())
    if len(named) == 1:
        forms.currency = named.pop()
    elif named:
        forms.signed = max(signs, key=lambda name: len(signs[name]))
