"""What has to be asked of a file before it can be read."""

from dataclasses import dataclass

from risk.errors import N_, UserError


@dataclass(eq=False)
class AmbiguousDates(UserError):
    """A column of dates that may be read two ways, and nothing in the file tells."""

    column: str
    value: str
    day_first: str
    month_first: str
    message = N_(
        "The dates in “%(column)s” can be read two ways: %(value)s is %(day_first)s "
        "or %(month_first)s. Say which with --map “%(column)s=:dmy” (day first) or "
        "--map “%(column)s=:mdy” (month first)."
    )


@dataclass(eq=False)
class AmbiguousAmounts(UserError):
    """A column of amounts whose dots may be thousands or decimals."""

    column: str
    value: str
    message = N_(
        "The amounts in “%(column)s” can be read two ways: the dot in %(value)s may "
        "stand for thousands or for decimals. Say which with --map "
        "“%(column)s=:comma” (a comma marks decimals) or --map “%(column)s=:dot”."
    )


@dataclass(eq=False)
class NoDueDates(UserError):
    """A sheet of invoices with neither due dates nor terms."""

    column: str
    message = N_(
        "No column says when these invoices are due, nor on which terms. Say how many "
        "days after “%(column)s” with --map “*=net30” (30 days)."
    )
