"""The words a template lays a message out with, and the limits Slack puts on them."""

from collections.abc import Callable, Sequence
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    BlockElement,
    ConfirmObject,
    InputBlock,
    PlainTextObject,
)

from templates.elements import Elements
from templates.messages.base import Rendered
from templates.mrkdwn import Mrkdwn, plain

MAX_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MAX_HEADER, MAX_TEXT, MAX_FIELD, MAX_FIELDS = 150, 3000, 2000, 10
MAX_LABEL, MAX_ID, MAX_VALUE = 75, 255, 2000
MAX_ACTIONS, MAX_ROWS, MAX_CELLS = 25, 100, 20
MAX_CATEGORIES, MAX_SERIES, MAX_CHARTS = 20, 6, 2
NEW_BLOCKS = frozenset({"data_visualization", "data_table"})
"""Blocks an older client may refuse; their content is always also in words."""


Control = BlockElement | dict[str, Any]
"""What stands in a row of controls, or beside a paragraph."""


class TooLongError(ValueError):
    """A message breaks a limit of Slack's that slack_sdk does not check."""


class Blocks(Elements):
    """Collects the blocks of one message, in the order a template calls for them."""

    def __init__(self) -> None:
        """Start with nothing said."""
        self._text = ""
        self._blocks: list[dict[str, Any]] = []
        self._view: dict[str, Any] = {}

    def vocabulary(self) -> dict[str, Callable[..., object]]:
        """Return the functions a template may call, by name."""
        return {name: getattr(self, name) for name in WORDS}

    def rendered(self) -> Rendered:
        """Return the finished message, checked against Slack's limits."""
        limit = MAX_BLOCKS[self._view.get("type", "message")]
        if not (self._text or self._view) or not 1 <= len(self._blocks) <= limit:
            raise TooLongError(
                f"needs a fallback and 1 to {limit} blocks: {len(self._blocks)}"
            )
        charts = [b for b in self._blocks if b["type"] == "data_visualization"]
        if len(charts) > MAX_CHARTS:
            raise TooLongError(f"more than {MAX_CHARTS} charts: {len(charts)}")
        ids = [b["block_id"] for b in self._blocks if "block_id" in b]
        if len(ids) != len(set(ids)):
            raise TooLongError(f"block ids repeat: {ids}")
        return Rendered(self._text, self._blocks, self._view)

    def fallback(self, caller: Callable[[], str]) -> str:
        """Say what notifications and screen readers show instead of blocks."""
        self._text = _checked(caller(), MAX_TEXT)
        return ""

    def modal(
        self,
        title: str,
        *,
        callback: str,
        close: str,
        submit: str | None = None,
        metadata: str = "",
        notify_on_close: bool = False,
    ) -> str:
        """Make this message a modal, with at most 24 characters a label."""
        self._view = {
            "type": "modal",
            "callback_id": callback,
            "title": _plain(title).to_dict(),
            "close": _plain(close).to_dict(),
            "private_metadata": metadata,
            "notify_on_close": notify_on_close,
        }
        if submit:
            self._view["submit"] = _plain(submit).to_dict()
        return ""

    def home(self, *, callback: str, metadata: str = "") -> str:
        """Make this message an App Home."""
        self._view = {
            "type": "home",
            "callback_id": callback,
            "private_metadata": metadata,
        }
        return ""

    def header(self, text: str) -> str:
        """Put a large bold line."""
        return self._add({"type": "header", "text": _label(text, MAX_HEADER)})

    def divider(self) -> str:
        """Put a line across."""
        return self._add({"type": "divider"})

    def section(
        self,
        caller: Callable[[], str],
        accessory: Control | None = None,
        block: str | None = None,
    ) -> str:
        """Put a paragraph, with at most one control on its right."""
        made: dict[str, Any] = {
            "type": "section",
            "text": _mrkdwn(caller(), MAX_TEXT),
        }
        if accessory is not None:
            made["accessory"] = _as_dict(accessory)
        if block:
            made["block_id"] = block
        return self._add(made)

    def fields(self, pairs: Sequence[tuple[object, object]]) -> str:
        """Put up to ten short facts in two columns: a bold label, its value below."""
        if not 1 <= len(pairs) <= MAX_FIELDS:
            raise TooLongError(f"needs 1 to {MAX_FIELDS} fields: {len(pairs)}")
        line = Mrkdwn("*%(label)s*\n%(value)s")
        texts = [
            _mrkdwn(line % {"label": label, "value": value}, MAX_FIELD)
            for label, value in pairs
        ]
        return self._add({"type": "section", "fields": texts})

    def context(self, caller: Callable[[], str]) -> str:
        """Put a small grey line."""
        said = _mrkdwn(caller(), MAX_FIELD)
        return self._add({"type": "context", "elements": [said]})

    def actions(self, *elements: Control | None, block: str | None = None) -> str:
        """Put a row of controls; one that is None is left out."""
        there = [_as_dict(element) for element in elements if element is not None]
        if not 1 <= len(there) <= MAX_ACTIONS:
            raise TooLongError(f"needs 1 to {MAX_ACTIONS} controls: {len(there)}")
        made: dict[str, Any] = {"type": "actions", "elements": there}
        return self._add(made | ({"block_id": block} if block else {}))

    def table(
        self, rows: Sequence[Sequence[object]], numbers: Sequence[int] = ()
    ) -> str:
        """Put a table: the first row heads it, columns in `numbers` stand right."""
        width = len(rows[0]) if rows else 0
        if not 1 <= len(rows) <= MAX_ROWS or not 1 <= width <= MAX_CELLS:
            raise TooLongError(f"a table of {len(rows)} rows of {width} cells")
        cells = [
            [{"type": "raw_text", "text": _words(cell) or " "} for cell in row]
            for row in rows
        ]
        settings = [
            {"align": "right" if n in numbers else "left", "is_wrapped": n == 0}
            for n in range(width)
        ]
        self._blocks.append(
            {"type": "table", "rows": cells, "column_settings": settings}
        )
        return ""

    def chart(
        self,
        title: str,
        kind: str,
        categories: Sequence[str],
        series: Sequence[tuple[str, Sequence[float]]],
        y: str = "",
    ) -> str:
        """Put a native line, bar or area chart: each series has a value a category."""
        if not 1 <= len(series) <= MAX_SERIES or not categories:
            raise TooLongError(f"{len(series)} series of {len(categories)} points")
        if len(categories) > MAX_CATEGORIES:
            raise TooLongError(f"more than {MAX_CATEGORIES} categories")
        labels = [_words(label)[:20] for label in categories]
        drawn = [
            {
                "name": _words(name)[:20],
                "data": [
                    {"label": label, "value": value}
                    for label, value in zip(labels, values, strict=True)
                ],
            }
            for name, values in series
        ]
        axis = {"categories": labels} | ({"y_label": _words(y)[:50]} if y else {})
        chart = {"type": kind, "series": drawn, "axis_config": axis}
        return self._visualize(title, chart)

    def pie(self, title: str, segments: Sequence[tuple[str, float]]) -> str:
        """Put a native pie chart of one to six segments."""
        if not 1 <= len(segments) <= MAX_SERIES:
            raise TooLongError(f"{len(segments)} segments")
        drawn = [{"label": _words(k)[:20], "value": v} for k, v in segments]
        return self._visualize(title, {"type": "pie", "segments": drawn})

    def input(
        self,
        label: str,
        element: BlockElement,
        *,
        block: str,
        hint: str | None = None,
        optional: bool = False,
        dispatch: bool = False,
    ) -> str:
        """Put a labelled field of a form; `block` names it in what comes back."""
        return self._put(
            InputBlock(
                label=_plain(label),
                element=element,  # type: ignore[arg-type] # templates pass input elements
                block_id=block,
                hint=_plain(hint) if hint else None,
                optional=optional,
                dispatch_action=dispatch,
            )
        )

    @staticmethod
    def button(
        text: str,
        *,
        action: str,
        value: object = "",
        style: str | None = None,
        confirm: tuple[str, str, str, str] | None = None,
        url: str | None = None,
    ) -> dict[str, Any]:
        """Return a button; `confirm` is (title, text, yes, no).

        A dict, as slack_sdk's take most of a card's time; checked all the same.
        """
        made: dict[str, Any] = {
            "type": "button",
            "text": _label(text, MAX_LABEL),
            "action_id": _checked(action, MAX_ID),
        }
        if str(value):
            made["value"] = _checked(str(value), MAX_VALUE)
        if style:
            made["style"] = style
        if url:
            made["url"] = _checked(url, MAX_TEXT)
        if confirm:
            made["confirm"] = ConfirmObject(
                title=_plain(confirm[0]),
                text=_plain(confirm[1]),
                confirm=_plain(confirm[2]),
                deny=_plain(confirm[3]),
            ).to_dict()
        return made

    def _visualize(self, title: str, chart: dict[str, Any]) -> str:
        self._blocks.append(
            {"type": "data_visualization", "title": _words(title)[:50], "chart": chart}
        )
        return ""

    def _put(self, block: Block) -> str:
        return self._add(block.to_dict())

    def _add(self, block: dict[str, Any]) -> str:
        self._blocks.append(block)
        return ""


