"""Every element in a real Chromium: filled in, submitted, its payload as documented."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from slack_bolt import Ack, App
from slack_sdk import WebClient

from tests.sandbox.conftest import Opened
from tests.sandbox.gallery import (
    BLOCKS,
    BUTTONS,
    ELEMENTS,
    FIELDS,
    GROUPS,
    ONE,
    THREE,
    TWO,
    asking,
    modal,
    option,
)
from tests.sandbox.test_page import types
from tests.sandbox.test_protocol import until

pytestmark = pytest.mark.browser

Json = dict[str, Any]
Connect = Callable[[], App]
ALL = ELEMENTS | FIELDS


@pytest.fixture
def form(bolt: App, connected: Connect) -> Callable[[Json], list[Json]]:
    """Give what makes `/echo` open a view, and collects what is submitted."""
    sent: list[Json] = []

    def serve(view: Json) -> list[Json]:
        @bolt.command("/echo")
        def echo(ack: Ack, body: Json, client: WebClient) -> None:
            client.views_open(trigger_id=body["trigger_id"], view=view)
            ack()

        @bolt.view("form")
        def submitted(ack: Ack, body: Json) -> None:
            sent.append(body)
            ack()

        connected()
        return sent

    @bolt.options(re.compile(".*"))
    def offer(ack: Ack, payload: Json) -> None:
        if payload["value"].startswith("gr"):
            ack(option_groups=GROUPS)
        else:
            ack(options=[option(f"{payload['value']} {n}") for n in (1, 2)])

    return serve


def field(page: Page, name: str) -> Locator:
    """Return the input block of an element of the gallery."""
    return page.locator(f'.modal [data-input="b_{name}"]')


def choose(place: Locator, typed: str, shown: str) -> None:
    """Type into a select, and press what it then offers."""
    box = place.get_by_role("combobox")
    box.click()
    box.fill(typed)
    place.get_by_role("option", name=shown, exact=True).first.click()


def write(page: Page, name: str, text: str) -> None:
    field(page, name).locator("input, textarea").fill(text)


def fill_in_all(page: Page) -> None:
    """Fill in every field of the gallery, as a person does."""
    choose(field(page, "static_select"), "tw", "Two")
    choose(field(page, "static_select with groups"), "", "Three")
    choose(field(page, "external_select"), "be", "be 2")
    choose(field(page, "users_select"), "bo", "bob")
    choose(field(page, "channels_select"), "al", "# alone")
    choose(field(page, "conversations_select"), "gen", "# general")
    choose(field(page, "multi_static_select"), "", "Three")
    choose(field(page, "multi_external_select"), "gr", "One")
    choose(field(page, "multi_external_select"), "gr", "Three")
    choose(field(page, "multi_users_select"), "", "Ann Lee")
    choose(field(page, "multi_users_select"), "", "guy")
    choose(field(page, "multi_channels_select"), "", "# general")
    choose(field(page, "multi_conversations_select"), "bo", "bob")
    field(page, "checkboxes").get_by_label("Two").check()
    field(page, "radio_buttons").get_by_label("Two").check()
    write(page, "datepicker", "2026-12-24")
    write(page, "timepicker", "17:45")
    write(page, "datetimepicker", "2026-03-04T10:30")
    write(page, "plain_text_input", "After")
    write(page, "multiline", "two\nlines")
    write(page, "email_text_input", "ann@desk.example")
    write(page, "url_text_input", "https://desk.example/a")
    write(page, "number_input", "12.5")
    write_rich(page)
    field(page, "file_input").locator("input").set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"}
    )
    expect(field(page, "file_input").locator("li")).to_contain_text("a.csv")


def write_rich(page: Page) -> None:
    """Write a bold word, a plain one, and a list, by the editor's own tools."""
    place = field(page, "rich_text_input")
    area = place.get_by_role("textbox")
    area.click()
    place.get_by_role("button", name="Bold").click()
    page.keyboard.type("Bold")
    place.get_by_role("button", name="Bold").click()
    page.keyboard.type(" and plain")
    page.keyboard.press("Enter")
    place.get_by_role("button", name="Bulleted list").click()
    page.keyboard.type("first")
    page.keyboard.press("Enter")
    page.keyboard.type("second")


