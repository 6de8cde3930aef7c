"""What Slack would refuse is refused, in Slack's words; what it takes is taken."""

from copy import deepcopy
from typing import Any

import pytest
from slack_sdk.models.blocks import Block

from sandbox.blocks.limits import Surface, check_blocks, check_view
from tests.sandbox.gallery import (
    ALERT,
    BLOCKS,
    BUTTONS,
    CARD,
    ELEMENTS,
    FIELDS,
    IMAGE,
    ONE,
    THREE,
    asking,
    lines,
    modal,
    mrkdwn,
    option,
    plain,
    raw,
)


@pytest.mark.parametrize("name", BLOCKS)
def test_a_good_block_is_taken(name: str) -> None:
    assert check_blocks([BLOCKS[name]], "message") == []


@pytest.mark.parametrize("name", [*BUTTONS, *ELEMENTS])
def test_a_good_element_is_taken_in_actions_and_as_accessory(name: str) -> None:
    element = (BUTTONS | ELEMENTS)[name]
    actions = {"type": "actions", "elements": [element]}
    assert check_blocks([actions], "message") == []
    if element["type"] != "datetimepicker":  # Slack has it in actions and inputs only
        beside = {"type": "section", "text": plain("Beside"), "accessory": element}
        assert check_blocks([beside], "home") == []


@pytest.mark.parametrize("name", [*ELEMENTS, *FIELDS])
def test_a_good_field_is_taken_in_a_modal(name: str) -> None:
    assert check_view(modal(asking(name, (ELEMENTS | FIELDS)[name]))) == []


def test_null_is_as_good_as_nothing() -> None:
    button = BUTTONS["button"] | {"action_id": None}
    row = {"type": "actions", "block_id": None, "elements": [button, button]}
    assert check_blocks([row, deepcopy(row)], "message") == []
    field = FIELDS["multiline"] | {"min_length": 1, "max_length": None}
    assert check_view(modal(asking("x", field))) == []


SDK_KNOWS = [
    name
    for name, block in BLOCKS.items()
    if block["type"] not in {"data_table", "data_visualization"}
]


@pytest.mark.parametrize("name", SDK_KNOWS)
def test_the_sdk_reads_the_same_shapes(name: str) -> None:
    """Keep our examples honest: Slack's own models take them too."""
    parsed = Block.parse(deepcopy(BLOCKS[name]))
    assert parsed is not None
    parsed.validate_json()


def section(**more: Any) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn("x"), **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain("b"), **more}


