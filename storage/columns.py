"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer
from sqlalchemy.types import TypeDecorator

MONEY_SCALE = 10_000
"""Amounts are kept in ten-thousandths: exact, summed by the database, any currency."""

LARGEST_AMOUNT = Decimal(10) ** 14
"""What a single amount may be; sums of ten thousand such still fit 64 bits."""

BigKey = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit key: SQLite numbers rows by itself only where the type is INTEGER."""


class Money(TypeDecorator[Decimal]):
    """An amount as exact `Decimal`, stored as a whole number of ten-thousandths."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, _: Dialect) -> int | None:
        """Return `value` as the database keeps it."""
        return None if value is None else to_units(value)

    def process_result_value(self, value: Any, _: Dialect) -> Decimal | None:
        """Return what the database kept as `Decimal`."""
        return None if value is None else from_units(value)


class Instant(TypeDecorator[datetime]):
    """A moment: aware and UTC in Python, whatever the engine keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        """Return `value` in UTC; a naive one is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs its time zone: {value}")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, _: Dialect) -> datetime | None:
        """Return what the database kept, as aware UTC."""
        if value is None:
            return None
        moment: datetime = value
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)


def to_units(amount: Decimal) -> int:
    """Return `amount` in ten-thousandths, rounded half up."""
    return int((amount * MONEY_SCALE).to_integral_value(ROUND_HALF_UP))


def from_units(units: int) -> Decimal:
    """Return the amount that `units` ten-thousandths are."""
    return Decimal(int(units)) / MONEY_SCALE