WORDS = tuple(
    name
    for name in (*vars(Blocks), *vars(Elements))
    if not name.startswith("_")
    and name not in {"vocabulary", "rendered"}
    and callable(getattr(Blocks, name))
)
"""What templates may call: every public method of `Blocks` that lays something out."""


def without_new_blocks(blocks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return `blocks` for a workspace that does not know the newest ones yet."""
    return [block for block in blocks if block["type"] not in NEW_BLOCKS]


def _mrkdwn(text: str, limit: int) -> dict[str, Any]:
    """Return a text object; a dict, as slack_sdk's take most of a card's time."""
    return {"type": "mrkdwn", "text": _checked(text, limit), "verbatim": True}


def _label(text: str, limit: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": _checked(_words(text), limit), "emoji": True}


def _as_dict(control: Control) -> dict[str, Any]:
    return control if isinstance(control, dict) else control.to_dict()


def _plain(text: str) -> PlainTextObject:
    return PlainTextObject(text=_words(text), emoji=True)


def _words(value: object) -> str:
    """Return `value` as text that is not markup."""
    return plain(value) if isinstance(value, Mrkdwn) else str(value)


def _checked(text: str, limit: int) -> str:
    text = text.strip()
    if not 1 <= len(text) <= limit:
        raise TooLongError(
            f"needs 1 to {limit} characters, has {len(text)}: {text[:60]!r}"
        )
    return text
