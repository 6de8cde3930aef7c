"""Every block and element is drawn: named, filled in, and telling the page's script."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.block_ids import identified
from sandbox.blocks.draw import draw, draw_attachments, draw_options
from sandbox.blocks.limits import check_blocks, check_view
from sandbox.state import VALUE_FIELD, initial
from tests.conftest import examples
from tests.sandbox.drawn import drawing, page_of
from tests.sandbox.gallery import (
    ALERT,
    BLOCKS,
    BUTTONS,
    CONFIRM,
    ELEMENTS,
    FIELDS,
    GROUPS,
    ONE,
    RICH_TEXT,
    TWO,
    asking,
    modal,
    mrkdwn,
    option,
    plain,
)
from tests.sandbox.html_tree import Node, read

NATIVE = {"checkboxes", "radio_buttons", "datepicker", "timepicker", "datetimepicker"}
WRITTEN = {t for t in VALUE_FIELD if t.endswith("_input")} - {
    "rich_text_input",
    "file_input",
}
ALL = {**BLOCKS, "alert": ALERT}


def value_in(root: Node) -> Any:
    """Return an element's value as the page's script reads it, by draw.py's words."""
    kind = root.attrs["data-type"]
    if kind in {"checkboxes", "radio_buttons"}:
        on = [i for i in root.all("input") if "checked" in i.attrs]
        chosen = [json.loads(i.attrs["data-option"]) for i in on]
        return chosen if kind == "checkboxes" else (chosen or [None])[0]
    if kind in NATIVE:
        return root.one("input").attrs["value"] or None
    if kind in WRITTEN:
        areas = root.all("textarea")
        typed = areas[0].text if areas else root.one("input").attrs["value"]
        return typed.removeprefix("\n") or None
    return json.loads(root.attrs["data-value"])[root.attrs["data-field"]]


def name_of(control: Node, page: Node) -> str:
    """Return what a screen reader calls the control."""
    by = control.attrs.get("aria-labelledby")
    if by:
        return page.one(id=by).text
    if "aria-label" in control.attrs:
        return control.attrs["aria-label"]
    if control.tag == "fieldset":
        return control.one("legend").text
    labels = page.all("label", **{"for": control.attrs["id"]})
    return labels[0].text if labels else control.text


@pytest.mark.parametrize("name", ALL)
def test_every_block_is_drawn(name: str) -> None:
    page = page_of(ALL[name])
    assert page.text.strip() or page.all("hr") or page.all("button")
    assert "cannot be shown" not in page.text


@pytest.mark.parametrize("name", [*ELEMENTS, *FIELDS])
def test_a_field_says_what_it_is_and_what_it_holds(name: str) -> None:
    block = asking(name, (ELEMENTS | FIELDS)[name], hint=plain("A hint"))
    page = page_of(block)
    element = block["element"]
    root = page.one(data_type=element["type"])
    field, _ = VALUE_FIELD[element["type"]]
    assert root.attrs["data-block-id"] == f"b_{name}"
    assert root.attrs["data-action-id"] == f"a_{name}"
    assert root.attrs["data-field"] == field
    assert "data-dispatch" not in root.attrs
    held = initial([block])[f"b_{name}"][f"a_{name}"][field]
    if element["type"] == "datetimepicker":
        held = "2026-03-04T09:30"
    assert value_in(root) == held


@pytest.mark.parametrize("name", [*ELEMENTS, *FIELDS])
def test_a_field_is_named_by_its_label_and_told_by_its_hint(name: str) -> None:
    block = asking(name, (ELEMENTS | FIELDS)[name], hint=plain("A hint"))
    page = page_of(block, errors={f"b_{name}": "Not so"})
    control = page.one(aria_invalid="true")
    assert name_of(control, page) == f"The {name}"
    about = [page.one(id=i).text for i in control.attrs["aria-describedby"].split()]
    assert about == ["A hint", "Not so"]
    assert "hidden" not in page.one(cls="error").attrs


