"""Blocks as HTML: the templates draw, this gives them what they need to know.

What is drawn stands inside an element of class `blocks` that the page makes, and
the page's script brings it to life. They agree on this:

Every interactive element has one root, which carries

| attribute        | meaning                                                          |
|------------------|------------------------------------------------------------------|
| `data-type`      | the element's type, `button`, `static_select`, …                 |
| `data-block-id`  | the `block_id` of the block that it stands in                    |
| `data-action-id` | its `action_id`                                                  |
| `data-field`     | the field of its state value, `selected_option`; none if pressed |
| `data-value`     | its value now, as JSON: `{"selected_option": {…}}`, `{}` if none;|
|                  | the script keeps it true                                         |
| `data-dispatch`  | when the app is told: `press`, `change`, `enter`, `character`,   |
|                  | several with spaces between; none: only when the view is sent    |
| `data-confirm`   | JSON `{title, text, confirm, deny, style}` to ask first; the     |
|                  | first four are HTML, safe to insert                              |
| `data-focus`     | there if it has the focus when the view opens                    |

The state value is `{"type": data-type, data-field: …}`. Where it is read from:

| `data-type`                 | root           | the value                            |
|-----------------------------|----------------|--------------------------------------|
| `button`, `icon_button`     | `button`, `a`  | none; an `a` also opens its `href`   |
| `feedback_buttons`          | `span`         | `data-value` of the inner `button`   |
| `overflow`                  | `span.menu`    | `data-value` of the pressed          |
|                             |                | `button[role=menuitem]` in `.popup`, |
|                             |                | which opens its `data-url` if it has |
|                             |                | one; the first `button` opens it     |
| `…_select`, `multi_…_select`| `span.select`  | `data-value` of the root (below)     |
| `checkboxes`,               | `fieldset`     | of each `input` that is checked,     |
| `radio_buttons`             |                | `data-option`: the option as JSON    |
| `datepicker`, `timepicker`  | `span.moment`  | the `input`'s own value; "" is null  |
| `datetimepicker`            | `span.moment`  | seconds of the `input`'s local time  |
|                             |                | in the zone `data-zone`              |
| `plain_text_input`, `email_text_input`, `url_text_input`, `number_input`            |
|                             | `span.written` | value of `input`/`textarea`; "" null |
| `rich_text_input`           | `span.editor`  | `data-value`, until `div.area` was   |
|                             |                | edited; then its content as rich_text|
| `file_input`                | `span.files`   | `{"files": [file, …]}` in            |
|                             |                | `data-value` once uploaded; names in |
|                             |                | `ul.filelist`; `data-most` files     |

A select has an `input[role=combobox]` and a `ul[role=listbox].popup`, in which each
option is `li[role=option][data-one]`, under `li.group` in groups; `data-one` is the
JSON of what goes into the value: an option, or a string (a user's id, …).
`data-source` is `static` (the list is drawn, typing filters it), `external` (ask
from `data-least` characters on; `draw_options` draws the answer), `users`,
`channels` or `conversations` (`draw_items`; `data-filter` holds Slack's filter).
`multi_…` ones (`.many`) show what is chosen as `.chips > .chip[data-one]`, each with
a `button.unchip`; at most `data-most`.

An input block is `.block.input[data-input=block_id]`; its `.error` says what is wrong
(by the key `block_id` of the answer's errors; unhide it, and set `aria-invalid` on
the control). `data-channel` on a mention opens that channel, `data-user` that user.

A data table is `.data-table[data-size]`: sort by `button.sort` in `th[aria-sort]`,
cells carry `data-sort` (a number, or text); `input.filter` hides rows that lack what
is typed; `.pages` holds `button[data-page=previous|next]` and `.range`. All rows are
there, those of later pages `hidden`. Menus open and close by `hidden` of `.popup`
and `aria-expanded`. A container folds and a chart shows its figures by `details`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from sandbox.blocks.charts import Plot, plot
from sandbox.blocks.dates import written
from sandbox.blocks.emojis import by_name
from sandbox.blocks.limits import Surface
from sandbox.blocks.links import link, safe
from sandbox.blocks.mrkdwn import Names, draw_mrkdwn, draw_plain, flat
from sandbox.blocks.values import Json, chosen_of, moment_of, value_of

_MARKDOWN = (
    MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})
    .enable(["table", "strikethrough"])
    .disable("image")
)
_TASKS = {"<li>[ ] ": "<li>☐ ", "<li>[x] ": "<li>☑ ", "<li>[X] ": "<li>☑ "}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


ENVIRONMENT = Environment(
    loader=PackageLoader("sandbox.blocks"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.filters["json"] = _json
_BLOCKS = ENVIRONMENT.get_template("blocks.html")


def _same(words: str) -> str:
    return words


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
    """Gives the address of a file of the workspace by its id, or ""."""
    say: Callable[[str], str] = _same
    """Gives our own words in the reader's language."""

    def _(self, words: str) -> str:
        """Return our own words in the reader's language."""
        return self.say(words)

    def text(self, text: Json) -> Markup:
        """Return a text object as HTML."""
        if text["type"] == "mrkdwn":
            verbatim = text.get("verbatim") is True
            return draw_mrkdwn(text["text"], self.names, verbatim=verbatim)
        return draw_plain(text["text"], emoji=text.get("emoji") is not False)

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

    def emoji(self, name: str) -> str:
        """Return the emoji of that name, or ""."""
        return by_name(name)

    def date(self, piece: Json) -> str:
        """Return a date of rich text as the reader writes it."""
        shown = written(piece["timestamp"], piece["format"], self.names.reader)
        return shown or str(piece.get("fallback", ""))

    def rich(self, block: Json) -> Markup:
        """Return a rich text block as HTML."""
        return draw([block], self)

    def markdown(self, text: str) -> Markup:
        """Return standard Markdown as HTML; pictures become links."""
        html = _MARKDOWN.render(text).replace(
            "<a ", '<a target="_blank" rel="noopener noreferrer" '
        )
        for typed, shown in _TASKS.items():
            html = html.replace(typed, shown)
        return Markup(html)  # noqa: S704 - the library escapes; html is off

    def plot(self, block: Json) -> Plot:
        """Return a chart's shapes."""
        return plot(block, self.names.reader.locale)

    def image(self, image: Json, size: str) -> Markup:
        """Return a picture of this server's own; of others' only what it shows.

        The page asks no other host for anything.
        """
        file = image.get("slack_file") or {}
        address = self.file(str(file.get("id", ""))) if file else image["image_url"]
        alt = image.get("alt_text", "")
        own = address.startswith("/") and not address.startswith("//")
        if own or address.startswith("data:image/"):
            drawn = Markup('<img class="{}" src="{}" alt="{}" title="{}">')
            return drawn.format(size, address, alt, alt)
        host = urlsplit(address).hostname or ""
        drawn = Markup(
            '<span class="img {}" role="img" aria-label="{}" title="{} ({})">'
            '<span aria-hidden="true">🖼</span><span class="alt">{}</span></span>'
        )
        return drawn.format(size, alt, alt, host, alt)

    def confirm(self, confirm: Json) -> Json:
        """Return a confirm dialog with its texts drawn, for the page to show."""
        drawn = {
            name: str(self.text(confirm[name]))
            for name in ("title", "text", "confirm", "deny")
            if confirm.get(name)
        }
        return {"confirm": self._("Confirm"), "deny": self._("Cancel"), **drawn} | {
            "style": confirm.get("style", "primary")
        }

    def value(self, element: Json, block: Json) -> Json:
        """Return what is chosen or written in the element, as Slack's state says."""
        return value_of(element, block.get("block_id", ""), self.values)

    def chosen(self, element: Json, value: Json) -> list[Json]:
        """Return what a select shows as chosen: `shown` and `value` of each."""
        return chosen_of(element, value, self.names)

    def is_chosen(self, option: Json, value: Json) -> bool:
        """Return whether the option of check boxes or radio buttons is on."""
        on = value.get("selected_options") or [value.get("selected_option")]
        return option["value"] in [o["value"] for o in on if o]

    def moment(self, element: Json, block: Json) -> str:
        """Return a picker's date or time as HTML's inputs write it."""
        return moment_of(self.value(element, block), self.names.reader)

    def dispatch(self, block: Json) -> str:
        """Return what tells the app of an input at once: change, enter, character."""
        if not block.get("dispatch_action"):
            return ""
        config = block["element"].get("dispatch_action_config") or {}
        on = config.get("trigger_actions_on") or ["on_enter_pressed"]
        return "change " + " ".join(on)

    def id(self, block: Json, element: Json) -> str:
        """Return an HTML id for the element."""
        named = f"{self.place}-{block.get('block_id')}-{element.get('action_id', '')}"
        return "".join(c if c.isalnum() or c in "-_" else f"_{ord(c):x}" for c in named)


def draw(blocks: list[Json], drawing: Drawing) -> Markup:
    """Return good blocks (see `check_blocks`) as HTML."""
    html = _BLOCKS.render(blocks=blocks, d=drawing)
    return Markup(html)  # noqa: S704 - the template escapes by itself
