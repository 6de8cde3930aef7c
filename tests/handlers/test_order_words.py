"""An order is read out of the words people use, in English and Chinese."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.order_words import OrderWords, read_order, speaks_of_order


def order(
    customer: str,
    amount: int | None = None,
    currency: str | None = None,
    terms: int | None = None,
    prepaid: str = "0",
) -> OrderWords:
    value = None if amount is None else Decimal(amount)
    return OrderWords(customer, value, currency, terms, Decimal(prepaid))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("can I ship 80k to Acme on 60 days?", order("Acme", 80_000, None, 60)),
        (
            "Could we send Acme Ltd goods worth $1.2m?",
            order("Acme Ltd", 1_200_000, "USD"),
        ),
        (
            "ship EUR 80,000 to Müller GmbH net 30",
            order("Müller GmbH", 80_000, "EUR", 30),
        ),
        ("能给华为发80万的货吗,账期60天", order("华为", 800_000, None, 60)),
        (
            "能给华为技术发 120万美元 的货吗，60天账期",
            order("华为技术", 1_200_000, "USD", 60),
        ),
        (
            "可以给海尔发1.5亿人民币的货吗？预付30%",
            order("海尔", 150_000_000, "CNY", None, "0.3"),
        ),
        (
            "can we deliver 50k usd to Globex with 20% upfront",
            order("Globex", 50_000, "USD", None, "0.2"),
        ),
        ("can we ship 80k to 3M on 30 days", order("3M", 80_000, None, 30)),
        ("is it ok to ship to Acme?", order("Acme")),
    ],
)
def test_plain_words(text: str, meant: OrderWords) -> None:
    assert read_order(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Acme 80000", order("Acme", 80_000)),
        ("Acme 80k EUR net 60", order("Acme", 80_000, "EUR", 60)),
        (
            "3M Company 12,500.50",
            OrderWords("3M Company", Decimal("12500.50"), None, None, Decimal(0)),
        ),
        (
            "The Order of Goods Ltd 9k prepay 25%",
            order("The Order of Goods Ltd", 9_000, None, None, "0.25"),
        ),
        (
            "C-10023 80000 USD net 45 prepay 10%",
            order("C-10023", 80_000, "USD", 45, "0.1"),
        ),
    ],
)
def test_a_commands_words(text: str, meant: OrderWords) -> None:
    assert read_order(text, plain_words=False) == meant


PHRASINGS = [
    ("can i ship to acme for 80k, 60 days", "acme", "80000", None, 60, "0"),
    ("ship 1.2 million dollars to Acme net-60", "Acme", "1200000", "USD", 60, "0"),
    ("80.000 EUR to Müller GmbH, 60 days", "Müller GmbH", "80000", "EUR", 60, "0"),
    ("80.000,50 EUR to Müller GmbH", "Müller GmbH", "80000.50", "EUR", None, "0"),
    ("80,5k to Acme", "Acme", "80500", None, None, "0"),
    ("1.250m EUR to Acme", "Acme", "1250000", "EUR", None, "0"),
    ("80 000 EUR to Acme", "Acme", "80000", "EUR", None, "0"),
    ("ship goods for 800 EUR to Acme", "Acme", "800", "EUR", None, "0"),
    ("Acme wants to buy 80k on 90 days, ok?", "Acme", "80000", None, 90, "0"),
    ("Acme ordered 80k, may I release it?", "Acme", "80000", None, None, "0"),
    ("can we give Acme 60 days for 80k?", "Acme", "80000", None, 60, "0"),
    (
        "Can I ship $80k to Acme if they prepay 30%?",
        "Acme",
        "80000",
        "USD",
        None,
        "0.3",
    ),
    ("what about shipping 80K to Acme on net 45 terms", "Acme", "80000", None, 45, "0"),
    ("I need to ship 200k to 3M today", "3M", "200000", None, None, "0"),
    (
        "New order from Acme: 80,000 USD, 60 days, 20% deposit",
        "Acme",
        "80000",
        "USD",
        60,
        "0.2",
    ),
    (
        "Would an order of £45k from Calder & Finch be fine?",
        "Calder & Finch",
        "45000",
        "GBP",
        None,
        "0",
    ),
    (
        "ship 80k to Acme with a 50% down payment on 30 days",
        "Acme",
        "80000",
        None,
        30,
        "0.5",
    ),
    ("ship 80k to Acme, they pay 20k upfront", "Acme", "80000", None, None, "0.25"),
    ("ship 80k to Acme, half upfront", "Acme", "80000", None, None, "0.5"),
    ("can I ship 80k EUR to Acme cash in advance?", "Acme", "80000", "EUR", None, "1"),
    ("ship eighty thousand to Acme", "Acme", "80000", None, None, "0"),
    ("half a million to Acme on two months", "Acme", "500000", None, 60, "0"),
    (
        "ship two hundred and fifty thousand dollars to Acme",
        "Acme",
        "250000",
        "USD",
        None,
        "0",
    ),
    ("can I ship 80k to Acme by 30 June 2026?", "Acme", "80000", None, None, "0"),
    ("can I ship 80k to Acme on 30/06/2026", "Acme", "80000", None, None, "0"),
    ("ship 80k to Acme COD", "Acme", "80000", None, 0, "0"),
    ("deliver 10k to Today Foods on 30", "Today Foods", "10000", None, 30, "0"),
    ("ship 80k to New Look", "New Look", "80000", None, None, "0"),
    ("华为要80万的货，能发吗？", "华为", "800000", None, None, "0"),
    ("可以给青杉精密发货80万人民币，60天账期吗", "青杉精密", "800000", "CNY", 60, "0"),
    (
        "青杉精密下了120万的订单，账期90天，能做吗？",
        "青杉精密",
        "1200000",
        None,
        90,
        "0",
    ),
    (
        "给云岚纺织发50万美元的货，预付30%，行不行",
        "云岚纺织",
        "500000",
        "USD",
        None,
        "0.3",
    ),
    ("能不能给海尔放60天账期，80万？", "海尔", "800000", None, 60, "0"),
    (
        "请问可以向华为技术有限公司出货三十万吗",
        "华为技术有限公司",
        "300000",
        None,
        None,
        "0",
    ),
    (
        "给万科发三十五万元的货，账期两个月，预付三成",
        "万科",
        "350000",
        "CNY",
        60,
        "0.3",
    ),
    ("华为想买100万，先付一半，可以吗", "华为", "1000000", None, None, "0.5"),
    ("华为要100万，先付全款", "华为", "1000000", None, None, "1"),
    ("能给华为发80万欧元的货吗，30%定金，余款60天", "华为", "800000", "EUR", 60, "0.3"),
    ("给青杉发20w的货行吗", "青杉", "200000", None, None, "0"),
    ("能赊给华为80万吗", "华为", "800000", None, None, "0"),
    ("月结60天给华为发80万", "华为", "800000", None, 60, "0"),
    ("给三一重工发两千五百万的货", "三一重工", "25000000", None, None, "0"),
    ("华为的订单一亿二千万元能放行吗", "华为", "120000000", "CNY", None, "0"),
]


@pytest.mark.parametrize("phrase", PHRASINGS, ids=[phrase[0] for phrase in PHRASINGS])
def test_as_people_say_it(
    phrase: tuple[str, str, str, str | None, int | None, str],
) -> None:
    text, name, amount, currency, terms, prepaid = phrase
    read = read_order(text)
    assert speaks_of_order(text)
    assert name in read.names
    told = (read.amount, read.currency, read.terms_days, read.prepaid_share)
    assert told == (Decimal(amount), currency, terms, Decimal(prepaid))


def test_what_cannot_be_is_read_as_it_stands_for_the_check_to_refuse() -> None:
    assert read_order("ship -5k to Acme").amount == -5000
    assert read_order("ship -$5k to Acme").amount == -5000
    assert read_order("ship 1,234.567 to Acme").amount == Decimal("1234.567")
    assert read_order("ship 80k to Acme on 9999 days").terms_days == 9999
    assert read_order("80k to Acme, 150% upfront").prepaid_share == Decimal("1.5")
    huge = read_order(f"ship {'9' * 40} to Acme")
    assert (huge.customer, huge.amount) == ("Acme", Decimal("9" * 40) + 0)


@pytest.mark.parametrize(
    "text",
    ["is Acme ok?", "what about 1001?", "华为技术怎么样", "asdf 123 !!! ???", "3M"],
)
def test_what_is_no_order_is_not_taken_for_one(text: str) -> None:
    assert not speaks_of_order(text)


@given(st.text(max_size=300))
def test_any_words_can_be_read(text: str) -> None:
    read = read_order(text)

    assert read.amount is None or read.amount.is_finite()
    assert read.prepaid_share.is_finite()
    assert read.customer == read.names[0]


@given(st.integers(1, 10**9), st.sampled_from(["{:,}", "{:_}", "{}"]))
def test_thousands_are_read_as_they_are_written(amount: int, form: str) -> None:
    for mark in ",.' \u00a0":
        written = form.format(amount).replace(",", "_").replace("_", mark)
        assert read_order(f"ship {written} EUR to Acme").amount == amount
