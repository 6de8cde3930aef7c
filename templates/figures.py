"""Numbers as Babel writes them, many times faster for the usual ones.

What stands around the digits is learnt from Babel, once a currency and language.
"""

from collections.abc import Callable
from decimal import Decimal

Write = Callable[[Decimal], str]

_SAMPLE = 1_234_567
_MOST_DIGITS = 18


class Figures:
    """Writes numbers with a fixed count of decimals, in groups of three."""

    def __init__(self, write: Write, decimals: int) -> None:
        """Learn from `write`, which is still asked for what is out of the ordinary."""
        self._write, self._form = write, f",.{decimals}f"
        digits = format(_SAMPLE, self._form)
        told = write(Decimal(_SAMPLE)), write(Decimal(-_SAMPLE))
        self._around = [words.partition(digits) for words in told]
        self._usual = all(found for _, found, _ in self._around)

    def __call__(self, value: Decimal | float) -> str:
        """Return the number as `write` does."""
        if not isinstance(value, Decimal):
            value = Decimal(str(value))
        if not (self._usual and value.is_finite() and value.adjusted() < _MOST_DIGITS):
            return self._write(value)
        before, _, after = self._around[value.is_signed()]
        return f"{before}{format(value.copy_abs(), self._form)}{after}"