FILLED: dict[str, Any] = {
    "selected_option": TWO,
    "selected_options": [TWO],
    "selected_user": "U2",
    "selected_users": ["U1", "U2"],
    "selected_channel": "C1",
    "selected_channels": ["C1"],
    "selected_conversation": "C1",
    "selected_conversations": ["C1"],
    "selected_date": "2025-12-31",
    "selected_time": "23:59",
    "selected_date_time": 1772616600 + 3600,
    "value": "typed <b>",
    "rich_text_value": RICH_TEXT,
    "files": [{"id": "F1", "name": "a<b>.csv"}],
}


@pytest.mark.parametrize("name", [*ELEMENTS, *FIELDS])
def test_what_was_filled_in_is_drawn_again(name: str) -> None:
    block = asking(name, (ELEMENTS | FIELDS)[name])
    if block["element"]["type"] in {"checkboxes", "radio_buttons"}:
        block["element"] |= {"options": [ONE, TWO]}
    field, _ = VALUE_FIELD[block["element"]["type"]]
    state = {f"b_{name}": {f"a_{name}": {"type": "x", field: FILLED[field]}}}
    root = page_of(block, values=state).one(data_block_id=f"b_{name}")
    held = value_in(root)
    assert held == FILLED[field] or held == "2026-03-04T10:30"


def test_the_shown_words_of_what_is_chosen() -> None:
    user = asking("u", ELEMENTS["users_select"] | {"initial_user": "U2"})
    place = asking("c", ELEMENTS["channels_select"] | {"initial_channel": "C1"})
    many = asking("m", ELEMENTS["multi_static_select"])
    page = page_of(user, place, many)
    shown = [i.attrs["value"] for i in page.all("input", role="combobox")]
    assert shown == ["Béla <b>", "#sales", ""]
    chip = page.one(cls="chip")
    assert chip.text == "One×"
    assert json.loads(chip.attrs["data-one"]) == ONE
    assert chip.one("button").attrs["aria-label"] == "Remove One"


def test_the_options_of_a_static_select_are_there_the_chosen_one_marked() -> None:
    page = page_of(asking("s", ELEMENTS["static_select with groups"]))
    listed = page.one("ul", role="listbox")
    assert [g.attrs["aria-label"] for g in listed.all(cls="group")] == ["Low", "High"]
    options = {o.text: o.attrs for o in listed.all("li", role="option")}
    assert [*options] == ["One", "Two", "Three"]
    assert options["Two"]["aria-selected"] == "true"
    assert json.loads(options["Two"]["data-one"]) == TWO
    assert page.one(role="combobox").attrs["aria-controls"] == listed.attrs["id"]


def test_an_app_s_answer_is_drawn_as_options() -> None:
    flat = read(draw_options({"options": [ONE, option("<b>", "x")]}, drawing()))
    assert [o.text for o in flat.all("li")] == ["One", "<b>"]
    grouped = read(draw_options({"option_groups": GROUPS}, drawing()))
    assert len(grouped.all(cls="group")) == 2


def test_what_an_external_select_needs_to_ask() -> None:
    two = page_of(asking("e", ELEMENTS["external_select"])).one(cls="select")
    assert (two.attrs["data-source"], two.attrs["data-least"]) == ("external", "2")
    none = page_of(asking("e", ELEMENTS["multi_external_select"])).one(cls="select")
    assert none.attrs["data-least"] == "0"
    unsaid = page_of(asking("e", {"type": "external_select"})).one(cls="select")
    assert unsaid.attrs["data-least"] == "3"


@pytest.mark.parametrize("name", BUTTONS)
def test_what_is_pressed(name: str) -> None:
    element = BUTTONS[name] | {"action_id": "act"}
    page = page_of({"type": "actions", "block_id": "row", "elements": [element]})
    root = page.one(data_type=element["type"])
    assert root.attrs["data-dispatch"] == "press"
    assert (root.attrs["data-block-id"], root.attrs["data-action-id"]) == ("row", "act")
    assert "data-field" not in root.attrs
    assert all(b.attrs["type"] == "button" for b in page.all("button"))


