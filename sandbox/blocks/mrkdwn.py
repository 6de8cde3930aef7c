"""Slack's mrkdwn as HTML: what Slack marks up and nothing more.

Atoms (code, links, mentions, dates, emoji) are taken out first and put back last,
so that no mark inside an address is mistaken for bold, and no text for HTML.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from sandbox.blocks.dates import Reader, written
from sandbox.blocks.emojis import NAMED, by_name, named
from sandbox.blocks.links import link, safe

_OPEN, _FENCED, _CLOSE = "\ue000", "\ue002", "\ue001"
"""Private-use signs around an atom's number; taken out of all that is drawn."""
_NO_SIGNS = {ord(sign): None for sign in (_OPEN, _FENCED, _CLOSE)}

_FENCE = re.compile(r"\n?```\n?(.+?)\n?```\n?", re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_ANGLE = re.compile(r"<([^<>\n]+)>")
_BARE = re.compile(r"https?://[^\s<>|\ue000-\ue002]+[^\s<>|.,;:!?)\]}'\"\ue000-\ue002]")
_ATOM = re.compile(rf"[{_OPEN}{_FENCED}](\d+){_CLOSE}")
_ALONE = re.compile(rf"{_FENCED}\d+{_CLOSE}")
_QUOTED = re.compile(r"^(?:>|&gt;) ?(?!(?:>|&gt;){2})", re.ASCII)
_REST = re.compile(r"^(?:>>>|&gt;&gt;&gt;) ?(.*)", re.MULTILINE | re.DOTALL)
_ITEM = re.compile(r"(?:[•◦▪︎‣-]|\d{1,2}\.)\s")
_STYLES = tuple(
    (
        re.compile(
            rf"(?<![^\W_])(?<!\{m})\{m}(?=[^\s{m}])"
            rf"([^{m}\n]*[^\s{m}])\{m}(?![^\W_]|\{m})"
        ),
        tag,
    )
    for m, tag in (("*", "b"), ("_", "i"), ("~", "s"))
)
"""A mark stands between a letter and what is none; it does not cross lines."""
_BREAK = re.compile(r"<(?:br|/?pre|/?blockquote|/?div[^>]*)>")
_EVERYBODY = {"here", "channel", "everyone", "group"}


@dataclass(frozen=True)
class Names:
    """How ids read, and in whose eyes."""

    user: Callable[[str], str]
    """Gives a user's shown name, or ""."""
    channel: Callable[[str], str]
    reader: Reader
    viewer: str = ""
    """The reader's own id: mentions of it stand out."""
    handles: dict[str, str] = field(default_factory=dict)
    """User groups' handles by their ids."""


def draw_mrkdwn(text: str, names: Names, *, verbatim: bool = False) -> Markup:
    """Return the HTML of a mrkdwn text; `verbatim` leaves bare URLs alone."""
    atoms = _Atoms(names)
    text = text.translate(_NO_SIGNS)
    text = _FENCE.sub(lambda m: f"\n{atoms.fence(m.group(1))}\n", text)
    text = _CODE.sub(lambda m: atoms.code(m.group(1)), text)
    text = _ANGLE.sub(lambda m: atoms.angle(m.group(1), m.group()), text)
    if not verbatim:
        text = _BARE.sub(lambda m: atoms.url(m.group()), text)
    text = NAMED.sub(lambda m: atoms.emoji(m.group(1), m.group()), text)
    return atoms.back(_blocks(text.strip("\n")))


def draw_plain(text: str, *, emoji: bool = True) -> Markup:
    """Return the HTML of a plain_text: no marks; emoji names unless turned off."""
    return Markup("<br>").join(escape(plain_words(text, emoji=emoji)).split("\n"))


def plain_words(text: str, *, emoji: bool = True) -> str:
    """Return a plain_text as it reads, for where HTML cannot stand."""
    return _decoded(named(text) if emoji else text)


def flat(text: str, names: Names) -> str:
    """Return a mrkdwn text as plain words, on one line, for previews and titles."""
    drawn = _BREAK.sub(r" \g<0>", str(draw_mrkdwn(text, names)))
    return re.sub(r"\s+", " ", Markup(drawn).striptags()).strip()  # noqa: S704 - its own


def _decoded(text: str) -> str:
    """Undo Slack's three escapes, once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


class _Atoms:
    """The pieces that no further mark reaches into."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._kept: list[Markup] = []
        self._typed: list[str] = []

    def _keep(self, drawn: Markup, typed: str = "", sign: str = _OPEN) -> str:
        self._kept.append(Markup(drawn.translate(_NO_SIGNS)))  # noqa: S704 - was Markup
        self._typed.append(typed)
        return f"{sign}{len(self._kept) - 1}{_CLOSE}"

    def back(self, html: str) -> Markup:
        """Return the HTML with the atoms in their places."""
        whole = _ATOM.sub(lambda m: str(self._kept[int(m.group(1))]), html)
        return Markup(whole)  # noqa: S704 - built from escaped pieces only

    def fence(self, text: str) -> str:
        drawn = Markup("<pre>{}</pre>").format(_decoded(text))
        return self._keep(drawn, text, _FENCED)

    def code(self, text: str) -> str:
        return self._keep(Markup("<code>{}</code>").format(_decoded(text)), text)

    def emoji(self, name: str, written_as: str) -> str:
        sign = by_name(name)
        if not sign:
            return written_as
        drawn = Markup('<span class="emoji" role="img" aria-label="{}">{}</span>')
        return self._keep(drawn.format(name.partition(":")[0].replace("_", " "), sign))

    def url(self, address: str) -> str:
        address = _decoded(address)
        return self._keep(link(address, address))

    def angle(self, inside: str, written_as: str) -> str:
        """Return what stands between `<` and `>`: a link, a mention or a date."""
        inside = _ATOM.sub(lambda m: self._typed[int(m.group(1))], inside)
        target, _, label = inside.partition("|")
        drawn = self._special(target, _decoded(label))
        return self._keep(drawn) if drawn is not None else written_as

    def _special(self, target: str, label: str) -> Markup | None:
        if target.startswith("@"):
            name = self._names.user(target[1:]) or label or target[1:]
            return _user(target[1:], name, mine=target[1:] == self._names.viewer)
        if target.startswith("#"):
            return _channel(target[1:], self._names.channel(target[1:]) or label)
        if target.startswith("!"):
            return self._command(target[1:], label)
        if safe(_decoded(target)):
            return link(_decoded(target), label or _decoded(target))
        return None

    def _command(self, target: str, label: str) -> Markup | None:
        name, *more = target.split("^")
        if name in _EVERYBODY:
            return _mention(f"@{name}", mine=True)
        if name == "subteam" and more:
            handle = self._names.handles.get(more[0]) or label.lstrip("@")
            return _mention(f"@{handle or more[0]}", mine=False)
        if name == "date" and len(more) >= 2:
            return self._date(more, label)
        return escape(label) if label else None

    def _date(self, parts: list[str], fallback: str) -> Markup:
        shown = ""
        if parts[0].isdigit():
            shown = written(int(parts[0]), _decoded(parts[1]), self._names.reader)
        shown = shown or fallback
        if len(parts) > 2 and safe(_decoded(parts[2])):
            return link(_decoded(parts[2]), shown)
        return Markup("<time>{}</time>").format(shown)


def _user(identity: str, name: str, *, mine: bool) -> Markup:
    kind = "mention mine" if mine else "mention"
    drawn = Markup('<span class="{}" data-user="{}">@{}</span>')
    return drawn.format(kind, identity, name)


def _mention(shown: str, *, mine: bool) -> Markup:
    kind = "mention mine" if mine else "mention"
    return Markup('<span class="{}">{}</span>').format(kind, shown)


def _channel(identity: str, name: str) -> Markup:
    drawn = Markup('<a class="mention" href="#{0}" data-channel="{0}">#{1}</a>')
    return drawn.format(identity, name or identity)


def _blocks(text: str) -> str:
    """Return lines of text as HTML: quotations, list items, lines."""
    rest = _REST.search(text)
    if rest:
        before = text[: rest.start()].rstrip("\n")
        quote = f"<blockquote>{_lines(rest.group(1))}</blockquote>"
        return (_blocks(before) if before else "") + quote
    parts: list[tuple[bool, list[str]]] = []
    for line in text.split("\n"):
        bare = _QUOTED.sub("", line)
        quoted = bare != line
        if not parts or parts[-1][0] != quoted:
            parts.append((quoted, []))
        parts[-1][1].append(bare)
    return "".join(
        f"<blockquote>{_lines(body)}</blockquote>" if quoted else _lines(body)
        for quoted, lines in parts
        for body in ["\n".join(lines)]
    )


def _lines(text: str) -> str:
    drawn, joined = "", True
    for line in text.split("\n"):
        alone = bool(_ALONE.fullmatch(line))
        if _ITEM.match(line):
            drawn += f'<div class="item">{_styled(line)}</div>'
            joined = True
            continue
        drawn += ("" if joined or alone else "<br>") + _styled(line)
        joined = alone
    return drawn


def _styled(line: str) -> str:
    html = str(escape(_decoded(line)))
    for pattern, tag in _STYLES:
        html = pattern.sub(rf"<{tag}>\1</{tag}>", html)
    return html
