"""What an editor holds, as rich text: every mark, lists in lists, odds and ends."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).parents[2] / "sandbox" / "page" / "static" / "rich.js"


def section(*pieces: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(pieces)}


def said(text: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def listed(style: str, indent: int, *items: str) -> dict[str, Any]:
    return {
        "type": "rich_text_list",
        "style": style,
        "indent": indent,
        "elements": [section(said(item)) for item in items],
    }


LINK = {"type": "link", "url": "https://a.example/", "text": "there"}
CASES: list[tuple[str, list[dict[str, Any]]]] = [
    ("", []),
    ("<br>", []),
    ("<div><br></div>", []),
    ("one", [section(said("one"))]),
    ("one<div>two</div><div><br></div>", [section(said("one\ntwo"))]),
    (
        "<b>b<i>bi</i></b><s>s</s><code>c</code>",
        [
            section(
                said("b", bold=True),
                said("bi", bold=True, italic=True),
                said("s", strike=True),
                said("c", code=True),
            )
        ],
    ),
    (
        (
            'see <a href="https://a.example/">there</a> '
            '<span data-user="U1">@Ann</span> <a data-channel="C1" href="#C1">#c</a>'
            '<span data-emoji="tada">x</span>'
        ),
        [
            section(
                said("see "),
                LINK,
                said(" "),
                {"type": "user", "user_id": "U1"},
                said(" "),
                {"type": "channel", "channel_id": "C1"},
                {"type": "emoji", "name": "tada"},
            )
        ],
    ),
    (
        "before<ul><li>a</li><li>b<ol><li>inner</li></ol></li><li>c</li></ul>after",
        [
            section(said("before")),
            listed("bullet", 0, "a", "b"),
            listed("ordered", 1, "inner"),
            listed("bullet", 0, "c"),
            section(said("after")),
        ],
    ),
    (
        "<blockquote>q</blockquote><pre>x\ny</pre>",
        [
            {"type": "rich_text_quote", "elements": [said("q")]},
            {"type": "rich_text_preformatted", "elements": [said("x\ny")]},
        ],
    ),
]


def test_an_editor_s_content_is_slack_s_rich_text(browser: Browser) -> None:
    page = browser.new_page()
    script = SCRIPT.read_text(encoding="utf-8").replace("export function", "function")
    page.evaluate(f"(() => {{ {script}; window.richOf = richOf; }})()")
    for html, elements in CASES:
        read = page.evaluate(
            "(html) => { const area = document.createElement('div');"
            " area.innerHTML = html; return richOf(area); }",
            html,
        )
        wanted = {"type": "rich_text", "elements": elements} if elements else None
        assert read == wanted, html
    page.close()
