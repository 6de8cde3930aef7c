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
        if "style" in token.attrs:  # a cell's alignment, which the page's CSS sets
            aligned = str(token.attrs.pop("style")).removeprefix("text-align:")
            token.attrSet("class", aligned)
        pieces = token.children or []
        _dress(pieces)
        if pieces and tokens[place - 2].type == "list_item_open":
            _tick(tokens[place - 2], pieces[0])
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return Markup(html)  # noqa: S704 - the library escapes; html is off


def _dress(pieces: list[Token]) -> None:
    """Make links open apart and emoji names emoji."""
    for piece in pieces:
        if piece.type == "link_open":
            piece.attrSet("target", "_blank")
            piece.attrSet("rel", "noopener noreferrer")
        if piece.type == "text":
            piece.content = named(piece.content)


def _tick(item: Token, first: Token) -> None:
    """Make the brackets of a task at the beginning of an item a box."""
    box = _BOXES.get(first.content[:4])
    if box:
        first.content = box + first.content[4:]
        item.attrSet("class", "todo")
