"""Amounts as people write them; what can be read two ways is asked."""

from pathlib import Path

import pytest

from connectors.files.amounts import DecimalMark, amount_reader, unit_of
from connectors.files.asks import AmbiguousAmounts
from connectors.files.values import Wrong
from tests.connectors.files.reading import HEAD, ROW, read, write


@pytest.mark.parametrize(
    ("text", "mark", "amount"),
    [
        ("1234", ".", 1234),
        ("1234.5", ".", 1234.5),
        ("2309.7899999999995", ".", 2309.79),
        ("1,234.56", ".", 1234.56),
        ("1.234,56", ",", 1234.56),
        ("1 234,56", ",", 1234.56),
        ("1\u00a0234,56", ",", 1234.56),
        ("1'234.50", ".", 1234.5),
        ("12,34,567.10", ".", 1234567.1),
        ("(500)", ".", -500),
        ("($1,000.00)", ".", -1000),
        ("-5", ".", -5),
        ("−5", ".", -5),
        ("5-", ".", -5),
        ("100 CR", ".", -100),
        ("¥1,000", ".", 1000),
        ("-¥1,000", ".", -1000),
        ("￥１，０００．５", ".", 1000.5),
        ("CNY 1,000", ".", 1000),
        ("人民币1,000元", ".", 1000),
        ("1.000,00 €", ",", 1000),
        ("12万", ".", 120_000),
        ("12.5万元", ".", 125_000),
        ("1.5亿", ".", 150_000_000),
        ("1e3", ".", 1000),
        (".5", ".", 0.5),
    ],
)
def test_an_amount_is_read(text: str, mark: DecimalMark, amount: float) -> None:
    assert amount_reader(mark)(text) == round(amount * 10_000)


@pytest.mark.parametrize(
    "text", ["abc", "=1+1", "1-2", "()", "1.234,56", "5,5", "1,2,3", "12 pieces", "--"]
)
def test_what_is_no_amount_is_not_guessed_at(text: str) -> None:
    found = amount_reader(".")(text)
    assert isinstance(found, Wrong)
    assert found.reason == "This is no amount."


def test_an_amount_beyond_all_amounts_is_refused() -> None:
    found = amount_reader(".")("9" * 20)
    assert isinstance(found, Wrong)


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("应收金额（万元）", 10_000),
        ("Sales (in thousands)", 1000),
        ("Umsatz [TEUR]", 1000),
        ("Amount (EUR)", 1),
        ("Amount", 1),
    ],
)
def test_a_heading_may_say_what_amounts_count(heading: str, unit: int) -> None:
    assert unit_of(heading) == unit
    assert amount_reader(".", unit)("1.5") == 15_000 * unit


def _with(*amounts: str) -> list[tuple[str, ...]]:
    return [(*ROW[:2], str(n), *ROW[3:5], a) for n, a in enumerate(amounts)]


def test_the_column_decides_what_a_dot_is(tmp_path: Path) -> None:
    file = write(tmp_path, *_with("1.234", "1.234,50"), mark=";")
    assert read(file).amounts == [1234, 1234.5]
    file = write(tmp_path, *_with("1.234", "12.5"))
    assert read(file).amounts == [1.234, 12.5]


def test_a_dot_that_may_be_either_is_asked_about(tmp_path: Path) -> None:
    file = write(tmp_path, *_with("1.234", "2.500"))
    with pytest.raises(AmbiguousAmounts, match=r"the dot in 1\.234 may stand"):
        read(file)
    assert read(file, {"Amount": ":comma"}).amounts == [1234, 2500]
    assert read(file, {"*": "dot"}).amounts == [1.234, 2.5]


@pytest.mark.parametrize(
    ("heading", "cells", "currencies"),
    [
        ("Amount (EUR)", ("1", "2"), ["EUR", "EUR"]),
        ("Amount", ("¥1", "2元"), ["CNY", "CNY"]),
        ("Amount", ("1", "2"), ["USD", "USD"]),
        ("Amount", ("€1", "$2"), ["EUR", "USD"]),
        ("Amount", ("A$1", "S$2"), ["AUD", "SGD"]),
    ],
)
def test_currencies_stand_in_headings_or_signs(
    tmp_path: Path, heading: str, cells: tuple[str, ...], currencies: list[str]
) -> None:
    file = write(tmp_path, *_with(*cells), head=(*HEAD[:5], heading))
    assert [row["currency"] for row in read(file).invoices] == currencies


def test_a_sign_that_currencies_share_is_that_of_the_house(tmp_path: Path) -> None:
    file = write(tmp_path, *_with("$1"))
    assert read(file, currency="AUD").invoices[0]["currency"] == "AUD"
    assert read(file, currency="EUR").invoices[0]["currency"] == "USD"
