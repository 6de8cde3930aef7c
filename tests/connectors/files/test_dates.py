"""Dates as people write them; the whole column tells day from month, or it is asked."""

from datetime import date
from pathlib import Path

import pytest

from connectors.files.asks import AmbiguousDates
from connectors.files.dates import parse
from tests.connectors.files.reading import HEAD, ROW, read, write


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05",
        "2024/3/5",
        "2024.03.05",
        "20240305",
        "20240305.0",
        "2024年3月5日",
        "2024-03-05 14:30:00",
        "2024-03-05T00:00:00Z",
        "5/3/2024",
        "05.03.24",
        "5-Mar-2024",
        "5 March 2024",
        "Mar 5, 2024",
        "March 5th, 2024",
        "5. März 2024",
        "45356",
        "２０２４－０３－０５",
    ],
)
def test_a_date_is_read(text: str) -> None:
    assert parse(text, "dmy") == date(2024, 3, 5)


@pytest.mark.parametrize(
    "text",
    ["2024-02-30", "31/31/2024", "soon", "12", "2024-13-01", "1/1/0001", "9" * 9],
)
def test_what_is_no_date_is_not_guessed_at(text: str) -> None:
    assert parse(text, "dmy") is None


def _dated(*dates: tuple[str, str]) -> list[tuple[str, ...]]:
    return [(*ROW[:2], str(n), a, b, ROW[5]) for n, (a, b) in enumerate(dates)]


def _issued(path: Path, **mapping: str) -> list[str]:
    return [row["issued_on"] for row in read(path, mapping).invoices]


def test_one_date_of_a_column_decides_all(tmp_path: Path) -> None:
    file = write(tmp_path, *_dated(("1/2/2024", "2/3/2024"), ("1/31/2024", "3/1/2024")))
    assert _issued(file) == ["2024-01-02", "2024-01-31"]
    file = write(tmp_path, *_dated(("1/2/2024", "2/3/2024"), ("31/1/2024", "1/3/2024")))
    assert _issued(file) == ["2024-02-01", "2024-01-31"]


def test_many_dates_that_make_sense_in_one_order_only_decide(tmp_path: Path) -> None:
    months = [(f"1/{n}/2024", f"1/{n + 1}/2024") for n in range(1, 12)]
    file = write(tmp_path, *_dated(*months))  # terms of a month, or of a day
    with pytest.raises(AmbiguousDates):
        read(write(tmp_path, *_dated(*months[:4]), name="few.csv"))
    assert _issued(file)[:2] == ["2024-01-01", "2024-02-01"]


def test_a_column_that_may_be_either_is_asked_about(tmp_path: Path) -> None:
    file = write(tmp_path, *_dated(("4/4/2024", "4/5/2024")))
    with pytest.raises(AmbiguousDates) as asked:
        read(file)
    assert "“Due Date”" in str(asked.value)
    assert "4/5/2024 is 2024-05-04 or 2024-04-05" in str(asked.value)
    answered = read(file, {"Due Date": ":dmy"})
    assert answered.invoices[0]["due_on"] == "2024-05-04"
    answered = read(file, {"*": "mdy"})
    assert answered.invoices[0]["due_on"] == "2024-04-05"
    assert answered.sheets[0].columns["Due Date"] == "due_on:mdy"


def test_a_column_of_numbers_is_a_spreadsheets_days(tmp_path: Path) -> None:
    file = write(tmp_path, *_dated(("45356", "45386.0")), head=HEAD)
    [invoice] = read(file).invoices
    assert (invoice["issued_on"], invoice["due_on"]) == ("2024-03-05", "2024-04-04")
