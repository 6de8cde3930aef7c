"""Turns the values of a row into staged rows, or says what is wrong with it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from connectors.files.accounts import impossible
from connectors.files.sums import fill_in_sides, stated_paid
from connectors.files.values import Wrong, read_days
from risk.errors import N_
from storage.staging import Row, columns
from storage.trade_references import PREFIX, amount_of

MISSING = N_("This is missing.")
FUTURE = N_("This date is in the future.")
DUE_FIRST = N_("Due more than a year before it was issued, on %(issued)s.")
PAID_FIRST = N_("Paid more than a year before it was issued, on %(issued)s.")
CANCELLED = N_("Cancelled or a draft: nothing is owed for it.")
TOO_LONG = N_("This is longer than any name or number is.")

NO_AMOUNT = N_("A trade reference is an amount above 0, such as EUR 40000.")

_REFERENCES = frozenset({"trade reference", "high credit", "reference", "同业参考"})
"""What the scale of a rating is called that tells what other suppliers allow."""

_LONGEST = 300
_SEEN = 50_000
_EARLY = 366
"""Days by which a due date or a payment may come before its invoice.

Terms run from a baseline date, and customers pay ahead: a few days are no mistake.
"""

Staged = tuple[str, Row]


class Refused(Exception):
    """A row that cannot be taken; `name` is the field that is wrong."""

    def __init__(self, name: str, wrong: Wrong, value: str | None = None) -> None:
        """Say which field is wrong and why; `value` if it is not the cell's own."""
        super().__init__(name)
        self.name, self.wrong, self.value = name, wrong, value


