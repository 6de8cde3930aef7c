"""What a sweep hands on: which signals began, grew or are over, and of whom."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from storage.tables import Signal


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom signals are about, as routing and cards need to know it."""

    key: str
    """`customer:<id>`, `industry:<name>`, `region:<name>`, `group:<id>`, `feed:<name>`,
    `portfolio`."""
    customer_id: int | None
    number: str
    """The customer's number; empty where it is not about one."""
    name: str
    """The customer's name, or the industry's, the region's, …."""
    owner: str | None = None
    region: str | None = None
    risk_class: str | None = None
    exposure: Decimal | None = None
    """In base currency; None where nothing is known."""
    overdue: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """What happened to one signal, which is stored and has its id."""

    kind: Literal["began", "stronger", "over"]
    signal: Signal
    interrupts: bool = True
    """Whether its rule may open a card; else only the digest tells of it."""
