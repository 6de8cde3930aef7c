"""Names of made-up companies, English and Chinese, none twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

_FIRST = (
    "Alder",
    "Amberley",
    "Arden",
    "Birchwood",
    "Brackwater",
    "Cobalt",
    "Corriven",
    "Dunmere",
    "Eastholm",
    "Fallowfield",
    "Fernhill",
    "Glasswing",
    "Greyfriar",
    "Harrowgate",
    "Ironbark",
    "Kestrelby",
    "Larkspur",
    "Maplehurst",
    "Nettlebed",
    "Oakhaven",
    "Pellworth",
    "Quillon",
    "Ravenswick",
    "Saltmarsh",
    "Thornbury Vale",
    "Umberland",
    "Velmora",
    "Westerlund",
    "Yarrowdale",
    "Zephyrine",
)
_TRADE = (
    ("Bearings", "manufacturing"),
    ("Packaging", "packaging"),
    ("Instruments", "instruments"),
    ("Foods", "food"),
    ("Textiles", "textiles"),
    ("Logistics", "logistics"),
    ("Components", "electronics"),
    ("Chemicals", "chemicals"),
    ("Timber", "wood"),
    ("Marine Supply", "shipping"),
)
_FORMS = {
    "DE": "GmbH",
    "GB": "Ltd",
    "US": "Inc.",
    "FR": "SARL",
    "IT": "SpA",
    "NL": "B.V.",
    "SE": "AB",
}
_PLACES = (
    ("Qinghe", "清禾"),
    ("Yunxi", "云溪"),
    ("Lanting", "岚庭"),
    ("Mingyuan", "茗远"),
    ("Songbai", "松柏屿"),
    ("Haitang", "海棠湾"),
    ("Xingluo", "星落"),
    ("Jinsui", "锦穗"),
    ("Beichen", "北辰岭"),
    ("Hengyue", "衡岳川"),
    ("Zhuxi", "竹溪谷"),
    ("Ruifeng", "瑞枫林"),
)
_BUSINESS = (
    ("Electronics", "电子", "electronics"),
    ("Machinery", "机械", "manufacturing"),
    ("Plastics", "塑胶", "chemicals"),
    ("Trading", "贸易", "trade"),
    ("Textile", "纺织", "textiles"),
    ("Foodstuff", "食品", "food"),
    ("Auto Parts", "汽车配件", "automotive"),
    ("Logistics", "物流", "logistics"),
)
CURRENCIES = {"GB": "GBP", "US": "USD", "CN": "CNY"}
REGIONS = {"CN": "China", "US": "Americas"}


@dataclass(frozen=True, slots=True)
class Company:
    """A made-up company; `chinese` where it has such a name."""

    name: str
    chinese: str | None
    country: str
    industry: str

    @property
    def currency(self) -> str:
        """Return what it is invoiced in."""
        return CURRENCIES.get(self.country, "EUR")

    @property
    def region(self) -> str:
        """Return whose sales team it belongs to."""
        return REGIONS.get(self.country, "Europe")


def companies(chance: Random) -> Iterator[Company]:
    """Yield companies, each once, a third of them Chinese; 396 in all."""
    western = [
        Company(f"{first} {trade} {form}", None, country, industry)
        for first in _FIRST
        for trade, industry in _TRADE
        for country, form in [chance.choice(sorted(_FORMS.items()))]
    ]
    chinese = [
        Company(f"{latin} {trade} Co., Ltd.", f"{place}{word}有限公司", "CN", industry)
        for latin, place in _PLACES
        for trade, word, industry in _BUSINESS
    ]
    chance.shuffle(western)
    chance.shuffle(chinese)
    while western or chinese:
        if chinese:
            yield chinese.pop()
        yield from (western.pop() for _ in range(2) if western)
