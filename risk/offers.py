"""Ways to a yes: the cheapest conditions under which an order passes its check.

Every offer is re-run through the same check: with it the order passes; with one cent
less (or one day more) it fails. A closed form says where to look, the check decides.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from risk.behaviour import MATERIAL_SHARE
from risk.check import Outcome, Position, Verdict, ceiling, passes, run_check
from risk.ledger import ZERO
from risk.order import Order, smallest_unit
from risk.policy.check import CheckPolicy, TestKey

SHARED_ROOM = frozenset({"headroom", "risk_class", "country", "cover", "group"})
"""Tests that a smaller open amount can pass, so that they leave some room."""

ABOUT_OVERDUE = frozenset({"overdue_share", "oldest_overdue"})
"""Tests that money for what is overdue can pass."""

CENT = Decimal("0.01")

AGAINST_CREDIT = frozenset({"hold", "freshness"})
"""Tests that only full payment before shipping passes."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is to change about an order; None leaves it as asked."""

    prepaid: Decimal | None = None
    """In all, in the order's currency; `secured` and `cut_to` too."""
    secured: Decimal | None = None
    cut_to: Decimal | None = None
    terms_days: int | None = None
    collected: Decimal | None = None
    """What of the overdue comes in first, in base currency."""

    def apply(self, order: Order) -> Order:
        """Return the order under these conditions."""
        if self.cut_to is not None:
            order = order.with_amount(self.cut_to)
        return Order(  # not `replace`, which takes longer than the check does
            order.amount,
            order.currency,
            order.rate,
            order.terms_days if self.terms_days is None else self.terms_days,
            order.prepaid if self.prepaid is None else self.prepaid,
            order.secured if self.secured is None else self.secured,
            order.collected if self.collected is None else self.collected,
        )

    @property
    def kind(self) -> str:
        """Return which levers it uses, e.g. `terms+prepay`."""
        used = {
            "collect": self.collected,
            "cut": self.cut_to,
            "terms": self.terms_days,
            "prepay": self.prepaid,
            "secure": self.secured,
        }
        return "+".join(name for name, value in used.items() if value is not None)


@dataclass(frozen=True, slots=True)
class Offer:
    """Conditions that pass, and what they cost us, in the order's currency."""

    conditions: Conditions
    cost: Decimal
    leaves_credit: bool
    """Whether anything is paid after shipping at all."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict, what each test says, and the ways to a yes, cheapest first."""

    verdict: Verdict
    outcomes: tuple[Outcome, ...]
    offers: tuple[Offer, ...]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """Return the tests that failed."""
        return tuple(o for o in self.outcomes if o.state == "failed")


def answer(policy: CheckPolicy, position: Position, order: Order) -> Answer:
    """Return yes; yes, if; or ask, where only payment in full before would pass."""
    outcomes = run_check(policy, position, order)
    if all(o.state != "failed" for o in outcomes):
        return Answer("yes", outcomes, ())
    ways = offers(policy, position, order)
    on_credit = any(way.leaves_credit for way in ways)
    return Answer("yes_if" if on_credit else "ask", outcomes, ways)


def offers(policy: CheckPolicy, position: Position, order: Order) -> tuple[Offer, ...]:
    """Return the cheapest ways to a yes, one a kind; none if it passes already."""
    best: dict[str, Offer] = {}
    for found in _Search(policy, position, order).all():
        made = _offer(policy, order, found)
        known = best.get(found.kind)
        if known is None or made.cost < known.cost:
            best[found.kind] = made
    cheapest = sorted(best.values(), key=lambda o: (o.cost, o.conditions.kind))
    worth_it = [o for o in cheapest if not any(_asks_less(p, o) for p in cheapest)]
    return tuple(worth_it[: policy.most_offers])


def _asks_less(one: Offer, other: Offer) -> bool:
    """Return whether `one` asks no more than `other` by any lever, and less by some."""
    a, b = one.conditions, other.conditions
    return a != b and all(
        (
            (a.collected or ZERO) <= (b.collected or ZERO),
            (a.prepaid or ZERO) <= (b.prepaid or ZERO),
            (a.secured or ZERO) <= (b.secured or ZERO),
            a.cut_to is None or (b.cut_to is not None and a.cut_to >= b.cut_to),
            a.terms_days is None
            or (b.terms_days is not None and a.terms_days >= b.terms_days),
        )
    )


def _offer(policy: CheckPolicy, order: Order, conditions: Conditions) -> Offer:
    after, costs = conditions.apply(order), policy.costs
    days = order.terms_days - after.terms_days
    cost = (
        costs.collect * (after.collected - order.collected) / order.rate
        + costs.prepay * max(after.prepaid - order.prepaid, ZERO)
        + costs.secure * (after.secured - order.secured)
        + costs.cut * (order.amount - after.amount)
        + costs.terms_day * days * after.amount
    )
    return Offer(conditions, cost, leaves_credit=after.credit > 0)


