"""Promises are judged by the money that comes, over weekends, holidays, currencies."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from risk.policy.promises import PromisePolicy
from risk.promises import Promise, Received, Verdict, judge, last_day, not_kept
from workflows.calendars import banking_days

FRIDAY = date(2026, 12, 4)
POLICY = PromisePolicy()
RATES = {"USD": Decimal(1), "EUR": Decimal("1.25")}


def convert(amount: Decimal, have: str, want: str) -> Decimal | None:
    if have == want:
        return amount
    if have not in RATES or want not in RATES:
        return None
    return amount * RATES[have] / RATES[want]


def weekday(day: date) -> bool:
    return day.weekday() < 5


def promise(amount: str = "30000", due: date = FRIDAY, key: int = 1) -> Promise:
    return Promise(key, Decimal(amount), "USD", FRIDAY - timedelta(days=5), due)


def came(amount: str, day: date, currency: str = "USD") -> Received:
    return Received(day, Decimal(amount), currency)


def judged(
    promises: list[Promise],
    received: list[Received],
    today: date,
    is_banking_day: Callable[[date], bool] = weekday,
) -> dict[int, Verdict]:
    return judge(
        promises,
        received,
        today,
        policy=POLICY,
        is_banking_day=is_banking_day,
        convert=convert,
    )


def state(received: list[Received], today: date) -> str:
    return judged([promise()], received, today)[1].state


def test_it_is_open_until_its_last_banking_day_is_over() -> None:
    monday = FRIDAY + timedelta(days=3)
    assert last_day(FRIDAY, 1, weekday) == monday
    assert state([], monday) == "open"
    assert state([], monday + timedelta(days=1)) == "broken"


def test_money_on_the_monday_after_keeps_a_promise_for_friday() -> None:
    monday = FRIDAY + timedelta(days=3)
    verdict = judged([promise()], [came("30000", monday)], monday)[1]
    assert (verdict.state, verdict.judged_on) == ("kept", monday)


def test_a_promise_for_chinese_new_year_waits_for_the_banks() -> None:
    is_open = banking_days("CN")
    eve = date(2026, 2, 16)
    assert not is_open(eve)
    assert last_day(eve, 0, is_open) == date(2026, 2, 24)
    assert banking_days("US")(eve) is False  # Washington's Birthday
    assert banking_days(None)(eve)


def test_a_country_that_nobody_keeps_a_calendar_of_has_weekends() -> None:
    assert banking_days("XX")(FRIDAY)
    assert not banking_days("XX")(FRIDAY + timedelta(days=1))


def test_a_little_missing_for_charges_is_not_held_against_anybody() -> None:
    late = FRIDAY + timedelta(days=9)
    assert state([came("29400", FRIDAY)], late) == "kept"
    assert state([came("29399.99", FRIDAY)], late) == "partly"


def test_a_tenth_is_a_part_and_less_is_nothing() -> None:
    late = FRIDAY + timedelta(days=9)
    assert state([came("3000", FRIDAY)], late) == "partly"
    assert state([came("2999", FRIDAY)], late) == "broken"
    assert not_kept(judged([promise()], [came("3000", FRIDAY)], late)) == [1]


def test_money_in_another_currency_counts_at_its_rate() -> None:
    assert state([came("24000", FRIDAY, "EUR")], FRIDAY) == "kept"
    assert state([came("24000", FRIDAY, "XXX")], FRIDAY) == "open"


def test_what_came_before_the_promise_keeps_nothing() -> None:
    before = FRIDAY - timedelta(days=6)
    assert state([came("30000", before)], FRIDAY + timedelta(days=9)) == "broken"


def test_one_payment_keeps_one_promise_and_what_is_left_goes_to_the_next() -> None:
    later = FRIDAY + timedelta(days=7)
    both = [promise(key=2, due=later), promise(key=1)]
    found = judged(both, [came("40000", FRIDAY)], later + timedelta(days=9))
    assert found[1].state == "kept"
    assert (found[2].state, found[2].paid) == ("partly", Decimal(10000))


@given(
    amounts=st.lists(st.integers(1, 10**6), min_size=1, max_size=5),
    money=st.lists(st.tuples(st.integers(1, 10**6), st.integers(-10, 30)), max_size=8),
)
def test_no_more_is_counted_than_came_or_was_promised(
    amounts: list[int], money: list[tuple[int, int]]
) -> None:
    promises = [
        promise(str(amount), FRIDAY + timedelta(days=n), key=n)
        for n, amount in enumerate(amounts)
    ]
    received = [came(str(a), FRIDAY + timedelta(days=d)) for a, d in money]
    found = judged(promises, received, FRIDAY + timedelta(days=60))
    assert sum(v.paid for v in found.values()) <= sum(a for a, _ in money)
    for one in promises:
        assert 0 <= found[one.key].paid <= one.amount
        assert found[one.key].state != "open"