def section(*pieces: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(pieces)}


def said(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


WRITTEN = {
    "type": "rich_text",
    "elements": [
        section(said("Bold", bold=True), said(" and plain")),
        {
            "type": "rich_text_list",
            "style": "bullet",
            "indent": 0,
            "elements": [section(said("first")), section(said("second"))],
        },
    ],
}
VALUES: dict[str, Json] = {
    "static_select": {"selected_option": TWO},
    "static_select with groups": {"selected_option": THREE},
    "external_select": {"selected_option": option("be 2")},
    "users_select": {"selected_user": "U0BOB"},
    "channels_select": {"selected_channel": "C0ALONE"},
    "conversations_select": {"selected_conversation": "C0GEN"},
    "multi_static_select": {"selected_options": [ONE, THREE]},
    "multi_external_select": {"selected_options": [ONE, THREE]},
    "multi_users_select": {"selected_users": ["U0ANN", "U0GUY"]},
    "multi_channels_select": {"selected_channels": ["C0GEN"]},
    "checkboxes": {
        "selected_options": [
            ONE,
            {"text": {"type": "mrkdwn", "text": "*Two*"}, "value": "two"},
        ]
    },
    "radio_buttons": {"selected_option": ELEMENTS["radio_buttons"]["options"][1]},
    "datepicker": {"selected_date": "2026-12-24"},
    "timepicker": {"selected_time": "17:45"},
    "datetimepicker": {"selected_date_time": 1772620200},
    "plain_text_input": {"value": "After"},
    "multiline": {"value": "two\nlines"},
    "email_text_input": {"value": "ann@desk.example"},
    "url_text_input": {"value": "https://desk.example/a"},
    "number_input": {"value": "12.5"},
    "rich_text_input": {"rich_text_value": WRITTEN},
}
"""The state of each element, as its page of Slack's reference shows it."""


def test_every_field_is_filled_in_and_sent_as_documented(
    opened: Opened, form: Callable[[Json], list[Json]], web: WebClient
) -> None:
    sent = form(modal(*(asking(name, element) for name, element in ALL.items())))
    ann = opened("ann")
    types(ann, "/echo")
    expect(ann.locator(".modal")).to_be_visible()
    fill_in_all(ann)
    ann.get_by_role("button", name="Send", exact=True).last.click()
    expect(ann.locator(".modal")).to_have_count(0)

    [body] = sent
    state = body["view"]["state"]["values"]
    assert {block.removeprefix("b_") for block in state} == set(ALL)
    for name, value in VALUES.items():
        kind = {"type": ALL[name]["type"]}
        assert state[f"b_{name}"] == {f"a_{name}": kind | value}, name
    [with_bob] = state["b_multi_conversations_select"]["a_multi_conversations_select"][
        "selected_conversations"
    ]
    assert with_bob.startswith("D"), "a direct message has an id of its own"
    [file] = state["b_file_input"]["a_file_input"]["files"]
    assert (file["name"], file["size"], file["filetype"]) == ("a.csv", 8, "csv")
    assert web.files_info(file=file["id"])["file"]["user"] == "U0ANN"
    expect(ann.locator("#messages .message")).to_have_count(0)


def test_initial_values_are_drawn_and_sent_untouched(
    opened: Opened, form: Callable[[Json], list[Json]]
) -> None:
    rich = BLOCKS["rich_text"]
    given: dict[str, tuple[Json, Json]] = {
        "static": (
            ELEMENTS["static_select with groups"],
            {"selected_option": TWO},
        ),
        "users": (
            {"type": "multi_users_select", "initial_users": ["U0BOB"]},
            {"selected_users": ["U0BOB"]},
        ),
        "here": (
            {
                "type": "conversations_select",
                "default_to_current_conversation": True,
            },
            {"selected_conversation": "C0GEN"},
        ),
        "boxes": (ELEMENTS["checkboxes"], {"selected_options": [ONE]}),
        "day": (ELEMENTS["datepicker"], {"selected_date": "2026-03-04"}),
        "moment": (ELEMENTS["datetimepicker"], {"selected_date_time": 1772616600}),
        "words": (FIELDS["plain_text_input"], {"value": "Before"}),
        "number": (
            FIELDS["number_input"] | {"initial_value": "7.5"},
            {"value": "7.5"},
        ),
        "rich": (
            {"type": "rich_text_input", "initial_value": rich},
            {"rich_text_value": rich},
        ),
    }
    sent = form(modal(*(asking(name, element) for name, (element, _) in given.items())))
    ann = opened("ann")
    types(ann, "/echo")
    expect(field(ann, "here").get_by_role("combobox")).to_have_value("general")
    ann.get_by_role("button", name="Send", exact=True).last.click()
    expect(ann.locator(".modal")).to_have_count(0)
    state = sent[0]["view"]["state"]["values"]
    for name, (element, value) in given.items():
        kind = {"type": element["type"]}
        assert state[f"b_{name}"] == {f"a_{name}": kind | value}, name


def test_what_the_client_would_not_send_stays_with_its_reason(
    opened: Opened, form: Callable[[Json], list[Json]]
) -> None:
    names = ("email_text_input", "url_text_input", "number_input", "static_select")
    sent = form(modal(*(asking(name, ALL[name]) for name in names)))
    ann = opened("ann")
    types(ann, "/echo")
    write(ann, "email_text_input", "nobody")
    write(ann, "url_text_input", "desk")
    write(ann, "number_input", "101")
    send = ann.get_by_role("button", name="Send", exact=True).last
    send.click()
    for name, words in (
        ("email_text_input", "valid email"),
        ("url_text_input", "valid URL"),
        ("number_input", "at most 100"),
        ("static_select", "required"),
    ):
        expect(field(ann, name).get_by_role("alert")).to_contain_text(words)
    expect(field(ann, "email_text_input").locator("input")).to_be_focused()
    assert sent == []


def test_selects_work_by_keyboard_and_give_back_what_was_not_chosen(
    opened: Opened, form: Callable[[Json], list[Json]]
) -> None:
    named = {name: ALL[name] for name in ("static_select", "multi_static_select")}
    named["external_select"] = ALL["external_select"] | {"initial_option": TWO}
    asked = [asking(n, e, optional=n == "external_select") for n, e in named.items()]
    sent = form(modal(*asked))
    ann = opened("ann")
    types(ann, "/echo")
    box = field(ann, "static_select").get_by_role("combobox")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-expanded", "true")
    ann.keyboard.press("ArrowDown")
    ann.keyboard.press("ArrowDown")
    active = box.get_attribute("aria-activedescendant")
    expect(ann.locator(f'[id="{active}"]')).to_have_text("Two")
    ann.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(ann.locator(".modal")).to_be_visible()
    ann.keyboard.press("ArrowDown")
    ann.keyboard.press("ArrowUp")
    ann.keyboard.press("Enter")
    expect(box).to_have_value("Three")
    ann.keyboard.type(" nonsense")
    ann.keyboard.press("Tab")
    expect(box).to_have_value("Three")

    several = field(ann, "multi_static_select")
    several.get_by_role("combobox").focus()
    ann.keyboard.press("Backspace")
    expect(several.locator(".chip")).to_have_count(0)
    ann.keyboard.type("two")
    ann.keyboard.press("Enter")
    expect(several.locator(".chip")).to_contain_text("Two")
    field(ann, "external_select").get_by_role("combobox").fill("")
    ann.get_by_role("button", name="Send", exact=True).last.click()
    expect(ann.locator(".modal")).to_have_count(0)
    state = sent[0]["view"]["state"]["values"]
    assert state["b_static_select"]["a_static_select"]["selected_option"] == THREE
    chosen = state["b_multi_static_select"]["a_multi_static_select"]
    assert chosen["selected_options"] == [TWO]
    cleared = state["b_external_select"]["a_external_select"]
    assert cleared["selected_option"] is None


def test_an_input_that_dispatches_tells_the_app_at_once(
    opened: Opened, bolt: App, form: Callable[[Json], list[Json]]
) -> None:
    heard: list[Json] = []

    @bolt.action("a_plain_text_input")
    def typed(ack: Ack, body: Json) -> None:
        ack()
        heard.append(body)

    words = FIELDS["plain_text_input"]
    form(modal(asking("plain_text_input", words, dispatch_action=True)))
    ann = opened("ann")
    types(ann, "/echo")
    write(ann, "plain_text_input", "now")
    ann.keyboard.press("Enter")
    until(lambda: heard)
    [body] = heard
    assert body["actions"][0]["value"] == "now"
    assert body["container"] == {"type": "view", "view_id": body["view"]["id"]}
    kept = body["view"]["state"]["values"]["b_plain_text_input"]
    assert kept["a_plain_text_input"]["value"] == "now"
    expect(ann.locator(".modal")).to_be_visible()


PRESSED: dict[str, Json] = {
    "button": {"text": BUTTONS["button"]["text"], "value": "v"},
    "primary": {"text": BUTTONS["primary"]["text"], "style": "primary"},
    "danger": {
        "text": BUTTONS["danger"]["text"],
        "style": "danger",
        "value": "all",
    },
    "overflow": {"selected_option": TWO},
}


ECHOED = ("placeholder", "confirm", "url")
"""What a click says of the element itself, as Slack's own types have it."""


def test_every_element_of_a_message_tells_the_app_what_was_done(
    opened: Opened, bolt: App, form: Callable[[Json], list[Json]], web: WebClient
) -> None:
    heard: list[Json] = []

    @bolt.action(re.compile(".*"))
    def pressed(ack: Ack, body: Json) -> None:
        ack()
        heard.append(body)

    form(modal())
    named = {n: e | {"action_id": n} for n, e in (BUTTONS | ELEMENTS).items()}
    blocks = [
        {"type": "actions", "block_id": f"b_{n}", "elements": [e]}
        for n, e in named.items()
    ]
    posted = web.chat_postMessage(
        channel="C0GEN", text="all", blocks=[*blocks, BLOCKS["context_actions"]]
    )
    ann = opened("ann")

    def at(name: str) -> Locator:
        return ann.locator(f'[data-action-id="{name}"]')

    def tells(name: str, do: Callable[[], object], value: Json) -> None:
        do()
        until(lambda: heard)
        body = heard.pop()
        [action] = body["actions"]
        assert float(action.pop("action_ts")) > 0
        known = {"type": action["type"], "action_id": name}
        element = named.get(name, {})
        echoed = (n for n in element if n in ECHOED or n.startswith("initial_"))
        known |= {n: element[n] for n in echoed}
        assert action == {**known, "block_id": action["block_id"], **value}, name
        assert body["message"]["ts"] == posted["ts"]
        assert body["response_url"].startswith("http://127.0.0.1")
        assert body["trigger_id"]

    for name in ("button", "primary"):
        tells(name, at(name).click, PRESSED[name])
    at("danger").click()
    agree = ann.get_by_role("button", name="Do it")
    tells("danger", agree.click, PRESSED["danger"])
    at("overflow").get_by_role("button").click()
    ann.keyboard.press("ArrowDown")
    tells("overflow", lambda: ann.keyboard.press("Enter"), PRESSED["overflow"])
    good = at("feedback").get_by_role("button", name="Good")
    text = BLOCKS["context_actions"]["elements"][0]["positive_button"]["text"]
    tells("feedback", good.click, {"text": text, "value": "good"})

    for name, typed, shown, value in (
        ("static_select", "", "Two", {"selected_option": TWO}),
        ("external_select", "be", "be 1", {"selected_option": option("be 1")}),
        ("users_select", "bo", "bob", {"selected_user": "U0BOB"}),
        ("channels_select", "", "# general", {"selected_channel": "C0GEN"}),
        ("conversations_select", "", "# alone", {"selected_conversation": "C0ALONE"}),
        ("multi_static_select", "", "Two", {"selected_options": [ONE, TWO]}),
        ("multi_users_select", "", "guy", {"selected_users": ["U0GUY"]}),
    ):
        tells(name, lambda n=name, t=typed, s=shown: choose(at(n), t, s), value)  # type: ignore[misc] # a loop's values

    boxes = at("checkboxes").get_by_label("One")
    tells("checkboxes", boxes.uncheck, {"selected_options": []})
    second = ELEMENTS["radio_buttons"]["options"][1]
    radio = at("radio_buttons").get_by_label("Two")
    tells("radio_buttons", radio.check, {"selected_option": second})
    day = at("datepicker").locator("input")
    tells("datepicker", lambda: day.fill("2026-05-01"), {"selected_date": "2026-05-01"})
