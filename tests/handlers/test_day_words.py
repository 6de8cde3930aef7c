"""Days as people say them, in two languages; today is Wednesday, 25 November 2026."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.day_words import read_day
from handlers.promise_words import PromiseWords, read_promise, speaks_of_promise

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on Friday", (2026, 11, 27)),
        ("this friday", (2026, 11, 27)),
        ("by next Friday", (2026, 12, 4)),
        ("Wednesday", (2026, 12, 2)),
        ("Sat", (2026, 11, 28)),
        ("15 Dec", (2026, 12, 15)),
        ("the 15th of December", (2026, 12, 15)),
        ("Dec 15, 2027", (2027, 12, 15)),
        ("3 Feb", (2027, 2, 3)),
        ("by 2026-12-15", (2026, 12, 15)),
        ("15.12.", (2026, 12, 15)),
        ("15.12.26", (2026, 12, 15)),
        ("15/12", (2026, 12, 15)),
        ("12/15", (2026, 12, 15)),
        ("6/6", (2027, 6, 6)),
        ("today", (2026, 11, 25)),
        ("tomorrow", (2026, 11, 26)),
        ("the day after tomorrow", (2026, 11, 27)),
        ("end of the month", (2026, 11, 30)),
        ("by the end of next month", (2026, 12, 31)),
        ("end of this week", (2026, 11, 27)),
        ("next week", (2026, 12, 4)),
        ("in two weeks", (2026, 12, 9)),
        ("within 10 days", (2026, 12, 5)),
        ("in a month", (2026, 12, 25)),
        ("by the 3rd", (2026, 12, 3)),
        ("周五", (2026, 11, 27)),
        ("本周五前", (2026, 11, 27)),
        ("下周三", (2026, 12, 2)),
        ("下星期一", (2026, 11, 30)),
        ("12月15日前", (2026, 12, 15)),
        ("2027年1月5日", (2027, 1, 5)),
        ("1月5号", (2027, 1, 5)),
        ("15号", (2026, 12, 15)),
        ("月底", (2026, 11, 30)),
        ("下个月底", (2026, 12, 31)),
        ("明天", (2026, 11, 26)),
        ("大后天", (2026, 11, 28)),
        ("3天内", (2026, 11, 28)),
        ("两周后", (2026, 12, 9)),
        ("下周", (2026, 12, 4)),
    ],
)
def test_a_day_is_read_as_people_say_it(text: str, day: tuple[int, int, int]) -> None:
    assert read_day(text, TODAY)[1] == date(*day)


@pytest.mark.parametrize(
    "text", ["", "5/6", "31 Feb", "marchand pays", "Saturn Ltd", "monitor it", "99.99."]
)
def test_what_is_no_day_or_two_is_not_read(text: str) -> None:
    assert read_day(text, TODAY) == (text, None)


@pytest.mark.parametrize(
    ("text", "customer", "amount", "currency"),
    [
        ("they promised 30k on Friday", "", 30_000, None),
        ("Acme promised to pay 30,000 EUR by Friday", "Acme", 30_000, "EUR"),
        (
            "Brightwater Foods will pay $12,500 on Friday",
            "Brightwater Foods",
            12_500,
            "USD",
        ),
        ("Northgate said they'll pay 20k Friday", "Northgate", 20_000, None),
        ("他们答应周五付3万", "", 30_000, None),
        ("华为技术承诺周五前付款80万", "华为技术", 800_000, None),
        ("对方说周五会付3万元", "", 30_000, "CNY"),
    ],
)
def test_a_promise_is_read_out_of_a_sentence(
    text: str, customer: str, amount: int, currency: str | None
) -> None:
    assert speaks_of_promise(text)
    friday = date(2026, 11, 27)
    words = PromiseWords(customer, Decimal(amount), currency, friday)
    assert read_promise(text, TODAY) == words


@pytest.mark.parametrize(
    "text", ["is Acme ok?", "will Acme pay?", "can I ship 30k to Acme", "华为会付款吗"]
)
def test_a_question_is_no_promise(text: str) -> None:
    assert not speaks_of_promise(text)


@given(st.text(max_size=200))
def test_nothing_typed_breaks_it(text: str) -> None:
    speaks_of_promise(text)
    read_promise(text, TODAY)
