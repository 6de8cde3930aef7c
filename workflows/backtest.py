"""Replays history month by month, as known then, and holds scores to what came."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
from sqlmodel import Session

from risk.backtest import (
    LEAST_CUSTOMERS,
    LEAST_EVENTS,
    LEAST_QUIET,
    Question,
    Report,
    Sample,
    TooFewEvents,
    joined,
    report,
    simple_rules,
    went_bad,
)
from risk.errors import N_, UserError
from risk.facts import facts_of
from risk.financials import GENERAL, MODELS, z_position
from storage.as_of import Asked, View, Who
from storage.digests import rates
from storage.evidence import gather, id_span
from storage.outcomes import currencies, fates, last_day
from storage.scores import CHUNK
from workflows.services import Services

YEAR = 12
MOST_DAYS = 3650
"""A longer horizon is taken for a slip."""

Tell = Callable[[float], None]
"""Is told the share of the work that is done, 0–1."""


@dataclass(eq=False)
class NoHistory(UserError):
    """There is no invoice to replay."""

    message = N_("There are no invoices to look back on. Import them first.")


@dataclass(eq=False)
class NoRates(UserError):
    """All invoices are in currencies that nobody can convert."""

    currencies: str
    base: str
    message = N_(
        "Invoices are in %(currencies)s, and there is no exchange rate to %(base)s."
        " Import rates (a file with currency, date and rate), or set"
        " `RISKDESK_CURRENCY` to the currency of the books."
    )


@dataclass(eq=False)
class NoMonthEnds(UserError):
    """The window holds no month end."""

    first: date
    last: date
    message = N_(
        "No month ends from %(first)s to %(last)s. Give a longer time; scores are "
        "looked at on the last day of each month."
    )


@dataclass(eq=False)
class HorizonNotOver(UserError):
    """What came of the last months is not known yet."""

    last: date
    horizon: int
    latest: date
    message = N_(
        "What comes within %(horizon)s days of %(last)s is not known yet. The latest "
        "day to look at is %(latest)s."
    )


@dataclass(eq=False)
class WrongQuestion(UserError):
    """A horizon or lateness that makes no sense."""

    most: int = MOST_DAYS
    message = N_(
        "The horizon is 1 to %(most)s days, and late is 0 to %(most)s days overdue."
    )


@dataclass(eq=False)
class TooFewOutcomes(UserError):
    """Too few customers went bad, or stayed good, to judge a score by."""

    bad: int
    good: int
    customers: int
    least_bad: int = LEAST_EVENTS
    least_good: int = LEAST_QUIET
    least_customers: int = LEAST_CUSTOMERS
    message = N_(
        "Too few outcomes to judge a score by: %(bad)s customer-months went bad (of "
        "%(customers)s customers) and %(good)s did not. It takes at least "
        "%(least_bad)s, of %(least_customers)s customers, and %(least_good)s. Look at "
        "a longer time, a longer horizon or fewer days late."
    )


@dataclass(frozen=True, slots=True)
class Backtest:
    """What was asked, of which policy, and what was found."""

    first: date
    last: date
    asked: Question
    report: Report
    policy_version: str
    ledger_ends: date
    """The day of the last entry in the books."""
    currency: str
    """What amounts were counted in: the company's, or the one of all its invoices."""
    left_out: tuple[str, ...]
    """Currencies of invoices that have no exchange rate, and did not count."""

    @property
    def outlives_ledger(self) -> bool:
        """Return whether the last horizon reaches beyond the last entry.

        What was paid after it then counts as not paid.
        """
        return self.last + timedelta(days=self.asked.horizon) > self.ledger_ends


def backtest(
    services: Services,
    first: date | None = None,
    last: date | None = None,
    asked: Question | None = None,
    *,
    rounds: int = 500,
    tell: Tell = lambda _: None,
) -> Backtest:
    """Return how well the policy in force told who would pay late, month by month.

    Without `last`, up to the latest month whose horizon is over; without `first`, the
    year before it.

    Raises:
        UserError: nothing to look back on, or too little, or not yet.

    """
    question = asked or Question()
    with services.database.read() as session:
        start, end = window(services, session, first, last, question)
        sample = sample_of(services, session, month_ends(start, end), question, tell)
        ends = last_entry(session)
        base, left_out = counted_in(services, session)
    try:
        found = report(services.policy.policy, sample, rounds=rounds)
    except TooFewEvents as few:
        raise TooFewOutcomes(few.bad, few.good, few.customers) from few
    return Backtest(
        found.months[0],
        found.months[-1],
        question,
        found,
        services.policy.version,
        ends,
        base,
        left_out,
    )


