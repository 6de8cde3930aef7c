"""Tables, cards and what folds: their rows, their order, what is shown at first."""

from typing import Any

import pytest

from tests.sandbox.drawn import page_of
from tests.sandbox.gallery import (
    ALERT,
    BLOCKS,
    RICH_TEXT,
    figure,
    mrkdwn,
    plain,
    raw,
)
from tests.sandbox.html_tree import Node


def cells(row: Node) -> list[str]:
    return [c.text for c in row if c.tag in {"th", "td"}]


def test_a_table_has_a_head_and_its_columns_are_set() -> None:
    page = page_of(BLOCKS["table"])
    assert [cells(row) for row in page.all("tr")] == [
        ["Name", "Sum"],
        ["Acme", "1,200"],
    ]
    assert [th.attrs["scope"] for th in page.all("th")] == ["col", "col"]
    name, total = page.all("td")
    assert "wrapped" in name.classes
    assert "right" in total.classes


def test_a_cell_may_be_rich_text() -> None:
    table = BLOCKS["table"] | {"rows": [[raw("Head")], [RICH_TEXT]]}
    assert "first" in [li.text for li in page_of(table).one("td").all("li")]


def test_a_data_table_shows_its_first_page_and_says_how_to_go_on() -> None:
    page = page_of(BLOCKS["data_table"])
    table = page.one(cls="data-table")
    assert table.attrs["data-size"] == "2"
    assert page.one("caption").text == "Who owes what"
    rows = page.one("tbody").all("tr")
    assert [(cells(r), "hidden" in r.attrs) for r in rows] == [
        (["Cedar", "30"], False),
        (["Acme", "1,200"], False),
        (["Birch", "4"], True),
    ]
    assert page.one(cls="range").text == "1–2 / 3"
    assert "disabled" in page.one(data_page="previous").attrs
    assert "disabled" not in page.one(data_page="next").attrs
    assert page.one("input", "filter").attrs["aria-label"] == "Filter: Who owes what"


def test_a_data_table_says_by_what_it_is_sorted() -> None:
    page = page_of(BLOCKS["data_table"])
    assert [th.attrs["aria-sort"] for th in page.one("thead").all("th")] == ["none"] * 2
    keys = [[c.attrs["data-sort"] for c in r] for r in page.one("tbody").all("tr")]
    assert keys == [["Cedar", "30"], ["Acme", "1200"], ["Birch", "4"]]
    named = page.one("tbody").all("th")[0]
    assert (named.text, named.attrs["scope"]) == ("Cedar", "row")


def test_a_short_data_table_has_no_pages() -> None:
    short = BLOCKS["data_table"] | {"page_size": 3, "row_header_column_index": 1}
    page = page_of(short)
    assert not page.all(cls="pages")
    assert [th.text for th in page.one("tbody").all("th")] == ["30", "1,200", "4"]


def test_a_rich_cell_is_sorted_by_its_words() -> None:
    rows = [[raw("A"), raw("B")], [RICH_TEXT, figure(1)]]
    page = page_of(BLOCKS["data_table"] | {"rows": rows})
    assert page.one("tbody").one("th").attrs["data-sort"].startswith("Bold and struck")


@pytest.mark.parametrize(("collapsed", "is_open"), [(True, False), (False, True)])
def test_a_container_folds(collapsed: bool, is_open: bool) -> None:
    page = page_of(BLOCKS["container"] | {"default_collapsed": collapsed})
    details = page.one("details")
    assert ("open" in details.attrs) is is_open
    assert details.one("summary").text == "Why?the reasons"
    assert details.one(cls="section").text.strip() == "Because."


def test_a_container_that_does_not_fold() -> None:
    flat = {
        "type": "container",
        "rich_text_title": {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [{"type": "text", "text": "Rich"}],
                }
            ],
        },
        "width": "narrow",
        "has_header_divider": True,
        "child_blocks": [BLOCKS["divider"]],
    }
    box = page_of(flat).one("section")
    assert "narrow" in box.classes
    assert box.one(cls="ruled").text.strip() == "Rich"
    assert len(box.all("hr")) == 1


def test_cards_stand_in_a_row_that_scrolls_by_keyboard() -> None:
    row = page_of(BLOCKS["carousel"]).one(cls="carousel")
    assert row.attrs["tabindex"] == "0"
    assert [card.text.strip() for card in row.all("article")] == ["First", "Second"]
    button = page_of(BLOCKS["card"]).one("article").one("button")
    assert button.attrs["data-action-id"] == "card"


@pytest.mark.parametrize("level", ["default", "info", "warning", "error", "success"])
def test_an_alert_says_its_level_in_words(level: str) -> None:
    alert = page_of(ALERT | {"level": level}).one(cls="alert")
    assert level in alert.classes
    assert alert.one(role="img").attrs["aria-label"] == level


def test_rich_text_lists_count_on_and_indent() -> None:
    def listed(**more: Any) -> dict[str, Any]:
        item = {
            "type": "rich_text_section",
            "elements": [{"type": "text", "text": "x"}],
        }
        return {"type": "rich_text_list", "elements": [item], **more}

    page = page_of(
        {
            "type": "rich_text",
            "elements": [
                listed(style="ordered", indent=0),
                listed(style="bullet", indent=1),
                listed(style="ordered", indent=0, offset=1),
            ],
        }
    )
    first, second = page.all("ol")
    assert "start" not in first.attrs
    assert second.attrs["start"] == "2"
    assert "indent1" in page.one("ul").classes


def test_a_video_and_a_file_link_to_what_they_are() -> None:
    video = page_of(BLOCKS["video"])
    assert {a.attrs["href"] for a in video.all("a")} == {"https://example.com/watch"}
    assert video.one(cls="still").attrs["aria-label"] == "Watch: How it works"
    assert "ABCD1" in page_of(BLOCKS["file"]).text


def test_fields_stand_two_by_two() -> None:
    fields = page_of(
        {"type": "section", "fields": [mrkdwn(f"*{n}*") for n in "abc"]}
    ).all(cls="field")
    assert [f.one("b").text for f in fields] == ["a", "b", "c"]


def test_a_task_says_how_far_it_is() -> None:
    task = BLOCKS["task_card"] | {
        "output": RICH_TEXT,
        "sources": [{"type": "url", "url": "https://example.com/", "text": "Source"}],
    }
    page = page_of(task)
    assert page.one(cls="sign").attrs["aria-label"] == "in progress"
    assert [a.text for a in page.all("a")][-1] == "Source"
    assert len(page_of(BLOCKS["plan"]).all(cls="task")) == 1


def test_a_header_is_a_heading_and_plain() -> None:
    assert (
        page_of({"type": "header", "text": plain("*A* <b>")}).one("h3").text
        == "*A* <b>"
    )
