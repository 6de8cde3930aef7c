"""What files come in: gzip, zip, workbooks; and bombs, which are refused."""

import gzip
import io
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from connectors.files.containers import Damaged, NoFile, TooLarge
from connectors.files.unknown import NotRecognised
from tests.connectors.files.reading import HEAD, ROW, read, write

PAYMENTS = ("Payment No", "Customer No", "Invoice No", "Payment Date", "Payment Amount")
PAID = ("P1", "C1", "1", "2024-02-20", "100.50")


def _workbook(path: Path, **sheets: list[tuple[object, ...]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_gzipped_file(tmp_path: Path) -> None:
    plain = write(tmp_path, ROW)
    packed = tmp_path / "file.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read(packed).amounts == [100.5]


def test_a_zip_of_several_files(tmp_path: Path) -> None:
    packed = tmp_path / "export.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(write(tmp_path, ROW), "a/invoices.csv")
        archive.write(write(tmp_path, PAID, head=PAYMENTS), "a/payments.csv")
        archive.writestr("a/readme.txt", "Exported on Monday")
        archive.writestr("__MACOSX/a/._invoices.csv", b"\0\1\2")
        archive.write(_workbook(tmp_path / "b.xlsx", More=[HEAD, ROW]), "b.xlsx")
    got = read(packed)
    assert [sheet.kind for sheet in got.sheets] == ["invoices", "payments", "invoices"]
    assert got.amounts == [100.5, 100.5]
    assert got.rows["payments"][0]["reference"] == "P1"


def test_a_workbook_with_sheets_dates_and_formulas(tmp_path: Path) -> None:
    day = datetime(2024, 1, 31)  # noqa: DTZ001 - a workbook's dates have no zone
    number = (*ROW[:2], 1, day, 45351, 100.5)
    path = _workbook(
        tmp_path / "book.xlsx",
        Notes=[("Exported on Monday",)],
        Invoices=[("Our open items",), (), HEAD, number, (*ROW[:2], 2, day, day, None)],
        Payments=[PAYMENTS, PAID],
    )
    book = openpyxl.load_workbook(path)
    book["Invoices"]["F5"] = "=F4*2"
    book["Invoices"]["D4"].number_format = "DD/MM/YYYY"
    book.save(path)
    got = read(path)
    assert [sheet.title for sheet in got.sheets] == [
        "book.xlsx: Invoices",
        "book.xlsx: Payments",
    ]
    [invoice] = got.invoices
    assert (invoice["number"], invoice["amount"]) == ("1", 1_005_000)
    assert (invoice["issued_on"], invoice["due_on"]) == ("2024-01-31", "2024-02-29")
    # A formula that no spreadsheet has computed yet says nothing, and that is told.
    assert got.faults == [(5, "Amount", "", "This is missing.")]


def test_a_workbook_that_nobody_understands(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "book.xlsx", A=[("foo", "bar"), (1, 2)])
    with pytest.raises(NotRecognised, match="foo, bar"):
        read(path)


@pytest.mark.parametrize("name", ["file.csv.gz", "file.zip", "file.xlsx"])
def test_a_damaged_archive_is_said_to_be_damaged(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith("gz"):
        path.write_bytes(gzip.compress(write(tmp_path, ROW).read_bytes())[:-12])
    elif name.endswith("zip"):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.csv.gz", gzip.compress(b"a,b"))
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("[Content_Types].xml", "<no")
    with pytest.raises(Damaged, match="damaged or encrypted"):
        read(path)


@pytest.mark.parametrize("name", ["bomb.gz", "bomb.zip"])
def test_a_bomb_is_refused_early(tmp_path: Path, name: str) -> None:
    path, zeros = tmp_path / name, bytes(1024 * 1024)
    if name == "bomb.gz":
        with gzip.open(path, "wb") as packed:
            for _ in range(80):
                packed.write(zeros)
    else:
        with (
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open("a.csv", "w") as member,
        ):
            for _ in range(80):
                member.write(zeros)
    with pytest.raises(TooLarge):
        read(path)


def test_a_zip_of_very_many_files_is_refused(tmp_path: Path) -> None:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for number in range(300):
            archive.writestr(f"{number}.csv", "a,b")
    path = tmp_path / "many.zip"
    path.write_bytes(memory.getvalue())
    with pytest.raises(TooLarge):
        read(path)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(NoFile, match=r"no file “nowhere\.csv”"):
        read(tmp_path / "nowhere.csv")
    with pytest.raises(NoFile):
        read(tmp_path)