class _Search:
    """Looks for conditions, lever by lever, at each terms worth trying."""

    def __init__(self, policy: CheckPolicy, position: Position, order: Order) -> None:
        self._policy, self._position, self._order = policy, position, order
        self._unit = smallest_unit(order.currency)
        self._failed: dict[Order, set[TestKey]] = {}

    def all(self) -> Iterator[Conditions]:
        """Yield conditions that pass, none of which could be a cent or a day less."""
        if self._passes(Conditions()):
            return
        for days in self._terms_worth_trying():
            terms = Conditions(terms_days=days)
            if self._passes(terms):
                yield self._longest_terms(terms)
                return  # shorter terms with more asked for would be worse
            for found in self._at(terms):
                if days is None:
                    yield found
                elif (longer := self._longest_terms(found)) != replace(
                    found, terms_days=None
                ):
                    yield longer

    def _at(self, terms: Conditions) -> Iterator[Conditions]:
        """Yield what passes at these terms, by each lever and by two together."""
        yield from self._levers(terms)
        collected = self._collect(terms)
        if collected is None:
            return
        if self._passes(collected):
            yield collected
        else:
            yield from self._levers(collected)

    def _collect(self, given: Conditions) -> Conditions | None:
        """Return what of the overdue has to come in for the order to pass.

        Where that alone is not enough, what passes the tests that are about it.
        """
        most = sum((amount for _, amount in self._position.overdue_items), ZERO)
        if not most or given.apply(self._order).collected:
            return None

        def make(cents: int) -> Conditions:
            return replace(given, collected=min(cents * CENT, most))

        all_of_it = int((most / CENT).to_integral_value(ROUND_CEILING))
        if self._passes(make(all_of_it)):
            holds = self._passes
        elif self._overdue_passes(given):
            return None
        elif self._overdue_passes(make(all_of_it)):
            holds = self._overdue_passes
        else:
            return None
        guess = int((self._overdue_beyond() / CENT).to_integral_value(ROUND_CEILING))
        least = edge(lambda n: holds(make(n)), bad=0, good=all_of_it, guess=guess)
        return make(least)

    def _overdue_beyond(self) -> Decimal:
        """Return what of the overdue is too much, or too old: the guess.

        Money that comes in lowers what is owed too, hence the divisions.
        """
        position, share = self._position, self._policy.most_overdue_share
        days = self._policy.most_overdue_days
        old = sum((a for n, a in position.overdue_items if n > days), ZERO)
        too_old = (old - MATERIAL_SHARE * position.claims) / (1 - MATERIAL_SHARE)
        if share >= 1:
            return too_old
        return max((position.overdue - share * position.owed) / (1 - share), too_old)

    def _overdue_passes(self, conditions: Conditions) -> bool:
        order = conditions.apply(self._order)
        found = run_check(self._policy, self._position, order)
        return all(o.state != "failed" for o in found if o.key in ABOUT_OVERDUE)

    def _levers(self, terms: Conditions) -> Iterator[Conditions]:
        prepay, secure = self._prepay(terms), self._secure(terms)
        cut = self._cut(terms)
        yield from (found for found in (prepay, secure, cut) if found)
        if secure:
            yield from self._prepay_and_secure(terms)

    def _terms_worth_trying(self) -> Iterator[int | None]:
        """Yield the terms asked for (None), then shorter ones where a test turns."""
        policy, position = self._policy, self._position
        letter = position.risk_class or policy.class_if_unknown
        most = policy.terms_days[letter]
        if position.country_class is not None:
            most = min(most, policy.country_terms_days[position.country_class])
        turns = {most}
        margin = timedelta(days=policy.cover_margin_days)
        for cover in position.exposure.covers:
            if cover.valid_until is not None:
                left = (cover.valid_until - margin - position.as_of).days
                turns |= {left, min(left, most)}
        yield None
        shorter = (d for d in turns if 0 <= d < self._order.terms_days)
        yield from sorted(shorter, reverse=True)

    def _prepay(self, given: Conditions) -> Conditions | None:
        """Return the least prepayment that passes; all of it always does."""
        order = given.apply(self._order)
        guess = order.amount - self._kept(order)
        guess -= order.secured * (1 - self._policy.secure_haircut)
        return self._edge(
            lambda n: replace(given, prepaid=n * self._unit),
            bad=self._units(order.prepaid),
            good=self._units(order.amount),
            guess=self._units(guess),
        )

    def _secure(self, given: Conditions) -> Conditions | None:
        """Return the least guarantee that passes, where one does."""
        order, share = given.apply(self._order), 1 - self._policy.secure_haircut
        credit = order.amount - order.prepaid
        return self._edge(
            lambda n: replace(given, secured=n * self._unit),
            bad=self._units(order.secured),
            good=self._units(credit / share),
            guess=self._units((credit - self._kept(order)) / share),
        )

    def _cut(self, given: Conditions) -> Conditions | None:
        """Return the largest order that passes, where one worth shipping does."""
        order = given.apply(self._order)
        least = self._units(order.amount * self._policy.least_kept)
        return self._edge(
            lambda n: replace(given, cut_to=n * self._unit),
            bad=self._units(order.amount),
            good=least,
            guess=self._units(self._largest(order), ROUND_FLOOR),
        )

    def _prepay_and_secure(self, given: Conditions) -> Iterator[Conditions]:
        """Yield the usual prepayment with security for the rest, each the least."""
        order = given.apply(self._order)
        usual = self._units(order.amount * self._policy.usual_prepayment) * self._unit
        if usual <= order.prepaid:
            return
        both = self._secure(replace(given, prepaid=usual))
        if both is None:
            return
        least = self._edge(
            lambda n: replace(both, prepaid=n * self._unit),
            bad=self._units(order.prepaid),
            good=self._units(usual),
            guess=self._units(usual),
        )
        if least is not None:
            yield least

    def _longest_terms(self, found: Conditions) -> Conditions:
        """Return `found` with the longest terms under which it still passes."""
        asked = self._order.terms_days
        if self._passes(replace(found, terms_days=asked)):
            return replace(found, terms_days=None)
        longest = self._edge(
            lambda n: replace(found, terms_days=n),
            bad=asked,
            good=found.terms_days or 0,
            guess=found.terms_days or 0,
        )
        return longest or found

    def _kept(self, order: Order) -> Decimal:
        """Return how much of the order may stay without new security: the guess."""
        failed = self._failed.get(order)
        if failed is None:
            failed = self._failed[order] = {
                o.key
                for o in run_check(self._policy, self._position, order)
                if o.state == "failed" and (o.key != "country" or o.why == "terms")
            }
        if failed & AGAINST_CREDIT:
            return ZERO
        spare = self._spare(order)
        if failed - (SHARED_ROOM - {"country"}):
            return spare / order.rate
        room = [self._headroom(order), spare + self._share() * order.worth]
        return max(min(room), spare) / order.rate

    def _largest(self, order: Order) -> Decimal:
        """Return the largest amount that may pass, by the same reckoning."""
        on_credit = 1 - order.prepaid / order.amount
        beyond = on_credit - self._share()
        spare = self._spare(order)
        bounds = [self._headroom(order) / on_credit] if on_credit else []
        bounds += [spare / beyond] if beyond > 0 else []
        return min(bounds, default=order.worth) / order.rate

    def _headroom(self, order: Order) -> Decimal:
        """Return by how much net exposure may grow, alone and within the group."""
        policy, exposure = self._policy, self._position.exposure
        most = ceiling(policy, self._position) or ZERO
        room = most - exposure.gross + self._lasting(order)
        others = self._position.group_exposure
        if others is None:
            return room
        within = policy.most_group_exposure - others - exposure.gross
        return min(room, within + exposure.cover_until(None))

    def _share(self) -> Decimal:
        """Return the share of an order that may stay open, by class and country."""
        policy, position = self._policy, self._position
        share = policy.unsecured_share[position.risk_class or policy.class_if_unknown]
        if position.country_class is None:
            return share
        return min(share, policy.country_unsecured_share[position.country_class])

    def _spare(self, order: Order) -> Decimal:
        return max(self._lasting(order) - self._position.exposure.gross, ZERO)

    def _lasting(self, order: Order) -> Decimal:
        until = order.due_on(self._position.as_of)
        margin = timedelta(days=self._policy.cover_margin_days)
        return self._position.exposure.cover_until(until + margin)

    def _units(self, amount: Decimal, rounding: str = ROUND_CEILING) -> int:
        return int((amount / self._unit).to_integral_value(rounding))

    def _passes(self, conditions: Conditions) -> bool:
        return passes(self._policy, self._position, conditions.apply(self._order))

    def _edge(
        self, make: Callable[[int], Conditions], *, bad: int, good: int, guess: int
    ) -> Conditions | None:
        """Return the conditions nearest to `bad` that pass; None if `good` does not."""
        if bad == good or not self._passes(make(good)):
            return None
        return make(
            edge(lambda n: self._passes(make(n)), bad=bad, good=good, guess=guess)
        )


def edge(holds: Callable[[int], bool], *, bad: int, good: int, guess: int) -> int:
    """Return a number at which `holds` begins between `bad` (not) and `good` (does).

    It starts from `guess` and doubles its steps, so that a good guess takes two looks.
    """
    low, high = min(bad, good), max(bad, good)
    at, step = min(max(guess, low + 1), high - 1), 1
    while abs(good - bad) > 1:
        if not low < at < high:
            at = (good + bad) // 2
        if holds(at):
            good = at
        else:
            bad = at
        low, high = min(bad, good), max(bad, good)
        towards = bad if at == good else good
        at += step if towards > at else -step
        step *= 4
    return good
