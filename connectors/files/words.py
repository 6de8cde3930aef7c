"""What the words in a column mean (kinds of documents, states) in both languages."""

import re
from collections.abc import Callable

from connectors.files.values import Wrong
from risk.errors import N_

NO_WORD = N_("It is not known what this stands for.")


def _table(**words: str) -> dict[str, str]:
    return {
        word: meaning for meaning, many in words.items() for word in many.split("|")
    }


DOCUMENTS = _table(
    invoice="invoice|inv|rv|dr|re|rechnung|bill|tax invoice|sales invoice|accrec|debit"
    "|debit note|debit memo|dm|si|s|soll|out invoice|customer invoice|d|借|发票|应收单"
    "|销售发票|其他应收单|增值税发票|finance charge",
    credit_note="credit note|credit memo|credit|cm|cn|dg|rg|gutschrift|accreccredit|sc"
    "|sales credit note|credit invoice|sales return|return|out refund|customer refund|h"
    "|haben|cr|贷|贷项|贷项凭证|红字发票|红字应收单|退款|退货",
    payment="payment|pmt|dz|receipt|zahlung|cash|cash receipt|zp|customer payment|sr|sa"
    "|收款|收款单|预收款|预收单|on account|prepayment|unapplied|deposit",
)
STATUSES = _table(
    paid="paid|closed|settled|cleared|paid in full|complete|completed|bezahlt|cl|已付"
    "|已付款|已付清|已收|已收款|已结清|已核销|全部核销|完全核销|已收清|结清",
    void="void|voided|cancelled|canceled|cancel|deleted|draft|storniert|reversed|作废"
    "|已作废|取消|已取消|草稿|红冲",
    open="open|unpaid|overdue|sent|authorised|authorized|outstanding|offen|approved|op"
    "|partially paid|partial|partly paid|not paid|in payment|posted|awaiting payment"
    "|未付|未付款|未收|未收款|部分收款|逾期|已审核|未核销|部分核销|viewed|submitted|due",
)
PAYMENTS = _table(
    payment="payment|receipt|cash|wire|transfer|check|cheque|card|bank|收款|付款|转账"
    "|现金|支票|汇款|承兑",
    credit_note="credit note|credit memo|credit|cn|贷项",
    write_off="write off|writeoff|write-off|bad debt|核销坏账|坏账",
)
COVERS = _table(
    guarantee="guarantee|bank guarantee|parent guarantee|surety|担保|保函|银行保函"
    "|母公司担保",
    insurance="insurance|credit insurance|cargo insurance|保险|信用保险|信保",
    deposit="deposit|cash deposit|prepayment|保证金|押金|定金",
    letter_of_credit="letter of credit|l/c|lc|letter_of_credit|信用证",
)
RELATIONS = _table(
    parent="parent|parent of|owner|shareholder|母公司|控股|股东",
    subsidiary="subsidiary|child|subsidiary of|子公司",
    sister="sister|affiliate|关联公司|兄弟公司",
    guarantor="guarantor|guarantor of|担保人|担保",
    supplier="supplier|供应商",
    director="director|shared director|共同董事",
)
EVENTS = _table(
    default="default|违约",
    write_off="write_off|write off|writeoff|bad debt|坏账|核销",
    suit="suit|lawsuit|litigation|legal|诉讼|起诉",
    insolvency="insolvency|bankruptcy|insolvent|chapter 11|破产|破产重整",
    hold="hold|stop|冻结|停货",
)
CLAUSES = _table(
    clause="clause|contract|contract clause|covenant|条款|合同",
    review="review|review date|annual review|复审|复核|评审",
)
ORDERS = _table(
    open="open|new|confirmed|pending|in progress|未交货|已确认|打开|进行中",
    delivered="delivered|shipped|dispatched|已发货|已交货",
    invoiced="invoiced|billed|closed|complete|completed|已开票|已完成|关闭",
    cancelled="cancelled|canceled|void|已取消|取消|作废",
)
COMPANIES = _table(
    manufacturer="manufacturer|manufacturing|public manufacturer|上市制造|制造业",
    private_manufacturer="private manufacturer|private_manufacturer|非上市制造"
    "|私营制造",
    service="service|services|non-manufacturer|服务业|服务|非制造",
    emerging="emerging|emerging market|新兴市场",
)


def strict(table: dict[str, str]) -> Callable[[str], str | Wrong]:
    """Return what reads the words of `table` and knows no others."""
    return lambda text: table.get(plain(text)) or Wrong(NO_WORD)


def lenient(table: dict[str, str]) -> Callable[[str], str | None]:
    """Return what reads the words of `table`; others say nothing."""
    return lambda text: table.get(plain(text))


_DOCUMENT_PARTS = (
    ("credit_note", ("credit", "refund", "gutschrift", "红字", "贷项", "退")),
    ("payment", ("payment", "receipt", "zahlung", "收款", "预收", "回款")),
    ("invoice", ("invoice", "rechnung", "发票", "应收")),
)
"""What a document is whose name nobody foresaw, by the first of these parts in it."""


def read_document(text: str) -> str | None:
    """Return what kind of document a ledger's word means: `销售专用发票` an invoice."""
    word = plain(text)
    if word in DOCUMENTS:
        return DOCUMENTS[word]
    return next(
        (
            kind
            for kind, parts in _DOCUMENT_PARTS
            if any(part in word for part in parts)
        ),
        None,
    )


def plain(text: str) -> str:
    """Return a word without case, underscores or doubled spaces."""
    return re.sub(r"[\s_]+", " ", text.strip().lower())


READERS = {
    ("invoices", "kind"): read_document,
    ("invoices", "status"): lenient(STATUSES),
    ("payments", "kind"): lenient(PAYMENTS),
    ("covers", "kind"): strict(COVERS),
    ("relations", "kind"): strict(RELATIONS),
    ("events", "kind"): strict(EVENTS),
    ("clauses", "kind"): strict(CLAUSES),
    ("orders", "state"): lenient(ORDERS),
    ("customers", "company_type"): lenient(COMPANIES),
}
"""How the words of a column are read, by kind of sheet and field."""

_TOTALS = re.compile(
    r"(grand |sub)?totals?\b.*|summe.*|gesamt.*|zwischensumme.*|sous-total.*|"
    r"(本页|本月|本期|本年)?(合\s*计|总\s*计|小\s*计|累\s*计).*|.*(合计|小计|总计)[:：]?|"
    r"percentage of total|\*+",
    re.IGNORECASE,
)


def is_total(cell: str) -> bool:
    """Return whether a cell begins a line of totals."""
    return bool(_TOTALS.fullmatch(cell.strip()))
