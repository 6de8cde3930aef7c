"""A supposition is read out of the words people use, in English and Chinese."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.whatif_words import Supposed, read_uplift, read_whatif, speaks_of_if
from risk.whatif import Cover, Later, Limit, OnTime, Pay, Ship, Wait
from risk.whatif_told import Accounts, Change, Event, Rated


def pays(amount: int, currency: str | None = None) -> Pay:
    return Pay("amount", amount=Decimal(amount), currency=currency)


@pytest.mark.parametrize(
    ("text", "customer", "changes"),
    [
        ("what if Acme pays the two oldest invoices", "Acme", [Pay("oldest", 2)]),
        ("if they pay the two oldest invoices", "", [Pay("oldest", 2)]),
        ("What if Acme Ltd pays its oldest invoice?", "Acme Ltd", [Pay("oldest", 1)]),
        ("what if 3M pays 2 invoices", "3M", [Pay("oldest", 2)]),
        ("suppose Acme clears the oldest 3 bills", "Acme", [Pay("oldest", 3)]),
        ("Acme pays the two oldest", "Acme", [Pay("oldest", 2)]),
        ("what if they pay everything overdue?", "", [Pay("overdue")]),
        ("what if they settle all overdue invoices", "", [Pay("overdue")]),
        ("what if they pay everything", "", [Pay("all")]),
        ("what if they pay 50k EUR", "", [pays(50_000, "EUR")]),
        ("what if Acme pays $1.2m", "Acme", [pays(1_200_000, "USD")]),
        ("if they pay the next 6 invoices on time", "", [OnTime(6)]),
        ("what if Acme pays 30 days later", "Acme", [Later(30)]),
        ("what if they pay two weeks earlier", "", [Later(-14)]),
        ("what if Acme pays nothing for 2 months", "Acme", [Wait(60)]),
        ("what if they don't pay for 45 days", "", [Wait(45)]),
        ("if turnover falls 30 %", "", [Accounts("turnover", -0.3)]),
        ("what if Acme's profit halves?", "Acme", [Accounts("profit", -0.5)]),
        ("what if their debt rises by 12.5%", "", [Accounts("debt", 0.125)]),
        ("what if sales double", "", [Accounts("turnover", 1)]),
        ("what if Acme is downgraded to BB", "Acme", [Rated("", "BB")]),
        ("what if the S&P rating falls to B-", "", [Rated("sp", "B-")]),
        ("what if Creditsafe drops to 40", "", [Rated("creditsafe", "40")]),
        ("what if Acme goes bankrupt", "Acme", [Event("insolvency")]),
        ("what if they default", "", [Event("default")]),
        ("what if Acme gets sued", "Acme", [Event("suit")]),
        ("what if we add 100k of insurance", "", [Cover(Decimal(100_000))]),
        ("what if the limit is 200,000", "", [Limit(Decimal(200_000))]),
        ("if the limit is raised to 1m EUR", "", [Limit(Decimal(10**6), "EUR")]),
        (
            "what if we ship 80k to Acme on 60 days?",
            "Acme",
            [Ship(Decimal(80_000), None, 60)],
        ),
        (
            "what if Smith and Sons pays all overdue and turnover rises 10%",
            "Smith and Sons",
            [Pay("overdue"), Accounts("turnover", 0.1)],
        ),
    ],
)
def test_english(text: str, customer: str, changes: list[Change]) -> None:
    assert read_whatif(text) == Supposed(customer, tuple(changes))


@pytest.mark.parametrize(
    ("text", "customer", "changes"),
    [
        ("如果他们付清最早的两张发票", "", [Pay("oldest", 2)]),
        ("如果青杉精密付清最早的一笔货款会怎么样？", "青杉精密", [Pay("oldest", 1)]),
        ("如果华为付清所有逾期货款", "华为", [Pay("overdue")]),
        ("如果他们全部付清", "", [Pay("all")]),
        ("如果他们付50万美元", "", [pays(500_000, "USD")]),
        ("假如接下来5张发票按时付款", "", [OnTime(5)]),
        ("要是华为晚20天付款呢", "华为", [Later(20)]),
        ("如果他们三个月不付款", "", [Wait(90)]),
        ("如果营业额下降30%", "", [Accounts("turnover", -0.3)]),
        ("如果华为的利润减半", "华为", [Accounts("profit", -0.5)]),
        ("如果华为评级下调至BB", "华为", [Rated("", "BB")]),
        ("如果华为破产", "华为", [Event("insolvency")]),
        ("如果增加100万的担保", "", [Cover(Decimal(10**6))]),
        ("如果额度提高到50万", "", [Limit(Decimal(500_000))]),
        (
            "如果给华为发80万的货，账期60天",
            "华为",
            [Ship(Decimal(800_000), None, 60)],
        ),
    ],
)
def test_chinese(text: str, customer: str, changes: list[Change]) -> None:
    assert read_whatif(text) == Supposed(customer, tuple(changes))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("what would make Acme a B?", ("Acme", "B")),
        ("what would make this a B", ("", "B")),
        (
            "What would it take to make Brightwater Pumps an A?",
            ("Brightwater Pumps", "A"),
        ),
        ("how can they become class C?", ("", "C")),
        ("怎样才能让华为升到B级？", ("华为", "B")),
        ("what about Acme", None),
        ("is Acme a B?", None),
    ],
)
def test_a_way_up_is_asked_for(text: str, meant: tuple[str, str] | None) -> None:
    assert read_uplift(text) == meant


def test_words_beyond_what_is_understood_are_told() -> None:
    found = read_whatif("what if Acme pays 50 ZZZ")
    assert (found.customer, found.beyond) == ("Acme", "ZZZ")


@pytest.mark.parametrize("text", ["what if it rains", "if", "如果下雨"])
def test_what_is_not_understood_changes_nothing(text: str) -> None:
    assert speaks_of_if(text)
    assert read_whatif(text).changes == ()


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    read_whatif(f"what if {text} pays {text}")
    read_uplift(f"what would make {text} a B")
