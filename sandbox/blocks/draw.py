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
| `data-value`     | of selects, editors and files: the value now, as JSON with that  |
|                  | field, `{"selected_option": null}`; the script keeps it true     |
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
`channels` or `conversations` (the script lists them; `data-filter` is Slack's filter).
`multi_…` ones (`.many`) show what is chosen as `.chips > .chip[data-one]`, each with
a `button.unchip`; at most `data-most`.

An input block is `.block.input[data-input=block_id]`; its `.error` says what is wrong
(by the key `block_id` of the answer's errors; unhide it, and set `aria-invalid` on
the control). `data-channel` on a mention opens that channel; `data-user` names the
user who is mentioned.

A data table is `.data-table[data-size]`: sort by `button.sort` in `th[aria-sort]`,
cells carry `data-sort` (a number, or text); `input.filter` hides rows that lack what
is typed; `.pages` holds `button[data-page=previous|next]` and `.range`. All rows are
there, those of later pages `hidden`. Menus open and close by `hidden` of `.popup`
and `aria-expanded`. A container folds and a chart shows its figures by `details`.
"""

import json
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from sandbox.blocks.attachments import tidy
from sandbox.blocks.drawing import Drawing
from sandbox.model import Json

__all__ = ["Drawing", "draw", "draw_attachments", "draw_options"]


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
_ATTACHMENTS = ENVIRONMENT.get_template("attachments.html")
_OPTIONS = ENVIRONMENT.get_template("options.html")


def draw(blocks: list[Json], drawing: Drawing) -> Markup:
    """Return good blocks (see `check_blocks`) as HTML."""
    html = _BLOCKS.render(blocks=blocks, d=drawing)
    return Markup(html)  # noqa: S704 - the template escapes by itself


def draw_options(answer: Json, drawing: Drawing) -> Markup:
    """Return the `options` or `option_groups` that an app answered, for a listbox."""
    html = _OPTIONS.render(answer=answer, d=drawing)
    return Markup(html)  # noqa: S704 - the template escapes by itself


def draw_attachments(attachments: list[Json], drawing: Drawing) -> Markup:
    """Return a message's attachments, among them unfurled links, as HTML."""
    html = _ATTACHMENTS.render(attachments=map(tidy, attachments), d=drawing)
    return Markup(html)  # noqa: S704 - the template escapes by itself
