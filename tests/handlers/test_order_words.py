"""An order is read out of the words people use, in English and Chinese."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.order_words import OrderWords, read_order


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


@given(st.text(max_size=300))
def test_any_words_can_be_read(text: str) -> None:
    read = read_order(text)

    assert read.amount is None or read.amount >= 0
    assert 0 <= read.prepaid_share <= 1
