"""What people call figures, ratings and credit events, in English and Chinese."""

from collections.abc import Mapping

from risk.whatif_told import Figure, Kind

COUNTS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "一": 1,
    "两": 2,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}

FIGURES: Mapping[str, Figure] = {
    "turnover": "turnover",
    "sales": "turnover",
    "revenue": "turnover",
    "revenues": "turnover",
    "profit": "profit",
    "profits": "profit",
    "earnings": "profit",
    "net income": "profit",
    "debt": "debt",
    "debts": "debt",
    "liabilities": "debt",
    "borrowing": "debt",
    "cash flow": "cash_flow",
    "cashflow": "cash_flow",
    "equity": "equity",
    "net worth": "equity",
    "营业额": "turnover",
    "营业收入": "turnover",
    "营收": "turnover",
    "销售额": "turnover",
    "收入": "turnover",
    "净利润": "profit",
    "利润": "profit",
    "盈利": "profit",
    "负债": "debt",
    "债务": "debt",
    "现金流": "cash_flow",
    "净资产": "equity",
    "股东权益": "equity",
}

SCALES = {
    "s&p": "sp",
    "standard & poor's": "sp",
    "fitch": "sp",
    "标普": "sp",
    "惠誉": "sp",
    "moody's": "moodys",
    "moody’s": "moodys",
    "moodys": "moodys",
    "穆迪": "moodys",
    "creditsafe": "creditsafe",
    "creditreform": "creditreform",
    "paydex": "paydex",
    "d&b": "dnb_failure_percentile",
    "dnb": "dnb_failure_percentile",
    "邓白氏": "dnb_failure_percentile",
}

EVENTS: Mapping[str, Kind] = {
    "insolv": "insolvency",
    "bankrupt": "insolvency",
    "破产": "insolvency",
    "default": "default",
    "违约": "default",
    "write": "write_off",
    "written": "write_off",
    "核销": "write_off",
    "sue": "suit",
    "suit": "suit",
    "起诉": "suit",
    "诉讼": "suit",
}
"""By a piece of the word."""

UNITS = {"w": 7, "周": 7, "星": 7, "m": 30, "个": 30}
"""Days of a unit of time, by its first letter; what is not here is a day."""
