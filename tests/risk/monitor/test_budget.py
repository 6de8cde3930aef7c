"""The most valuable alerts interrupt, no more than a week allows; the rest wait."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from risk.monitor.budget import POSTED, Account, Offer, Verdict, choose, price, rank_of

Values = list[int]


def offers(*values: int, always: tuple[int, ...] = ()) -> list[Offer]:
    return [Offer(Decimal(v), v in always) for v in values]


def past(*values: int) -> list[Decimal]:
    return [Decimal(v) for v in values]


def test_while_little_came_up_everything_interrupts() -> None:
    assert choose(offers(1, 2), Account(1, 0, past(9, 9))) == ["budget", "value"]
    assert choose(offers(1), Account(3, 0, past(9, 9))) == ["value"]


def test_what_is_worth_little_does_not_use_the_week_up() -> None:
    account = Account(2, 0, past(*range(101, 121)))  # the best 8 of 28 days
    assert choose(offers(113, 114, 500), account) == ["worth_less", "value", "value"]


def test_the_week_has_an_end_and_the_most_valuable_have_it() -> None:
    verdicts = choose(offers(5, 9, 7, 8), Account(3, 1))
    assert verdicts == ["budget", "value", "budget", "value"]


def test_class_e_passes_when_the_week_is_used_up_and_is_counted() -> None:
    spent = Account(2, 2)
    assert choose(offers(1, 50, always=(1,)), spent) == ["always", "budget"]
    assert choose(offers(1, 50, 60, always=(1,)), Account(2, 0)) == [
        "always",
        "budget",
        "value",
    ]


def test_a_budget_of_none_lets_class_e_through_alone() -> None:
    assert choose(offers(9, 8, always=(8,)), Account(0, 0)) == ["budget", "always"]


def test_a_flood_has_its_price_too() -> None:
    verdicts = choose(offers(*range(100)), Account(10, 0))
    assert verdicts[90:] == ["value"] * 10
    assert verdicts[60:90] == ["budget"] * 30
    assert verdicts[:60] == ["worth_less"] * 60


def test_the_price_is_that_of_the_last_who_would_have_come_through() -> None:
    assert rank_of(10, 28) == 40
    assert price(past(3, 1, 2), 2) == 2
    assert price(past(3, 1), 3) == 0
    assert price(past(3), 0) == 0


WORTH = st.lists(st.integers(0, 50), max_size=40)


@given(WORTH, WORTH, st.integers(0, 12), st.integers(0, 20), st.data())
def test_none_is_passed_over_for_one_worth_less(
    now: Values, before: Values, budget: int, spent: int, data: st.DataObject
) -> None:
    always = data.draw(st.lists(st.booleans(), min_size=len(now), max_size=len(now)))
    asked = [Offer(Decimal(v), a) for v, a in zip(now, always, strict=True)]
    verdicts = choose(asked, Account(budget, spent, past(*before)))

    told = list(zip(asked, verdicts, strict=True))
    posted = [o.value for o, v in told if v == "value"]
    held = [o.value for o, v in told if v not in POSTED]
    passed = [o for o, v in told if v in POSTED]
    assert all(v == "always" for o, v in told if o.always)
    assert not posted or not held or min(posted) >= max(held)
    assert len(passed) <= max(budget - spent, sum(always))
    assert not posted or min(posted) >= price(past(*now, *before), rank_of(budget, 28))


@given(WORTH, WORTH, st.integers(0, 12), st.randoms())
def test_the_order_they_come_in_does_not_matter(
    now: Values, before: Values, budget: int, random: Random
) -> None:
    account = Account(budget, 0, past(*before))

    def passed(values: Values) -> list[int]:
        told = zip(values, choose(offers(*values), account), strict=True)
        return sorted(value for value, verdict in told if verdict in POSTED)

    shuffled = now.copy()
    random.shuffle(shuffled)
    assert passed(shuffled) == passed(now)


def test_a_year_of_alerts_keeps_to_its_budget_and_spends_it_on_the_best() -> None:
    random, start, day = Random(7), datetime(2026, 1, 1, tzinfo=UTC), timedelta(days=1)
    came: list[tuple[datetime, Decimal, Verdict]] = []
    for hour in range(24 * 364):
        now = start + timedelta(hours=hour)
        if random.random() > 0.2:  # about 34 a week, of whom 5 may come
            continue
        value = Decimal(int(random.lognormvariate(8, 1.5)))
        late = came[-400:]  # more than ever come in 28 days
        week = [v for t, _, v in late if t > now - 7 * day and v in POSTED]
        recent = [worth for t, worth, _ in late if t > now - 28 * day]
        [verdict] = choose([Offer(value)], Account(5, len(week), recent))
        came.append((now, value, verdict))

    posted = [(t, v) for t, v, verdict in came if verdict in POSTED]
    for moment, _ in posted:
        assert len([t for t, _ in posted if moment - 7 * day < t <= moment]) <= 5
    assert 0.7 * 5 * 52 <= len(posted) <= 5 * 52
    worth = sorted((v for _, v, _ in came), reverse=True)
    best = sum(worth[: len(posted)])
    assert sum(v for _, v in posted) > best * Decimal("0.75")


def test_the_example_in_the_manual_counts_as_it_says() -> None:
    came = past(90, 75, 60, 52, 40, 33, 28, 25, 20, 14, 9, 5)
    monday = offers(4, 30, 26, 12, always=(4,))
    assert choose(monday, Account(2, 0, came)) == [
        "always",
        "value",
        "worth_less",
        "worth_less",
    ]
    assert price([*came, *past(4, 30, 26, 12)], rank_of(2, 28)) == 28
    after = [*came, *past(4, 30, 26, 12)]
    assert choose(offers(70), Account(2, 2, after)) == ["budget"]
