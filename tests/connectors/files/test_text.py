"""Delimited text: any encoding and delimiter, and junk that is no text at all."""

import random
from pathlib import Path

import pytest

from connectors.files.text import encoding_of
from connectors.files.unknown import NothingInside, NotRecognised
from risk.errors import UserError
from tests.connectors.files.reading import HEAD, ROW, read, write

CHINESE = ("客户编码", "客户名称", "发票号", "开票日期", "到期日", "价税合计")
ACME = ("C1", "华为技术有限公司", "1", "2024年1月31日", "2024-02-29", "100.50")


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("gb18030", "gb18030"),
    ],
)
def test_any_encoding_and_delimiter(
    tmp_path: Path, encoding: str, found: str, mark: str
) -> None:
    file = write(tmp_path, ACME, head=CHINESE, encoding=encoding, mark=mark)
    assert encoding_of(file) == found
    got = read(file)
    [invoice] = got.invoices
    assert (invoice["issued_on"], invoice["due_on"]) == ("2024-01-31", "2024-02-29")
    assert got.rows["mentions"][0]["name"] == ACME[1]
    assert got.amounts == [100.5]


def test_western_text_that_is_no_utf8(tmp_path: Path) -> None:
    row = ("K1", "Müller & Söhne Straßenbau GmbH", *ROW[2:])
    file = write(tmp_path, row, encoding="cp1252")
    assert read(file).rows["mentions"][0]["name"] == row[1]


def test_a_spreadsheets_word_on_its_delimiter_is_no_row(tmp_path: Path) -> None:
    file = write(tmp_path, ROW, mark=";")
    file.write_bytes(b"sep=;\r\n" + file.read_bytes())
    assert read(file).amounts == [100.5]


def test_a_title_above_the_headings_and_totals_below(tmp_path: Path) -> None:
    text = "\n".join(
        (
            "Open items as of 31 January 2024,,,,,",
            "",
            ",".join(HEAD),
            ",".join(ROW),
            ",,,,,",
            "Total,,,,,100.50",
            "合计：,,,,,100.50",
        )
    )
    file = tmp_path / "report.csv"
    file.write_text(text, encoding="utf-8")
    got = read(file)
    assert (got.amounts, got.rejected) == ([100.5], [])
    assert got.invoices[0]["place"] % 1000 == 4


def test_lines_are_those_of_the_file_though_cells_span_several(tmp_path: Path) -> None:
    noted = ("C1", '"Acme\nLtd"', "1", *ROW[3:])
    file = write(tmp_path, noted, (*ROW[:2], "2", "soon", *ROW[4:]))
    [(line, column, value, _)] = read(file).faults
    assert (line, column, value) == (4, "Invoice Date", "soon")


def test_nul_bytes_are_passed_over(tmp_path: Path) -> None:
    file = write(tmp_path, ("C1", "Ac\0me", *ROW[2:]))
    got = read(file)
    assert got.rows["mentions"][0]["name"] == "Acme"
    assert got.amounts == [100.5]


def test_a_row_of_ten_thousand_columns_is_a_row(tmp_path: Path) -> None:
    wide = ROW + tuple(str(n) for n in range(10_000))
    assert read(write(tmp_path, wide, ROW)).amounts == [100.5, 100.5]


def test_a_short_row_lacks_what_it_lacks(tmp_path: Path) -> None:
    assert read(write(tmp_path, ROW[:5])).faults == [
        (2, "Amount", "", "This is missing.")
    ]


def test_an_endless_cell_costs_its_row_alone(tmp_path: Path) -> None:
    endless = ("C1", "x" * 1_100_000, *ROW[2:])
    assert read(write(tmp_path, endless, ROW)).amounts == [100.5]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b",,,\n,,,\n"])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "empty.csv"
    file.write_bytes(content)
    with pytest.raises(NothingInside, match=r"“empty\.csv” holds no rows"):
        read(file)


@pytest.mark.parametrize("seed", range(5))
def test_binary_junk_is_refused_in_words(tmp_path: Path, seed: int) -> None:
    file = tmp_path / "junk.bin"
    file.write_bytes(random.Random(seed).randbytes(20_000))
    with pytest.raises(UserError):
        read(file)


def test_headings_we_do_not_know_are_named(tmp_path: Path) -> None:
    file = write(tmp_path, ("1", "2"), head=("foo", "bar"))
    with pytest.raises(NotRecognised, match="foo, bar"):
        read(file)