def test_a_button_asks_first_links_out_and_has_its_style() -> None:
    row = [BUTTONS[name] | {"action_id": name} for name in ("danger", "link")]
    page = page_of({"type": "actions", "elements": row})
    danger, link = page.one("button"), page.one("a")
    assert json.loads(danger.attrs["data-confirm"]) == {
        "title": "Are you sure?",
        "text": "This <b>cannot</b> be undone.",
        "confirm": "Do it",
        "deny": "Stop",
        "style": "danger",
    }
    assert "danger" in danger.classes
    assert link.attrs["href"] == "https://example.com/more"
    spoken = BUTTONS["button"] | {"accessibility_label": 'Say "yes"'}
    page = page_of({"type": "actions", "elements": [spoken]})
    assert page.one("button").attrs["aria-label"] == 'Say "yes"'


def test_a_button_for_some_is_not_drawn_for_others() -> None:
    for users, seen in ((["U1"], 1), (["U2"], 0)):
        button = BUTTONS["button"] | {"visible_to_user_ids": users}
        page = page_of({"type": "actions", "elements": [button]})
        assert len(page.all("button")) == seen


def test_an_overflow_menu_says_what_each_item_sends() -> None:
    items = [ONE, option("Web", url="javascript:alert(1)")]
    menu = {"type": "overflow", "options": items, "confirm": CONFIRM}
    page = page_of({"type": "section", "text": plain("x"), "accessory": menu})
    root = page.one(cls="menu")
    one, web = root.all("button", role="menuitem")
    assert json.loads(one.attrs["data-value"]) == {"selected_option": ONE}
    assert web.attrs["data-url"] == "about:blank"
    assert "hidden" in root.one(role="menu").attrs
    assert root.all("button")[0].attrs["aria-expanded"] == "false"


def test_feedback_says_which() -> None:
    root = page_of(BLOCKS["context_actions"]).one(cls="feedback")
    values = [json.loads(b.attrs["data-value"]) for b in root.all("button")]
    assert values == [{"value": "good"}, {"value": "bad"}]


TOLD = [
    ("plain_text_input", {}, "enter"),
    (
        "plain_text_input",
        {"trigger_actions_on": ["on_character_entered", "on_enter_pressed"]},
        "character enter",
    ),
    ("static_select", {}, "change"),
    ("checkboxes", {}, "change"),
    ("datepicker", {}, "change"),
]


@pytest.mark.parametrize(("name", "config", "told"), TOLD)
def test_an_input_tells_the_app_at_once_if_asked(
    name: str, config: dict[str, Any], told: str
) -> None:
    element = deepcopy((ELEMENTS | FIELDS)[name])
    if config:
        element["dispatch_action_config"] = config
    page = page_of(asking(name, element, dispatch_action=True))
    assert page.one(data_type=element["type"]).attrs["data-dispatch"] == told


def test_an_accessory_is_named_by_the_text_beside_it() -> None:
    beside = {"type": "section", "text": mrkdwn("*Owner* of <@U2>")}
    page = page_of(beside | {"accessory": ELEMENTS["users_select"]})
    assert page.one(role="combobox").attrs["aria-label"] == "Owner of @Béla <b>"
    assert page.one(cls="select").attrs["data-dispatch"] == "change"


def test_an_optional_field_says_so_a_focused_one_is_marked() -> None:
    element = FIELDS["plain_text_input"] | {"focus_on_load": True}
    page = page_of(asking("x", element, optional=True))
    assert page.one("label").text == "The x (optional)"
    assert "data-focus" in page.one(cls="written").attrs
    assert "aria-required" not in page.one("input").attrs


def test_ids_are_unique_and_what_refers_to_them_finds_them() -> None:
    rows = [asking(name, e) for name, e in (ELEMENTS | FIELDS).items()]
    blocks = [*deepcopy([*ALL.values()]), *rows]
    page = read(draw(identified(blocks), drawing(place="m1")))
    ids = [node.attrs["id"] for node in page if "id" in node.attrs]
    assert len(ids) == len(set(ids))
    for node in page:
        for name in ("for", "aria-controls", "aria-labelledby", "aria-describedby"):
            assert set(node.attrs.get(name, "").split()) <= set(ids), node
    assert all(i.startswith("m1-") for i in ids)


