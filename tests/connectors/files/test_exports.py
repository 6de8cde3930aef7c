"""Exports as programs write them, titles, groups and totals included; made-up rows.

Each is read with no mapping.
"""

import tomllib
from pathlib import Path

import pytest

from connectors.files.asks import AmbiguousDates, NoDueDates
from connectors.files.unknown import AgeingSummary, NearlyRecognised
from tests.connectors.files.reading import Read, read

EXPORTS = {
    export["program"]: export
    for export in tomllib.loads(
        Path(__file__).with_name("exports.toml").read_text(encoding="utf-8")
    )["export"]
}

LEDGER = (
    "科目名称,客户,日期,凭证号,摘要,借方金额,贷方金额,方向,余额\n"
    "应收账款,甲公司,2024-03-05,记-12,销售商品,113000.00,,借,113000.00\n"
    "应收账款,甲公司,2024-03-15,记-22,销售商品,7000.00,,借,120000.00\n"
    "应收账款,甲公司,2024-03-25,记-44,收到货款,,50000.00,借,70000.00\n"
)


def _file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "export.csv"
    path.write_bytes(text.encode(encoding))
    return path


def _told(found: Read) -> list[list[object]]:
    """Return what an export's `rows` say."""
    return [
        [
            row["customer"],
            row["number"],
            row["amount"] / 10_000,
            row["issued_on"],
            row["due_on"],
            "" if row["stated_paid"] is None else abs(row["stated_paid"]) / 10_000,
        ]
        for row in found.invoices
    ]


@pytest.mark.parametrize("program", EXPORTS)
def test_an_export_needs_no_mapping(tmp_path: Path, program: str) -> None:
    found = read(_file(tmp_path, EXPORTS[program]["text"]))
    assert found.faults == []
    assert _told(found) == EXPORTS[program]["rows"]


def test_customers_are_named_by_their_groups(tmp_path: Path) -> None:
    text = EXPORTS["Xero, aged receivables"]["text"]
    [mention] = read(_file(tmp_path, text, "utf-16")).rows["mentions"]
    assert (mention["customer"], mention["by_name"]) == ("Acme", True)


def test_a_payment_in_an_export_of_payments(tmp_path: Path) -> None:
    text = (
        "Payment Number,CustomerPayment ID,Mode,Amount,Unused Amount,Reference Number,"
        "Currency Code,Payment Type,Date,Customer Name,Invoice Number,Invoice Date\n"
        "1,555,Cash,110.00,0,R1,USD,Invoice Payment,2025-02-08,Acme,INV-2,2025-01-11\n"
    )
    [payment] = read(_file(tmp_path, text)).rows["payments"]
    told = [payment[n] for n in ("customer", "invoice", "reference", "paid_on")]
    assert told == ["Acme", "INV-2", "1", "2025-02-08"]
    assert payment["amount"] == 110 * 10_000


def test_a_ledger_without_due_dates_asks_for_the_terms(tmp_path: Path) -> None:
    file = _file(tmp_path, LEDGER, "gb18030")
    with pytest.raises(NoDueDates, match=r"“日期”.*net30"):
        read(file)
    found = read(file, {"*": "net30"})
    assert _told(found) == [
        ["甲公司", "记-12", 113000, "2024-03-05", "2024-04-04", ""],
        ["甲公司", "记-22", 7000, "2024-03-15", "2024-04-14", ""],
    ]
    [payment] = found.rows["payments"]
    assert (payment["amount"], payment["paid_on"]) == (500_000_000, "2024-03-25")


def test_a_running_balance_is_no_open_amount(tmp_path: Path) -> None:
    text = (
        "Customer,Invoice,Date,Due Date,Amount,Balance\n"
        "Acme,1,2024-01-31,2024-02-29,100,100\nAcme,2,2024-01-31,2024-02-29,10,110\n"
    )
    found = read(_file(tmp_path, text))
    assert [row["stated_paid"] for row in found.invoices] == [None, None]
    assert found.sheets[0].ignored == ["Balance"]


def test_a_company_called_total_is_no_total(tmp_path: Path) -> None:
    text = (
        "Customer,Invoice,Date,Due Date,Amount\n"
        "Total Gas SE,1,2024-01-31,2024-02-29,100\nTotal,,,,100\n"
    )
    assert [row[0] for row in _told(read(_file(tmp_path, text)))] == ["Total Gas SE"]


def test_invoices_without_numbers_are_not_taken_for_limits(tmp_path: Path) -> None:
    text = "Customer,Invoice Date,Due Date,Amount\nAcme,2024-01-05,2024-02-05,100\n"
    with pytest.raises(NearlyRecognised, match=r"looks like invoices.*clearly: number"):
        read(_file(tmp_path, text))


def test_sums_by_age_are_no_invoices(tmp_path: Path) -> None:
    text = (
        "A/R Aging Summary,,,,\n"
        ",Current,1 - 30,31 - 60,Total\nAcme,239.00,0,0,239.00\nTOTAL,239,0,0,239\n"
    )
    with pytest.raises(AgeingSummary, match="Export the single invoices"):
        read(_file(tmp_path, text))


def test_dates_of_such_a_file_may_still_have_to_be_asked(tmp_path: Path) -> None:
    text = (
        "Cust,Inv #,Dt,Due Dt,Amt\nAcme,1,03/04/2024,05/06/2024,100\n"
        "Beta,2,04/05/2024,06/07/2024,100\n"
    )
    with pytest.raises(AmbiguousDates, match="“Dt”"):
        read(_file(tmp_path, text))