def counted_in(services: Services, session: Session) -> tuple[str, tuple[str, ...]]:
    """Return the currency to count in, and those of invoices that have no rate to it.

    Books in one currency without any rate are counted in it: shares and days are the
    same in every currency.

    Raises:
        NoRates: there are several currencies, and no rate for any.

    """
    used = currencies(session)
    known = {services.currency, *rates(session, services.today())}
    if len(used) == 1 and not used & known:
        return used.pop(), ()
    if used and not used & known:
        raise NoRates(", ".join(sorted(used)), services.currency)
    return services.currency, tuple(sorted(used - known))


def window(
    services: Services,
    session: Session,
    first: date | None,
    last: date | None,
    asked: Question,
) -> tuple[date, date]:
    """Return the first and last day to look at; raise UserError if it cannot be."""
    if not (1 <= asked.horizon <= MOST_DAYS and 0 <= asked.late <= MOST_DAYS):
        raise WrongQuestion
    ends = last_entry(session)
    latest = services.today() - timedelta(days=asked.horizon)
    if last is None:
        last = min(latest, ends - timedelta(days=asked.horizon))
    if last > latest:
        raise HorizonNotOver(last, asked.horizon, latest)
    if first is None:
        recent = month_ends(last - timedelta(days=31 * YEAR + YEAR), last)[-YEAR:]
        first = recent[0]
    if not month_ends(first, last):
        raise NoMonthEnds(first, last)
    return first, last


def month_ends(first: date, last: date) -> list[date]:
    """Return the last day of every month that lies from `first` to `last`."""
    found: list[date] = []
    year, month = first.year, first.month
    while True:
        year, month = (year, month + 1) if month < YEAR else (year + 1, 1)
        day = date(year, month, 1) - timedelta(days=1)
        if day > last:
            return found
        found.append(day)


def sample_of(
    services: Services,
    session: Session,
    months: list[date],
    asked: Question,
    tell: Tell = lambda _: None,
) -> Sample:
    """Return each month's customers with what was known then, and what came of them.

    Customers are read in pieces by id; trouble passes on between related companies of
    one piece only.
    """
    first, last = id_span(session)
    base, _ = counted_in(services, session)
    samples = []
    pieces = range(first, last + 1, CHUNK)
    for done, start in enumerate(pieces):
        who = Who(first=start, last=min(start + CHUNK - 1, last))
        for step, sample in enumerate(
            _piece(services, (session, base), who, months, asked), 1
        ):
            samples.append(sample)
            tell((done + step / len(months)) / len(pieces))
    if not samples:
        raise NoHistory
    return joined(samples)


def _piece(
    services: Services,
    books: tuple[Session, str],
    who: Who,
    months: list[date],
    asked: Question,
) -> Iterator[Sample]:
    """Yield the sample of these customers, month by month; `books`: their currency."""
    (session, base), policy = books, services.policy.policy
    came = None
    for month in months:
        view = View(month, end_of_day(services, month))
        known = gather(Asked(session, who, view), base)
        if came is None:
            came = fates(Asked(session, who, View(services.today())), known.ids)
        today, size = month.toordinal(), len(known.ids)
        facts = facts_of(policy, known, month).facts
        general = z_position(known.statements, policy.zscore[MODELS[GENERAL]])
        rules = simple_rules(known.ledger, today) | {"altman_z": -general}
        seen = np.bincount(known.ledger.customer, minlength=size) > 0
        yield Sample(
            known.ids, np.full(size, today), went_bad(came, today, asked), facts, rules
        ).only(seen)


def end_of_day(services: Services, day: date) -> datetime:
    """Return the last moment of a day, where the company is."""
    return datetime.combine(day, time.max, services.timezone)


def last_entry(session: Session) -> date:
    """Return the last day that the books know of; raise NoHistory without any."""
    last = last_day(session)
    if last is None:
        raise NoHistory
    return last
