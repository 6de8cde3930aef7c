"""What the templates of blocks ask for: who reads, what is filled in, how it reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from sandbox.blocks.charts import Plot, plot
from sandbox.blocks.dates import written
from sandbox.blocks.emojis import by_code, by_name
from sandbox.blocks.limits import Surface
from sandbox.blocks.links import link, safe
from sandbox.blocks.markdown import draw_markdown
from sandbox.blocks.mrkdwn import Names, draw_mrkdwn, draw_plain, flat, plain_words
from sandbox.blocks.values import Json, chosen_of, field_of, moment_of, value_of
from sandbox.blocks.words import said

_TRIGGERS = {"on_enter_pressed": "enter", "on_character_entered": "character"}


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _no_file(identity: str) -> str:  # noqa: ARG001 - the form of Drawing.file
    return ""


@dataclass(frozen=True)
class Drawing:
    """What is known where blocks are drawn: who reads, where, what is filled in."""

    names: Names
    surface: Surface = "message"
    place: str = "b"
    """Begins the ids of what is drawn, so that they are unique on the page."""
    values: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    """The state: block id → action id → value."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """What is wrong with inputs, by block id."""
    file: Callable[[str], str] = _no_file
    """Gives the path at which this server has a file, by its id or URL, or ""."""

    def _(self, words: str) -> str:
        """Return our own words in the reader's language."""
        return said(words, self.names.reader.locale)

    def text(self, text: Json) -> Markup:
        """Return a text object as HTML."""
        if text["type"] == "mrkdwn":
            verbatim = text.get("verbatim") is True
            return draw_mrkdwn(text["text"], self.names, verbatim=verbatim)
        return draw_plain(text["text"], emoji=text.get("emoji") is not False)

    def mrkdwn(self, text: str) -> Markup:
        """Return a mrkdwn text, such as a message's, as HTML."""
        return draw_mrkdwn(text, self.names)

    def day(self, timestamp: int) -> str:
        """Return the day of a moment in seconds since 1970."""
        return written(timestamp, "{date_short_pretty}", self.names.reader)

    def words(self, text: Json | None) -> str:
        """Return a plain_text object as it reads; "" for none."""
        return plain_words(text["text"]) if text else ""

    def words_of(self, section: Json) -> str:
        """Return the section's words, the name of what stands beside them."""
        text = section.get("text") or (section.get("fields") or [{"text": ""}])[0]
        return flat(text["text"], self.names)[:150]

    def lines(self, text: str) -> Markup:
        """Return a piece of rich text, its line breaks kept."""
        return Markup("<br>").join(escape(text).split("\n"))

    def link(self, address: str, shown: str) -> Markup:
        """Return a link, or only its text where the address is unsafe."""
        return link(address, shown)

    def href(self, address: str) -> str:
        """Return the address if it is safe to open."""
        return address if safe(address) else "about:blank"

    def emoji(self, piece: Json) -> str:
        """Return an emoji of rich text, or "" if neither name nor code tells it."""
        tone = piece.get("skin_tone")
        name = f"{piece['name']}::skin-tone-{tone}" if tone else piece["name"]
        return by_name(name) or by_code(piece.get("unicode") or "")

    def date(self, piece: Json) -> str:
        """Return a date of rich text as the reader writes it."""
        shown = written(piece["timestamp"], piece["format"], self.names.reader)
        return shown or str(piece.get("fallback") or "")

    def markdown(self, text: str) -> Markup:
        """Return standard Markdown as HTML; pictures become links."""
        return draw_markdown(text)

    def plot(self, block: Json) -> Plot:
        """Return a chart's shapes."""
        return plot(block, self.names.reader.locale)

    def picture(self, image: Json) -> Json:
        """Return a picture's `address` if this server has it, and its `host`.

        The page asks no other host for anything; of others' pictures it shows what
        they are said to show.
        """
        file = image.get("slack_file") or {}
        named = image.get("image_url") or file.get("id") or file.get("url") or ""
        is_whole = named.startswith("data:image/")
        return {
            "address": named if is_whole else self.file(named),
            "host": _host(named),
        }

    def confirm(self, confirm: Json) -> Json:
        """Return a confirm dialog with its texts drawn, for the page to show."""
        drawn = {
            name: str(self.text(confirm[name]))
            for name in ("title", "text", "confirm", "deny")
            if confirm.get(name)
        }
        return {"confirm": self._("Confirm"), "deny": self._("Cancel"), **drawn} | {
            "style": confirm.get("style") or "primary"
        }

    def value(self, element: Json, block: Json) -> Json:
        """Return what is chosen or written in the element, as Slack's state says."""
        return value_of(element, block.get("block_id", ""), self.values)

    def chosen(self, element: Json, value: Json) -> list[Json]:
        """Return what a select shows as chosen: `shown` and `value` of each."""
        return chosen_of(element, value, self.names)

    def field(self, element: Json) -> str:
        """Return in which field of the state the element's value stands, or ""."""
        return field_of(element)

    def source(self, element: Json) -> str:
        """Return where a select's options come from, as `static` or `users`."""
        return str(element["type"]).removeprefix("multi_").removesuffix("_select")

    def called(self, element: Json) -> str:
        """Return the name of an element that stands without a label."""
        said = self.words(element.get("placeholder"))
        is_select = str(element["type"]).endswith("_select")
        return said or (self._("Select an option") if is_select else "")

    def is_chosen(self, option: Json, value: Json) -> bool:
        """Return whether the option of a select, check boxes or radio buttons is on."""
        on = value.get("selected_options") or [value.get("selected_option")]
        return option["value"] in [o["value"] for o in on if o]

    def moment(self, element: Json, block: Json) -> str:
        """Return a picker's date or time as HTML's inputs write it."""
        return moment_of(self.value(element, block), self.names.reader)

    def dispatch(self, block: Json) -> str:
        """Return what tells the app of an input at once: change, enter, character."""
        element = block["element"]
        if not block.get("dispatch_action"):
            return ""
        if field_of(element) not in {"value", "rich_text_value"}:
            return "change"
        config = element.get("dispatch_action_config") or {}
        on = config.get("trigger_actions_on") or ["on_enter_pressed"]
        return " ".join(_TRIGGERS[trigger] for trigger in on)

    def id(self, block: Json, element: Json) -> str:
        """Return an HTML id for the element."""
        named = f"{self.place}-{block.get('block_id')}-{element.get('action_id', '')}"
        return "".join(c if c.isalnum() or c in "-_" else f"_{ord(c):x}" for c in named)
