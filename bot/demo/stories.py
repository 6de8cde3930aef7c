"""What is worth finding in the demo company: a customer each, and how it behaves."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """A customer with a fate of their own; `kind` names what the generator does."""

    kind: str
    name: str
    chinese: str | None
    about: str
    country: str = "DE"
    currency: str = "EUR"


STORIES = (
    Story(
        "turning_slow",
        "Brightwater Pumps GmbH",
        None,
        "Paid early for years; each month of the last six a little later.",
    ),
    Story(
        "order_spike",
        "Calder & Finch Ltd",
        None,
        "Orders of the last month are five times the usual.",
        "GB",
        "GBP",
    ),
    Story(
        "gone_quiet",
        "Northgate Tooling Ltd",
        None,
        "Bought every week, and nothing for three months; the last bill is open.",
        "GB",
        "GBP",
    ),
    Story(
        "member_default",
        "Halvorsen Marine AS",
        None,
        "Pays well, but its sister Halvorsen Dredging AS has defaulted.",
        "NO",
        "EUR",
    ),
    Story(
        "defaulted",
        "Halvorsen Dredging AS",
        None,
        "Insolvent since three weeks; pulls its group down.",
        "NO",
        "EUR",
    ),
    Story(
        "limit_eaten",
        "Qingshan Precision Co., Ltd.",
        "青杉精密机械有限公司",
        "Few invoices, but open orders eat up the whole limit.",
        "CN",
        "CNY",
    ),
    Story(
        "cover_lapses",
        "Marlow Ceramics SpA",
        None,
        "Its credit insurance ends in nine days: without it the limit is passed.",
        "IT",
    ),
    Story(
        "disputes_rise",
        "Yunlan Textile Co., Ltd.",
        "云岚纺织有限公司",
        "Every third invoice of this quarter is disputed.",
        "CN",
        "CNY",
    ),
    Story(
        "partial",
        "Delta Forge LLC",
        None,
        "Pays half of each invoice on time, the rest whenever.",
        "US",
        "USD",
    ),
    Story(
        "first_overdue",
        "Osterberg Optik AB",
        None,
        "Never late in two years, until one invoice twelve days ago.",
        "SE",
    ),
    Story(
        "concentration",
        "Haoyuan Electronics Group",
        "皓远电子集团有限公司",
        "Owes more than a tenth of all that is owed to us.",
        "CN",
        "CNY",
    ),
    Story(
        "rating_cut",
        "Pinecrest Foods Inc.",
        None,
        "Cut from BBB to BB last week.",
        "US",
        "USD",
    ),
    Story(
        "statement_overdue",
        "Lingfeng Logistics Co., Ltd.",
        "凌峰物流有限公司",
        "Its last accounts are twenty months old.",
        "CN",
        "CNY",
    ),
    Story(
        "cash_only",
        "Tamarin Trading FZE",
        None,
        "Limit 0: we ship against cash only.",
        "AE",
        "USD",
    ),
)
