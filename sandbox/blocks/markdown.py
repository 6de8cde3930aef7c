"""Standard Markdown as HTML, for the `markdown` block."""

from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup

from sandbox.blocks.emojis import named
from sandbox.blocks.links import link, safe

_BOXES = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}


class _Markdown(MarkdownIt):
    """Markdown whose links open nothing but web pages, mail and telephones."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        """Return whether the address may be a link."""
        return safe(url)


def _picture(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    place: int,
    options: OptionsDict,
    env: Any,
) -> str:
    """Return a picture as a link to it, which is how Slack shows it."""
    token = tokens[place]
    address = str(token.attrs["src"])
    shown = renderer.renderInlineAsText(token.children, options, env)
    return str(link(address, shown or address))


_MARKDOWN = _Markdown(
    "commonmark", {"html": False, "linkify": False, "breaks": True}
).enable(["table", "strikethrough"])
_MARKDOWN.add_render_rule("image", _picture)


def draw_markdown(text: str) -> Markup:
    """Return the HTML of a standard Markdown text."""
    tokens = _MARKDOWN.parse(text)
    for place, token in enumerate(tokens):
        in_item = place > 1 and tokens[place - 2].type == "list_item_open"
        if "style" in token.attrs:  # a cell's alignment, which the page's CSS sets
            aligned = str(token.attrs.pop("style")).removeprefix("text-align:")
            token.attrSet("class", aligned)
        _dress(token.children or [], may_be_task=in_item)
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return Markup(html)  # noqa: S704 - the library escapes; html is off


def _dress(pieces: list[Token], *, may_be_task: bool) -> None:
    """Make links open apart, emoji names emoji, and a task's brackets a box."""
    for piece in pieces:
        if piece.type == "link_open":
            piece.attrSet("target", "_blank")
            piece.attrSet("rel", "noopener noreferrer")
        if piece.type == "text":
            piece.content = named(piece.content)
    first = next(iter(pieces), None)
    if may_be_task and first is not None and first.content[:4] in _BOXES:
        first.content = _BOXES[first.content[:4]] + first.content[4:]
