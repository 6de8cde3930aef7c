"""From a typed `Message` to Slack blocks, in the reader's language."""

from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache, partial
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import (
    NumberPattern,
    format_currency,
    format_decimal,
    format_percent,
    parse_pattern,
)
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.bccache import Bucket

from templates.blocks import Blocks
from templates.figures import Figures
from templates.messages.base import Message, Rendered
from templates.mrkdwn import (
    Mrkdwn,
    channel_link,
    cut,
    escape,
    link,
    mention,
    moment_link,
)

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "zh-CN")


class Renderer:
    """Renders messages; holds one Jinja environment a language, and no state."""

    def __init__(self, languages: Iterable[str] = LANGUAGES) -> None:
        """Load the translations of `languages`; the first is the default."""
        self._environments = {name: environment(name) for name in languages}
        self._default = next(iter(self._environments))

    def __call__(self, message: Message, language: str) -> Rendered:
        """Return `message` in `language`, or in the nearest one we speak."""
        jinja = self._environments[self.nearest(language)]
        blocks = Blocks()
        values = {f.name: getattr(message, f.name) for f in fields(message)}
        stray = jinja.get_template(message.template).render(
            values | blocks.vocabulary()
        )
        if stray.strip():
            raise ValueError(
                f"{message.template} has text outside its blocks: {stray.strip()!r}"
            )
        return blocks.rendered()

    def nearest(self, language: str) -> str:
        """Return the language we speak that is nearest: zh-TW reads zh-CN."""
        if language in self._environments:
            return language
        stem = language.replace("_", "-").partition("-")[0]
        speaks = (n for n in self._environments if n.partition("-")[0] == stem)
        return next(speaks, self._default)


class _Compiled(BytecodeCache):
    """Holds what templates were compiled to: it is the same in every language."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


class _Environment(Environment):
    """Keeps what a block sets as markup: what it prints is escaped there, once."""

    def _parse(
        self, source: str, name: str | None, filename: str | None
    ) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for block in tree.find_all(nodes.AssignBlock):
            if block.filter is None:
                block.filter = nodes.Filter(None, "marked", [], [], None, None)
        return tree


def environment(language: str) -> Environment:
    """Return the Jinja environment of `language`: strict, and escaping for Slack."""
    result = _Environment(
        loader=FileSystemLoader(FOLDER / "slack"),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        finalize=escape,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_COMPILED,
    )
    result.policies["ext.i18n.trimmed"] = True
    words = translations(language)
    result.newstyle_gettext = True  # type: ignore[attr-defined]
    result.globals |= _words(words)
    form = Form(language)
    result.filters |= {
        "cut": cut,
        "date": form.date,
        "marked": Mrkdwn,
        "moment": form.moment,
        "month": form.month,
        "money": form.money,
        "number": form.number,
        "percent": form.percent,
        "words": lambda text: Mrkdwn(str(text).strip()),
    }
    result.globals |= {
        "channel_link": channel_link,
        "link": link,
        "mention": mention,
        "moment_link": moment_link,
    }
    return result


def _words(words: NullTranslations) -> dict[str, Callable[..., Mrkdwn]]:
    """Return what templates say a sentence with: Jinja's own, but looked up once."""

    @lru_cache(maxsize=4096)
    def known(message: str) -> Mrkdwn:
        return Mrkdwn(words.gettext(message))

    @lru_cache(maxsize=4096)
    def alone(message: str) -> Mrkdwn:
        return known(message) % {}

    def gettext(message: str, /, **values: object) -> Mrkdwn:
        return known(message) % values if values else alone(message)

    def ngettext(one: str, many: str, num: int, /, **values: object) -> Mrkdwn:
        return Mrkdwn(words.ngettext(one, many, num)) % ({"num": num} | values)

    return {"_": gettext, "gettext": gettext, "ngettext": ngettext}


_KEPT = 4096


class Form:
    """How one language writes dates, numbers and money."""

    def __init__(self, language: str) -> None:
        """Write as `language` does."""
        self._locale = Locale.parse(language.replace("-", "_"))  # once: it is slow
        self._money: dict[tuple[str, int], Figures] = {}
        # The same days and shares come again and again, from message to message.
        self.month = lru_cache(maxsize=_KEPT)(self._month)
        self.date = lru_cache(maxsize=_KEPT)(self._date)
        self.number = lru_cache(maxsize=_KEPT)(self._number)
        self.percent = lru_cache(maxsize=_KEPT)(self._percent)

    def _month(self, day: date) -> str:
        """Return the month of a day, e.g. `Mar 26`; short enough for a chart."""
        form = "yy年M月" if self._locale.language == "zh" else "MMM yy"
        return format_date(day, form, locale=self._locale)

    def _date(self, day: date, form: str = "medium") -> str:
        """Return a day, e.g. `Mar 4, 2026`."""
        return format_date(day, form, locale=self._locale)

    def moment(self, moment: datetime, form: str = "short") -> str:
        """Return a moment in its own time zone, e.g. `3/4/26, 9:30 AM`.

        `full` has the weekday, and the zone by its name, as people choose it.
        """
        if form == "full":
            day = format_date(moment, "full", locale=self._locale)
            hour = format_time(moment, "short", moment.tzinfo, locale=self._locale)
            return f"{day}, {hour} ({moment.tzinfo})"
        return format_datetime(moment, form, tzinfo=moment.tzinfo, locale=self._locale)

    def money(self, amount: Decimal, currency: str) -> str:
        """Return an amount with its ISO code, whole from 100 up: `USD 12,340`."""
        decimals = 0 if abs(amount) >= 100 or amount == 0 else 2  # noqa: PLR2004 - cents matter only in small amounts
        write = self._money.get((currency, decimals))
        if write is None:
            write = Figures(partial(self._in_full, currency, decimals), decimals)
            self._money[currency, decimals] = write
        return write(amount)

    def _in_full(self, currency: str, decimals: int, amount: Decimal) -> str:
        pattern: Any = _pattern("¤¤ #,##0.00" if decimals else "¤¤ #,##0")
        return format_currency(
            amount,
            currency,
            pattern,
            locale=self._locale,
            currency_digits=False,
        )

    def _number(self, value: float | Decimal, form: str = "#,##0.#") -> str:
        """Return a number, e.g. `1,234.5`."""
        pattern: Any = _pattern(form)
        return format_decimal(value or 0, pattern, locale=self._locale)

    def _percent(self, value: float | Decimal, form: str = "#,##0%") -> str:
        """Return a share of one as a percentage, e.g. `36%`."""
        pattern: Any = _pattern(form)
        return format_percent(value or 0, pattern, locale=self._locale)


@cache
def _pattern(form: str) -> NumberPattern:
    """Return a number's form, read once; Babel takes it in place of the text."""
    return parse_pattern(form)


def catalogue(language: str) -> Catalog | None:
    """Return all that `templates/locale/<language>/*.po` translate, as one."""
    name = language.replace("-", "_")
    result: Catalog | None = None
    for source in sorted((FOLDER / "locale" / name).glob("*.po")):
        with source.open("rb") as file:
            part = read_po(file, name, abort_invalid=True)
        if result is None:
            result = part
            continue
        for message in part:
            if message.id:
                result[message.id] = message
    return result


@cache
def translations(language: str) -> NullTranslations:
    """Return the words of `language`: its own, or the English of the templates."""
    words = catalogue(language)
    if words is None:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, words)
    compiled.seek(0)
    return GNUTranslations(compiled)
