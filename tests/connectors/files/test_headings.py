"""Columns are known by what people call them, in English, Chinese and German."""

import re
from pathlib import Path

import pytest

from connectors.files.headings import NEEDED, NoColumn, UnknownField
from connectors.files.meanings import synonyms
from storage.staging import STAGED, columns
from tests.connectors.files.reading import HEAD, ROW, read, write


@pytest.mark.parametrize(
    ("heads", "kind", "fields"),
    [
        (
            "customerID,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,SettledDate",
            "invoices",
            "customer,number,issued_on,due_on,amount,paid_on",
        ),
        (
            "cust_number,name_customer,doc_id,posting_date,due_in_date,total_open_amount",
            "invoices",
            "customer,customer_name,number,issued_on,due_on,open_amount",
        ),
        (
            "Customer,Bill Number,Bill Date,Net Due Date,Balance Due,Crncy",
            "invoices",
            "customer_name,number,issued_on,due_on,open_amount",
        ),
        (
            "客户编码,客户名称,发票号码,开票日期,到期日,价税合计,未收金额,币种",
            "invoices",
            "customer,customer_name,number,issued_on,due_on,amount,open_amount,currency",
        ),
        (
            "Kundennummer,Kundenname,Rechnungsnummer,Rechnungsdatum,Fälligkeit,Betrag",
            "invoices",
            "customer,customer_name,number,issued_on,due_on,amount",
        ),
        (
            "Receipt No,Customer ID,Applied To,Receipt Date,Amount Received",
            "payments",
            "reference,customer,invoice,paid_on,amount",
        ),
        (
            "收款单号,客户名称,发票号,收款日期,收款金额",
            "payments",
            "reference,customer_name,invoice,paid_on,amount",
        ),
        (
            "客户编号,客户名称,简称,业务员,地区,信用额度",
            "customers",
            "customer,customer_name,short,owner,region,credit_limit",
        ),
        (
            "Customer,Period End,Total Assets,Total Liabilities,Revenue,Net Income",
            "statements",
            "customer_name,period_end,total_assets,total_liabilities,sales,net_income",
        ),
        ("Customer No,Agency,Rating,Rating Date", "ratings", "customer,agency,value"),
        ("Customer No,Credit Limit,Valid Until", "limits", "customer,amount"),
        ("Currency,Date,Exchange Rate", "rates", "currency,valid_from,rate"),
    ],
)
def test_a_sheet_is_known_by_its_headings(
    tmp_path: Path, heads: str, kind: str, fields: str
) -> None:
    names = tuple(heads.split(","))
    row = tuple(_cell_below(name) for name in names)
    [sheet] = read(write(tmp_path, row, head=names)).sheets
    assert sheet.kind == kind
    taken = {field.partition(":")[0] for field in sheet.columns.values()}
    assert set(fields.split(",")) <= taken


def _cell_below(heading: str) -> str:
    """Return what may stand below a heading in somebody's file."""
    if re.search("date|due|period|Datum|datum|Fäll|日|Settled", heading, re.IGNORECASE):
        return "2024-01-31"
    return "Acme" if heading in {"Customer", "Agency", "Rating"} else "1"


def test_a_misspelt_heading_is_still_known(tmp_path: Path) -> None:
    head = ("Custmer Number", "Customer Nmae", "Invoice Nubmer", *HEAD[3:])
    [sheet] = read(write(tmp_path, ROW, head=head)).sheets
    assert [*sheet.columns.values()][:3] == ["customer", "customer_name", "number"]


def test_of_two_columns_that_mean_the_same_the_empty_one_yields(tmp_path: Path) -> None:
    file = write(tmp_path, (*ROW, ""), head=(*HEAD, "Invoice Amount"))
    assert read(file).amounts == [100.5]


@pytest.mark.parametrize("said", [{"Doc": "number"}, {"number": "Doc"}])
def test_a_mapping_says_what_a_column_means(
    tmp_path: Path, said: dict[str, str]
) -> None:
    file = write(tmp_path, ROW, head=(*HEAD[:2], "Doc", *HEAD[3:]))
    assert read(file, said).invoices[0]["number"] == "1"


def test_a_mapping_leaves_columns_out_and_overrides_names(tmp_path: Path) -> None:
    file = write(tmp_path, (*ROW, "7"), head=(*HEAD, "Net"))
    got = read(file, {"Amount": "-", "Net": "amount", "customer": "-"})
    assert got.amounts == [7]
    assert got.sheets[0].ignored == ["Customer", "Amount"]
    assert got.rows["mentions"][0]["name"] is None


def test_a_mapping_of_what_is_not_there_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path, ROW)
    with pytest.raises(UnknownField, match=r"ammount.* amount"):
        read(file, {"Amount": "ammount"})
    with pytest.raises(UnknownField, match=r"ydm.*dmy"):
        read(file, {"Due Date": ":ydm"})
    with pytest.raises(NoColumn, match=r"“Net”.*Customer No, Customer"):
        read(file, {"Net": "amount"})


def test_every_field_has_a_place_where_it_waits() -> None:
    beside = {
        "customers": {"customer_name", "credit_limit", "currency"},
        "invoices": {
            *("open_amount", "paid_amount", "payment_reference", "status"),
            *("debit", "credit"),
        },
    }
    for kind, fields in synonyms().items():
        known = {*columns(kind), "names", "customer_name", *beside.get(kind, ())}
        assert set(fields) - known <= set(), kind
        for group in NEEDED[kind]:
            assert set(group) & set(fields), (kind, group)
    assert set(synonyms()) == set(STAGED) - {"mentions"}