HOSTILE = "\"><img src=x onerror=alert(1)><script>alert(1)</script>'{{7*7}}"
KEYS = {
    "text", "alt_text", "title", "caption", "label", "name", "value", "initial_value",
    "x_label", "y_label", "block_id", "action_id", "external_id", "url", "title_url",
    "user_id", "channel_id", "fallback", "format", "image_url", "author_name",
}  # fmt: skip
TAGS = """div span b i s u br hr h1 h3 p a em strong ul ol li label input textarea
button fieldset legend small table caption thead tbody tr th td figure figcaption svg
title desc path rect circle line text details summary section article blockquote pre
code time mark"""


WORKFLOW = {
    "type": "workflow_button",
    "text": plain("Run"),
    "workflow": {"trigger": {"url": "https://example.com/"}},
}


def poisoned(value: Any, poison: str, *, within: str = "") -> Any:
    """Return blocks with `poison` in every text."""
    if isinstance(value, dict):
        return {k: poisoned(v, poison, within=k) for k, v in value.items()}
    if isinstance(value, list):
        return [poisoned(v, poison, within=within) for v in value]
    return poison if isinstance(value, str) and within in KEYS else value


def assert_harmless(html: str) -> None:
    for node in read(html):
        assert node.tag in TAGS.split(), node.tag
        assert not [name for name in node.attrs if name.startswith("on")], node.attrs
        assert "style" not in node.attrs
        link = node.attrs.get("href", "#").lower()
        assert link.startswith(("https://", "http://", "mailto:", "#", "about:blank"))
        assert "src" not in node.attrs or node.attrs["src"].startswith("data:image/")


def the_gallery(poison: str) -> list[dict[str, Any]]:
    rows = [asking(n, e) for n, e in (ELEMENTS | FIELDS).items()]
    row = {"type": "actions", "elements": [*BUTTONS.values()]}
    blocks = [b for n, b in ALL.items() if b["type"] != "data_visualization"]
    charts = [b for b in ALL.values() if b["type"] == "data_visualization"]
    hostile: list[dict[str, Any]] = poisoned([*blocks, row, *rows], poison)
    for chart in deepcopy(charts):
        chart["title"] = poison
        for one in chart["chart"].get("segments") or chart["chart"]["series"]:
            one["label" if "label" in one else "name"] = poison
        hostile.append(chart)
    return hostile


def draw_hostile(poison: str) -> str:
    return draw(identified(the_gallery(poison)), drawing())


OPTIONAL = """accessory accessibility_label axis_config confirm deny description details
dispatch_action dispatch_action_config emoji expand fallback fields filetypes filter
focus_on_load hint icon indent initial_option initial_value is_collapsible level
max_files max_length max_selected_items min_query_length multiline offset optional
option_groups output page_size placeholder row_header_column_index skin_tone sources
style subtitle title title_url unicode url value verbatim visible_to_user_ids width
x_label y_label"""


def with_nulls(value: Any, at: Any, check: Any) -> None:
    """Put null for every optional field that is not there, where Slack takes it."""
    inner = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict) and at != "value":
        for name in [n for n in OPTIONAL.split() if n not in value]:
            value[name] = None
            if check():
                del value[name]
    for key, each in list(zip(value, inner, strict=True)):
        if isinstance(each, dict | list):
            with_nulls(each, key, check)


@pytest.mark.parametrize("name", [*BLOCKS, *ELEMENTS, *FIELDS])
def test_null_is_as_good_as_nothing(name: str) -> None:
    if name in BLOCKS:
        blocks = [deepcopy(BLOCKS[name])]
        with_nulls(blocks, None, lambda: check_blocks(blocks, "message"))
    else:
        blocks = [asking(name, deepcopy((ELEMENTS | FIELDS)[name]))]
        with_nulls(blocks, None, lambda: check_view(modal(*blocks)))
    page = read(draw(blocks, drawing()))
    assert "None" not in page.text
    for node in page:
        assert "None" not in node.attrs.values()