@dataclass
class Shaper:
    """Shapes the rows of one sheet."""

    kind: str
    today: str
    """As dates are staged: ISO."""
    currency: str
    by: str
    by_name: bool
    """Customers are known by their names only."""
    terms_days: int | None = None
    """Days to pay where a row tells neither a due date nor terms."""
    seen: set[tuple[str, str | None]] = field(default_factory=set)

    @property
    def shape(self) -> Callable[[int, dict[str, Any]], Iterator[Staged]]:
        """Return what shapes a row of this sheet's kind."""
        special = {
            "customers": self._customer,
            "invoices": self._invoice,
            "payments": self._payment,
            "relations": self._relation,
            "rates": self._plain,
        }
        return special.get(self.kind, self._fact)

    def forget(self, row: dict[str, Any]) -> None:
        """Name the customer of a refused row again when another row needs it."""
        self.seen.discard((row.get("customer"), row.get("customer_name")))

    def _who(self, place: int, row: dict[str, Any]) -> Iterator[Staged]:
        """Name the customer, once; fill in a number where there are only names."""
        if row.get("customer") is None:
            row["customer"] = row.get("customer_name")
        number, name = row["customer"], row.get("customer_name")
        if number is None:
            raise Refused("customer", Wrong(MISSING))
        if len(number) > _LONGEST or len(name or "") > _LONGEST:
            raise Refused("customer", Wrong(TOO_LONG))
        if (number, name) not in self.seen:
            if len(self.seen) >= _SEEN:
                self.seen.clear()
            self.seen.add((number, name))
            yield "mentions", (place, number, name, self.by_name)

    def _customer(self, place: int, row: dict[str, Any]) -> Iterator[Staged]:
        yield from self._who(place, row)
        row["name"] = row.get("customer_name")
        yield "customers", _row("customers", place, row)
        if row.get("credit_limit") is not None:
            limit = {"amount": row["credit_limit"], "customer": row["customer"]}
            limit |= {"currency": row.get("currency") or self.currency}
            yield "limits", _row("limits", place, limit | {"set_by": self.by})

    def _invoice(self, place: int, row: dict[str, Any]) -> Iterator[Staged]:
        get = row.get
        if get("number") is None:
            raise Refused("number", Wrong(MISSING))
        if get("status") == "void":
            raise Refused("status", Wrong(CANCELLED))
        fill_in_sides(row)
        amount = get("amount")
        stated = stated_paid(row)
        if amount is None:
            amount = get("open_amount")
        if amount is None:
            raise Refused("amount", Wrong(MISSING))
        yield from self._who(place, row)
        currency = get("currency") or self.currency
        if get("kind") == "payment":
            yield self._ledger_payment(place, row, abs(amount), currency)
            return
        credit = get("kind") == "credit_note" or amount < 0
        if credit and amount > 0:
            amount, stated = -amount, stated and -stated
        issued, due = self._dates(row, credit=credit)
        kind = "credit_note" if credit else "invoice"
        yield (
            "invoices",
            (
                place,
                row["customer"],
                row["number"],
                kind,
                currency,
                amount,
                issued,
                due,
                get("terms"),
                get("disputed"),
                stated,
                self._paid_on(row, issued),
            ),
        )

    def _dates(self, row: dict[str, Any], *, credit: bool) -> tuple[str, str]:
        """Return when it was issued and is due; one may follow from the terms."""
        issued, due = row.get("issued_on"), row.get("due_on")
        days = None
        if issued is None or due is None:
            days = read_days(row.get("terms") or "")
            days = self.terms_days if days is None else days
        if issued is None and due is not None:
            issued = _shifted(due, -(days or 0))
        if due is None and issued is not None and (days is not None or credit):
            due = _shifted(issued, days or 0)
        if issued is None or due is None:
            raise Refused("due_on" if issued else "issued_on", Wrong(MISSING))
        if issued > self.today:
            raise Refused("issued_on", Wrong(FUTURE))
        if credit:
            return issued, max(issued, due)
        if due < issued and due < _shifted(issued, -_EARLY):
            raise Refused("due_on", Wrong(DUE_FIRST, {"issued": issued}))
        return issued, due

    def _paid_on(self, row: dict[str, Any], issued: str) -> str | None:
        paid_on: str | None = row.get("paid_on")
        if paid_on is not None and paid_on > self.today:
            raise Refused("paid_on", Wrong(FUTURE))
        early = paid_on is not None and paid_on < issued
        if early and paid_on and paid_on < _shifted(issued, -_EARLY):
            raise Refused("paid_on", Wrong(PAID_FIRST, {"issued": issued}))
        return paid_on

    def _ledger_payment(
        self, place: int, row: dict[str, Any], amount: int, currency: str
    ) -> Staged:
        """Return a payment that stands among invoices in a ledger: one on account."""
        paid_on = row.get("issued_on") or row.get("paid_on") or row.get("due_on")
        if paid_on is None:
            raise Refused("issued_on", Wrong(MISSING))
        if paid_on > self.today:
            raise Refused("issued_on", Wrong(FUTURE))
        customer, number = row["customer"], row["number"]
        said = (customer, None, number, "payment", currency, amount, paid_on)
        return "payments", (place, *said)

    def _payment(self, place: int, row: dict[str, Any]) -> Iterator[Staged]:
        for name in ("amount", "paid_on"):
            if row.get(name) is None:
                raise Refused(name, Wrong(MISSING))
        if row["paid_on"] > self.today:
            raise Refused("paid_on", Wrong(FUTURE))
        nobody = row.get("customer") is None and row.get("customer_name") is None
        if nobody and row.get("invoice") is None:
            raise Refused("customer", Wrong(MISSING))
        if not nobody:
            yield from self._who(place, row)
        yield "payments", _row("payments", place, row)

    def _relation(self, place: int, row: dict[str, Any]) -> Iterator[Staged]:
        for name in ("customer", "other", "kind"):
            if row.get(name) is None:
                raise Refused(name, Wrong(MISSING))
        yield from self._who(place, {"customer": row["other"]})
        yield from self._who(place + 50_000_000, {"customer": row["customer"]})
        yield "relations", _row("relations", place, row)

    def _plain(self, place: int, row: dict[str, Any]) -> Iterator[Staged]:
        for name in ("currency", "valid_from", "rate"):
            if row.get(name) is None:
                raise Refused(name, Wrong(MISSING))
        yield self.kind, _row(self.kind, place, row)

    def _fact(self, place: int, row: dict[str, Any]) -> Iterator[Staged]:
        """Stage a row of any other kind, with what it leaves open filled in."""
        for name in _ALWAYS[self.kind]:
            if row.get(name) is None:
                raise Refused(name, Wrong(MISSING))
        for name in _PAST:
            if (row.get(name) or "") > self.today:
                raise Refused(name, Wrong(FUTURE))
        wrong = impossible(row) if self.kind == "statements" else None
        if wrong:
            raise Refused(wrong[0], Wrong(wrong[1]))
        yield from self._who(place, row)
        self._fill_in(row)
        yield self.kind, _row(self.kind, place, row)

    def _fill_in(self, row: dict[str, Any]) -> None:
        """Give a row what it leaves open, and what its kind goes without saying."""
        row["set_by"] = row["author"] = self.by
        row["promised_on"] = row.get("promised_on") or self.today
        if self.kind != "events" or row.get("amount") is not None:
            row["currency"] = row.get("currency") or self.currency
        row["agency"] = row.get("agency") or row.get("scale") or "unnamed"
        row["scale"] = row.get("scale") or row["agency"]
        if self.kind == "ratings" and _plainly(row["scale"]) in _REFERENCES:
            if amount_of(row["value"]) is None:
                raise Refused("value", Wrong(NO_AMOUNT))
            row["scale"] = f"{PREFIX}:{row['agency']}"
        row["reference"] = row.get("reference") or row.get("kind") or row.get("due_on")
        if self.kind == "clauses":
            row["kind"] = row.get("kind") or "clause"


_ALWAYS = {
    "statements": ("period_end",),
    "ratings": ("value", "rated_on"),
    "limits": ("amount",),
    "covers": ("kind", "amount"),
    "orders": ("number", "amount", "ordered_on"),
    "events": ("kind", "happened_on"),
    "promises": ("amount", "due_on"),
    "clauses": ("reference", "ends_on"),
}
_PAST = ("period_end", "rated_on", "ordered_on", "happened_on", "promised_on")
"""Days that lie in the past, or are a slip."""


def _plainly(scale: str) -> str:
    return " ".join(scale.casefold().replace("_", " ").split())


def _row(kind: str, place: int, row: dict[str, Any]) -> Row:
    names: Sequence[str] = columns(kind)[1:]
    return (place, *(row.get(name) for name in names))


def _shifted(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days)).isoformat()
