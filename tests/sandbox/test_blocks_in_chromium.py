"""The whole gallery in a real Chromium: light and dark, wide and narrow, harmless."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from sandbox.block_ids import identified
from sandbox.blocks.draw import draw, draw_attachments
from tests.sandbox.drawn import drawing
from tests.sandbox.gallery import (
    ALERT,
    BLOCKS,
    BUTTONS,
    ELEMENTS,
    FIELDS,
    asking,
    mrkdwn,
    plain,
)
from tests.sandbox.test_draw import HOSTILE, OLD, draw_hostile

pytestmark = pytest.mark.browser

STATIC = Path(__file__).parents[2] / "sandbox" / "page" / "static"
LEVELS = ("default", "info", "warning", "error", "success")
WORDS = """*bold* _italic_ ~gone~ `code` <@U1> <@U2> <#C1> <!here> <https://x.example|link>
> quoted
• an item
```
a fence```
"""
SEEN = """
  const seen = (node) => {
    const parts = (text) => text.match(/[\\d.]+/g).map(Number);
    const over = (top, under) => {
      const a = top[3] ?? 1;
      return [0, 1, 2].map((n) => top[n] * a + under[n] * (1 - a));
    };
    const layers = [];
    for (let up = node; up; up = up.parentElement) {
      layers.unshift(parts(getComputedStyle(up).backgroundColor));
    }
    const under = layers.reduce((below, top) => over(top, below), [255, 255, 255]);
    return [over(parts(getComputedStyle(node).color), under), under];
  };
"""
PALE = (
    "() => {"
    + SEEN
    + """
  const light = (colour) => {
    const [r, g, b] = colour.map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const own = (node) => [...node.childNodes].some(
    (n) => n.nodeType === Node.TEXT_NODE && n.data.trim());
  return [...document.querySelectorAll(".blocks *")]
    .filter((n) => own(n) && !n.closest("svg") && n.checkVisibility())
    .filter((n) => !n.matches(":disabled"))
    .map((n) => [n, seen(n).map(light).sort((a, b) => a - b)])
    .map(([n, [dark, bright]]) => [n, (bright + 0.05) / (dark + 0.05)])
    .filter(([, contrast]) => contrast < 4.5)
    .map(([n, contrast]) => `${n.className} ${n.textContent} ${contrast}`);
}"""
)
"""What of a page's words is too pale to read: a contrast below 4.5 (WCAG AA)."""


def gallery() -> str:
    row = {"type": "actions", "elements": [*BUTTONS.values(), *ELEMENTS.values()]}
    beside = [
        {"type": "section", "text": mrkdwn(WORDS), "accessory": element}
        for element in [*ELEMENTS.values(), BUTTONS["overflow"]]
        if element["type"] != "datetimepicker"
    ]
    alerts = [ALERT | {"level": level} for level in LEVELS]
    inputs = [
        asking(name, element, hint=plain("A hint"), optional=name.startswith("multi"))
        for name, element in (ELEMENTS | FIELDS).items()
    ]
    blocks = [*BLOCKS.values(), row, *beside, *alerts, *inputs]
    known = drawing(errors={"b_users_select": "Choose somebody"})
    return draw(identified(blocks), known) + draw_attachments([OLD], known)


def show(page: Page, html: str, folder: Path, theme: str = "light") -> None:
    file = folder / "page.html"
    file.write_text(
        f'<!doctype html><html lang="en" data-theme="{theme}"><meta charset="utf-8">'
        f'<base href="{STATIC.as_uri()}/"><link rel="stylesheet" href="blocks.css">'
        "<style>body { margin: 16px; background: var(--background) }</style>"
        f'<body><div class="blocks">{html}</div></body></html>'
    )
    page.goto(file.as_uri())


@pytest.fixture
def asked() -> list[str]:
    """Collect what the page asked of anything but files."""
    return []


@pytest.fixture
def page(browser: Browser, asked: list[str]) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1200, "height": 900})
    opened.on(
        "request",
        lambda r: None if r.url.startswith(("file:", "data:")) else asked.append(r.url),
    )
    opened.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    yield opened
    opened.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 400])
def test_nothing_is_cut_off_or_too_pale(
    page: Page, asked: list[str], tmp_path: Path, theme: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    show(page, gallery(), tmp_path, theme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(PALE) == []
    beyond = """(width) => [...document.querySelectorAll("[data-type]")]
      .map((n) => [n.dataset.type, n.getBoundingClientRect()])
      .filter(([, box]) => box.right > width || box.width < 16 || box.height < 16)
      .map(([type, box]) => [type, box.right, box.width, box.height])"""
    assert page.evaluate(beyond, width) == []
    assert asked == []


ROLES: dict[str, Any] = {
    "checkboxes": "group",
    "radio_buttons": "radiogroup",
    "plain_text_input": "textbox",
    "multiline": "textbox",
    "email_text_input": "textbox",
    "url_text_input": "textbox",
    "number_input": "textbox",
    "rich_text_input": "textbox",
}


def test_a_screen_reader_finds_every_field_by_its_label(
    page: Page, tmp_path: Path
) -> None:
    show(page, gallery(), tmp_path)
    for name in [*ELEMENTS, *FIELDS]:
        role = ROLES.get(name, "combobox" if "select" in name else None)
        field = (
            page.get_by_role(role, name=f"The {name}").and_(page.locator(".input *"))
            if role
            else page.get_by_label(f"The {name}", exact=True)
        )
        assert field.first.is_visible(), name
    for chart in ("A line chart", "A bar chart", "A pie"):
        assert page.get_by_role("img", name=chart).first.is_visible()
    assert page.get_by_role("table", name="Who owes what").is_visible()


def test_a_menu_that_is_open_lies_above_what_follows(
    page: Page, tmp_path: Path
) -> None:
    selects = [asking(f"s{n}", ELEMENTS["static_select"]) for n in range(3)]
    show(page, draw(selects, drawing()), tmp_path)
    page.evaluate('document.querySelector(".popup").hidden = false')
    options = page.get_by_role("option")
    assert options.all_inner_texts() == ["One", "Two", "Three"]
    options.nth(2).click(timeout=2000)  # fails if anything else receives the click


def test_figures_and_containers_open_by_keyboard(page: Page, tmp_path: Path) -> None:
    blocks = [BLOCKS["container"], BLOCKS["pie"]]
    show(page, draw(identified(blocks), drawing()), tmp_path)
    because, good = (
        page.get_by_text("Because."),
        page.get_by_role("rowheader", name="Good"),
    )
    assert not because.is_visible()
    assert not good.is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert because.is_visible()
    assert good.is_visible()


def test_hostile_words_run_nothing_and_ask_for_nothing(
    page: Page, asked: list[str], tmp_path: Path
) -> None:
    show(page, draw_hostile(HOSTILE), tmp_path)
    assert page.locator("script, img").count() == 0
    page.get_by_role("button").first.click()
    show(page, draw_hostile("javascript:alert(1)"), tmp_path)
    for link in page.locator("a").all():
        assert not (link.get_attribute("href") or "").startswith("javascript")
    assert asked == []