def test_emoji_are_drawn_by_name_tone_and_code() -> None:
    signs = [
        {"type": "emoji", "name": "wave", "skin_tone": 3},
        {"type": "emoji", "name": "unheard_of", "unicode": "1f389"},
        {"type": "emoji", "name": "unheard_of"},
    ]
    section = {"type": "rich_text_section", "elements": signs}
    page = page_of({"type": "rich_text", "elements": [section]})
    assert page.text.strip() == "👋🏼🎉:unheard_of:"


def test_hostile_words_are_only_words() -> None:
    html = draw_hostile(HOSTILE)
    assert_harmless(html)
    assert "49" not in read(html).text


@settings(deadline=None, max_examples=examples(50))
@given(
    st.text(max_size=40)
    | st.sampled_from(["javascript:alert(1)", "//x", "</textarea>"])
)
def test_no_words_ever_become_markup(poison: str) -> None:
    assert_harmless(draw_hostile(poison or "x"))


def test_pictures_of_other_hosts_are_not_asked_for() -> None:
    page = page_of(BLOCKS["image"], BLOCKS["card"], BLOCKS["video"])
    assert not page.all("img")
    assert page.all(role="img", aria_label="A cat")
    own = {"type": "image", "alt_text": "Mine", "slack_file": {"id": "F1"}}
    drawn = page_of(own, file="/files/{}".format)
    assert drawn.one("img").attrs["src"] == "/files/F1"
    dot = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
    here = page_of(own | {"slack_file": None, "image_url": dot})
    assert here.one("img").attrs["src"] == dot


def test_words_of_our_own_are_in_the_reader_s_language() -> None:
    block = asking("x", FIELDS["plain_text_input"], optional=True)
    page = read(draw(identified([block]), drawing("zh")))
    assert page.one("label").text == "The x （选填）"


def test_all_words_of_our_own_have_their_chinese() -> None:
    alerts = [
        ALERT | {"level": level}
        for level in ("default", "info", "warning", "error", "success")
    ]
    tasks = [
        BLOCKS["task_card"] | {"status": status}
        for status in ("pending", "in_progress", "complete", "error")
    ]
    other: list[dict[str, Any]] = [
        {"type": "call", "call_id": "R1"},
        {"type": "auth_provider", "value": "x", "name": plain("X")}
        | {"is_connected": False, "auth_url": "https://example.com/"},
        {"type": "unheard-of"},
        {"type": "actions", "elements": [WORKFLOW, *BUTTONS.values()]},
    ]
    blocks = [*the_gallery("x"), *alerts, *tasks, *other]
    read(draw(identified(blocks), drawing("zh")))


OLD = {
    "color": "danger",
    "pretext": "Before",
    "author_name": "Ada",
    "title": "A <title>",
    "title_link": "https://example.com/",
    "text": "*bold* text",
    "fields": [{"title": "Left", "value": "1", "short": True}, "nonsense"],
    "footer": "The foot",
    "ts": 1772616600,
}


def test_attachments_are_drawn_beside_their_colour() -> None:
    page = read(draw_attachments([OLD, {"blocks": [BLOCKS["header"]]}], drawing()))
    first, second = page.all(cls="attachment")
    assert first.one("rect").attrs["fill"] == "#a30200"
    assert first.one("a").text == "A <title>"
    assert first.one(cls="footer").text == "The foot | today"
    assert second.one("h3").text == "A heading"
    assert second.one("rect").attrs["fill"] == "#dddddd"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["title", "value", "short"]), inner, max_size=3
        )
    ),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*OLD, "fallback", "image_url"]), JSON))
def test_whatever_an_attachment_says_it_is_drawn(attachment: dict[str, Any]) -> None:
    assert_harmless(draw_attachments([attachment], drawing()))