WRONG: list[tuple[Any, str]] = [
    ("text", "must be an array [json-pointer:/blocks]"),
    ([7], "must provide an object [json-pointer:/blocks/0]"),
    ([{}], "missing required field: type [json-pointer:/blocks/0]"),
    (
        [{"type": "nonsense"}],
        "unsupported type: nonsense [json-pointer:/blocks/0/type]",
    ),
    ([{"type": ["x"]}], "unsupported type: ['x'] [json-pointer:/blocks/0/type]"),
    (
        [{"type": "divider"}] * 51,
        "no more than 50 items allowed [json-pointer:/blocks]",
    ),
    (
        [{"type": "section"}],
        "must define either `text` or `fields` [json-pointer:/blocks/0]",
    ),
    (
        [{"type": "section", "text": mrkdwn("")}],
        "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
    ),
    (
        [{"type": "section", "text": mrkdwn("x" * 3001)}],
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ),
    (
        [section(fields=[plain("x")] * 11)],
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ),
    (
        [section(fields=[plain("x" * 2001)])],
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    (
        [section(colour="red")],
        "invalid additional property: colour [json-pointer:/blocks/0]",
    ),
    (
        [{"type": "section", "text": mrkdwn("x") | {"emoji": True}}],
        "invalid additional property: emoji [json-pointer:/blocks/0/text]",
    ),
    (
        [{"type": "header", "text": mrkdwn("x")}],
        "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    (
        [{"type": "header", "text": plain("x" * 151)}],
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    (
        [{"type": "context", "elements": []}],
        "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        [{"type": "context", "elements": [plain("x")] * 11}],
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        [actions(*[button()] * 26)],
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        [actions({"type": "button", "text": plain("x" * 76)})],
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    (
        [actions(button(value="x" * 2001))],
        "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ),
    (
        [actions(button(style="secondary"))],
        (
            "must be a valid enum value: one of primary, danger "
            "[json-pointer:/blocks/0/elements/0/style]"
        ),
    ),
    (
        [actions(button(action_id="x" * 256))],
        (
            "must be less than 256 characters "
            "[json-pointer:/blocks/0/elements/0/action_id]"
        ),
    ),
    (
        [actions(button(action_id="a"), button(action_id="a"))],
        "action_id a already exists [json-pointer:/blocks/0/elements/1/action_id]",
    ),
    (
        [section(block_id="b"), section(block_id="b")],
        "block_id b already exists [json-pointer:/blocks/1/block_id]",
    ),
    (
        [actions({"type": "overflow", "options": [ONE] * 6})],
        "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        [actions({"type": "radio_buttons", "options": [ONE] * 11})],
        "no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        [actions({"type": "static_select", "options": [ONE] * 101})],
        "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        [actions({"type": "static_select"})],
        (
            "must define exactly one of options, option_groups "
            "[json-pointer:/blocks/0/elements/0]"
        ),
    ),
    (
        [actions(ELEMENTS["static_select"] | {"initial_option": option("Nine")})],
        (
            "initial_option was not found in options "
            "[json-pointer:/blocks/0/elements/0/initial_option]"
        ),
    ),
    (
        [actions(ELEMENTS["static_select"] | {"options": [option("x" * 76)]})],
        (
            "must be less than 76 characters "
            "[json-pointer:/blocks/0/elements/0/options/0/text/text]"
        ),
    ),
    (
        [actions(ELEMENTS["static_select"] | {"options": [option("x", "v" * 151)]})],
        (
            "must be less than 151 characters "
            "[json-pointer:/blocks/0/elements/0/options/0/value]"
        ),
    ),
    (
        [actions(ELEMENTS["checkboxes"] | {"placeholder": plain("x")})],
        "invalid additional property: placeholder [json-pointer:/blocks/0/elements/0]",
    ),
    (
        [actions(ELEMENTS["datepicker"] | {"initial_date": "4 March"})],
        "must be a date: YYYY-MM-DD [json-pointer:/blocks/0/elements/0/initial_date]",
    ),
    (
        [actions({"type": "plain_text_input"})],
        "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        [{"type": "image", "alt_text": "x"}],
        "must define exactly one of image_url, slack_file [json-pointer:/blocks/0]",
    ),
    ([ALERT], "unsupported type: alert [json-pointer:/blocks/0/type]"),
    (
        [asking("file", FIELDS["file_input"])],
        "unsupported type: file_input [json-pointer:/blocks/0/element/type]",
    ),
    (
        [BLOCKS["table"], BLOCKS["table"]],
        "no more than 1 table blocks allowed [json-pointer:/blocks]",
    ),
    (
        [BLOCKS["line"], BLOCKS["bar"], BLOCKS["pie"]],
        "no more than 2 data_visualization blocks allowed [json-pointer:/blocks]",
    ),
    (
        [{"type": "markdown", "text": "x" * 7000}] * 2,
        "markdown blocks exceed 12000 characters in all [json-pointer:/blocks]",
    ),
    (
        [BLOCKS["table"] | {"rows": [[raw("x")]] * 101}],
        "no more than 100 items allowed [json-pointer:/blocks/0/rows]",
    ),
    (
        [BLOCKS["table"] | {"rows": [[raw("x")] * 21]}],
        "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]",
    ),
    (
        [BLOCKS["table"] | {"rows": [[raw("")]]}],
        "must be more than 0 characters [json-pointer:/blocks/0/rows/0/0/text]",
    ),
    (
        [BLOCKS["data_table"] | {"rows": [[raw("x")]]}],
        "no fewer than 2 items allowed [json-pointer:/blocks/0/rows]",
    ),
    (
        [BLOCKS["data_table"] | {"rows": [[raw("x")], [raw("y"), raw("z")]]}],
        "all rows must have the same length [json-pointer:/blocks/0/rows/1]",
    ),
    (
        [BLOCKS["data_table"] | {"rows": [[BLOCKS["rich_text"]], [raw("y")]]}],
        "unsupported type: rich_text [json-pointer:/blocks/0/rows/0/0/type]",
    ),
    (
        [BLOCKS["data_table"] | {"page_size": 101}],
        "must be less than or equal to 100 [json-pointer:/blocks/0/page_size]",
    ),
    (
        [{k: v for k, v in BLOCKS["data_table"].items() if k != "caption"}],
        "missing required field: caption [json-pointer:/blocks/0]",
    ),
    (
        [BLOCKS["line"] | {"title": "x" * 51}],
        "must be less than 51 characters [json-pointer:/blocks/0/title]",
    ),
    (
        [CARD | {"title": mrkdwn("x" * 151)}],
        "must be less than 151 characters [json-pointer:/blocks/0/title/text]",
    ),
    (
        [{"type": "card", "subtitle": mrkdwn("x")}],
        "must define one of hero_image, title, actions, body [json-pointer:/blocks/0]",
    ),
    (
        [
            {
                "type": "carousel",
                "elements": [{"type": "card", "title": plain("x")}] * 11,
            }
        ],
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        [BLOCKS["container"] | {"child_blocks": [BLOCKS["line"]]}],
        (
            "unsupported type: data_visualization "
            "[json-pointer:/blocks/0/child_blocks/0/type]"
        ),
    ),
    (
        [BLOCKS["container"] | {"is_collapsible": False}],
        "default_collapsed needs is_collapsible to be true [json-pointer:/blocks/0]",
    ),
    (
        [BLOCKS["video"] | {"video_url": "http://example.com"}],
        "must be a valid HTTPS URL [json-pointer:/blocks/0/video_url]",
    ),
    (
        [{"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}],
        "unsupported type: text [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        [
            section(accessory=ELEMENTS["users_select"] | {"focus_on_load": True}),
            section(accessory=ELEMENTS["datepicker"] | {"focus_on_load": True}),
        ],
        "only one element can have focus_on_load [json-pointer:/blocks]",
    ),
    (
        [
            section(
                accessory=ELEMENTS["channels_select"] | {"response_url_enabled": True}
            )
        ],
        "response_url_enabled is for modals [json-pointer:/blocks/0/accessory]",
    ),
]


@pytest.mark.parametrize(("blocks", "words"), WRONG)
def test_a_wrong_message_is_refused_with_its_place(blocks: Any, words: str) -> None:
    assert f"[ERROR] {words}" in check_blocks(blocks, "message")


def chart(**changes: Any) -> list[dict[str, Any]]:
    block = deepcopy(lines("bar"))
    block["chart"] |= changes
    return [block]


def test_each_series_has_one_point_for_each_category() -> None:
    short = deepcopy(lines("line"))
    del short["chart"]["series"][1]["data"][0]
    assert check_blocks([short], "message") == [
        (
            "[ERROR] must have exactly one point for each category "
            "[json-pointer:/blocks/0/chart/series/1/data]"
        )
    ]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "5", True, None])
def test_points_are_finite_numbers(value: Any) -> None:
    block = deepcopy(lines("line"))
    block["chart"]["series"][0]["data"][0]["value"] = value
    (words,) = check_blocks([block], "message")
    assert "/blocks/0/chart/series/0/data/0" in words


def test_charts_have_few_series_with_names_of_their_own() -> None:
    series = lines("bar")["chart"]["series"]
    assert check_blocks(chart(series=[series[0]] * 2), "message") == [
        "[ERROR] series names must be unique [json-pointer:/blocks/0/chart/series]"
    ]
    assert check_blocks(chart(series=[]), "message")
    named = [series[0] | {"name": str(n)} for n in range(7)]
    assert check_blocks(chart(series=named), "message")
    assert check_blocks(chart(series=named[:6]), "message") == []


def test_a_pie_has_slices_one_can_see() -> None:
    pie = {
        "type": "data_visualization",
        "title": "t",
        "chart": {"type": "pie", "segments": [{"label": "a", "value": 0}]},
    }
    assert check_blocks([pie], "message") == [
        "[ERROR] must be greater than 0 [json-pointer:/blocks/0/chart/segments/0/value]"
    ]


VIEWS: list[tuple[Any, str]] = [
    (None, "must provide an object [json-pointer:/view]"),
    ({"type": "modal"}, "missing required field: title [json-pointer:/view]"),
    ({"type": "modal"}, "missing required field: blocks [json-pointer:/view]"),
    ({"type": "window"}, "unsupported type: window [json-pointer:/view/type]"),
    (
        modal(title=plain("x" * 25)),
        "must be less than 25 characters [json-pointer:/view/title/text]",
    ),
    (
        modal(private_metadata="x" * 3001),
        "must be less than 3001 characters [json-pointer:/view/private_metadata]",
    ),
    (
        modal(asking("x", FIELDS["multiline"]), submit=None),
        "missing required field: submit, as there are inputs [json-pointer:/view]",
    ),
    (
        modal(*[{"type": "divider"}] * 101),
        "no more than 100 items allowed [json-pointer:/view/blocks]",
    ),
    (
        modal(asking("x", FIELDS["multiline"], label=plain("x" * 2001))),
        "must be less than 2001 characters [json-pointer:/view/blocks/0/label/text]",
    ),
    (
        modal(asking("x", FIELDS["multiline"] | {"placeholder": plain("x" * 151)})),
        (
            "must be less than 151 characters "
            "[json-pointer:/view/blocks/0/element/placeholder/text]"
        ),
    ),
    (
        modal(asking("x", {"type": "number_input"})),
        (
            "missing required field: is_decimal_allowed "
            "[json-pointer:/view/blocks/0/element]"
        ),
    ),
    (
        modal(asking("x", FIELDS["number_input"] | {"min_value": "200"})),
        (
            "min_value cannot be greater than max_value "
            "[json-pointer:/view/blocks/0/element]"
        ),
    ),
    (
        modal(
            asking("x", {"type": "plain_text_input", "min_length": 9, "max_length": 3})
        ),
        (
            "min_length cannot be greater than max_length "
            "[json-pointer:/view/blocks/0/element]"
        ),
    ),
    (
        {"type": "home", "blocks": [], "title": plain("x")},
        "invalid additional property: title [json-pointer:/view]",
    ),
    (
        {"type": "home", "blocks": [ALERT]},
        "unsupported type: alert [json-pointer:/view/blocks/0/type]",
    ),
    (
        modal(BLOCKS["table"]),
        "unsupported type: table [json-pointer:/view/blocks/0/type]",
    ),
]


@pytest.mark.parametrize(("view", "words"), VIEWS)
def test_a_wrong_view_is_refused_with_its_place(view: Any, words: str) -> None:
    assert f"[ERROR] {words}" in check_view(view)


def test_good_views_are_taken() -> None:
    assert check_view(modal(ALERT, *[{"type": "divider"}] * 99)) == []
    assert check_view({"type": "home", "blocks": [BLOCKS["section"]]}) == []
    assert check_view(modal(section(accessory=IMAGE), submit=None)) == []


@pytest.mark.parametrize("surface", ["message", "home"])
def test_more_fits_in_a_home_than_in_a_message(surface: Surface) -> None:
    blocks = [{"type": "divider"}] * 60
    assert (check_blocks(blocks, surface) == []) is (surface == "home")


def test_an_initial_option_may_come_from_any_group() -> None:
    menu = ELEMENTS["static_select with groups"] | {"initial_option": THREE}
    assert check_blocks([actions(menu)], "message") == []
