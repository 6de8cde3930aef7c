"""The page in a real Chromium: what people do reaches an unmodified Bolt app."""

import json
import statistics
from collections.abc import Callable
from time import perf_counter
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from slack_bolt import Ack, App, Respond, Say
from slack_sdk import WebClient

from sandbox.client import Workspace
from tests.sandbox.conftest import Opened
from tests.sandbox.test_chat import BUTTON, modal

pytestmark = pytest.mark.browser


def types(page: Page, text: str) -> None:
    page.fill("#composer textarea", text)
    page.press("#composer textarea", "Enter")


def test_two_people_talk_and_only_one_sees_what_is_private(
    opened: Opened, bolt: App, connected: Callable[[], App]
) -> None:
    bolt.command("/echo")(lambda ack, body: ack(f"just for you: {body['text']}"))
    connected()
    ann, bob = opened("ann"), opened("bob")

    types(ann, "hello *all* @bob")
    expect(bob.locator(".message b", has_text="all")).to_be_visible()
    expect(bob.locator("#messages .message")).to_have_count(1)

    types(ann, "/echo secret")
    expect(ann.locator(".message.private")).to_contain_text("just for you: secret")
    expect(ann.locator(".only")).to_contain_text("Only visible to you")
    expect(bob.locator("#messages .message")).to_have_count(1)
    expect(bob.locator("html")).to_have_attribute("lang", "zh-CN")


def test_an_unread_channel_is_marked_until_it_is_read(
    opened: Opened, web: WebClient
) -> None:
    ann = opened("ann", at="C0ALONE")
    general = ann.locator("[data-open=C0GEN]")
    web.chat_postMessage(channel="C0GEN", text="news")
    expect(general).to_have_class("unread")
    expect(general.locator(".count")).to_have_count(0)
    web.chat_postMessage(channel="C0GEN", text="for <@U0ANN>")
    expect(general.locator(".count")).to_have_text("1")
    general.click()
    expect(general).not_to_have_class("unread")
    expect(ann.locator(".day.new")).to_have_text("New")


def test_commands_and_people_are_completed_with_hints(opened: Opened) -> None:
    ann = opened("ann")
    ann.type("#composer textarea", "/ec")
    expect(ann.locator(".completion").first).to_contain_text("/echo [words]")
    ann.press("#composer textarea", "Tab")
    expect(ann.locator("#composer textarea")).to_have_value("/echo ")
    ann.type("#composer textarea", "@bo")
    ann.press("#composer textarea", "Enter")
    expect(ann.locator("#composer textarea")).to_have_value("/echo @bob ")


def test_a_first_visitor_is_offered_what_to_type(opened: Opened) -> None:
    ann = opened("ann")
    ann.click("text=/echo hello")
    expect(ann.locator("#composer textarea")).to_have_value("/echo hello")


def test_a_failing_command_is_a_visible_error(opened: Opened) -> None:
    ann = opened("ann")
    types(ann, "/echo nobody listens")
    expect(ann.locator(".toast")).to_contain_text("dispatch_failed")


def test_a_form_is_filled_in_by_keyboard_and_its_errors_stand_at_the_fields(
    opened: Opened, bolt: App, connected: Callable[[], App]
) -> None:
    sent: list[dict[str, Any]] = []

    @bolt.command("/echo")
    def echo(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal())
        ack()

    @bolt.options("c")
    def cities(ack: Ack, payload: dict[str, Any]) -> None:
        name = payload["value"].title() + "rlin"
        text = {"type": "plain_text", "text": name}
        ack(options=[{"text": text, "value": name}])

    @bolt.view("form")
    def submitted(ack: Ack, view: dict[str, Any]) -> None:
        sent.append(view["state"]["values"])
        ack()

    connected()
    ann = opened("ann")
    types(ann, "/echo")
    form = ann.locator(".modal")
    expect(form.locator("h2")).to_have_text("A form")
    ann.keyboard.press("Enter")
    expect(form.locator(".error").first).to_contain_text("required")

    ann.keyboard.type("12")
    city = form.get_by_role("combobox")
    city.type("be")
    form.get_by_role("option", name="Berlin").click()
    form.get_by_role("button", name="Send").click()

    expect(form).to_have_count(0)
    [values] = sent
    assert values["amount"] == {"n": {"type": "number_input", "value": "12"}}
    chosen = values["city"]["c"]["selected_option"]
    assert (
        chosen
        == {
            "text": {"type": "plain_text", "text": "Berlin", "emoji": True},
            "value": "Berlin",
        }
        or chosen["value"] == "Berlin"
    )
    expect(ann.locator("#composer textarea")).to_be_focused()


def test_escape_closes_a_modal_and_tells_the_app(
    opened: Opened, bolt: App, connected: Callable[[], App]
) -> None:
    closed: list[bool] = []

    @bolt.command("/echo")
    def echo(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal())
        ack()

    @bolt.view_closed("form")
    def form_closed(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        closed.append(body["is_cleared"])

    connected()
    ann = opened("ann")
    types(ann, "/echo")
    expect(ann.locator(".modal")).to_be_visible()
    ann.keyboard.press("Escape")
    expect(ann.locator(".modal")).to_have_count(0)
    ann.wait_for_timeout(200)
    assert closed == [False]


def test_buttons_confirm_threads_reactions_edits_and_files(
    opened: Opened, bolt: App, connected: Callable[[], App], web: WebClient
) -> None:
    @bolt.action("press")
    def press(ack: Ack, respond: Respond) -> None:
        ack()
        respond(text="pressed it", replace_original=True)

    @bolt.event("message")
    def message(event: dict[str, Any], say: Say) -> None:
        if event.get("text") == "echo me":
            say(text="an echo", thread_ts=event["ts"])

    connected()
    ask = {
        "title": {"type": "plain_text", "text": "Sure?"},
        "text": {"type": "plain_text", "text": "It cannot be undone."},
        "confirm": {"type": "plain_text", "text": "Do it"},
        "deny": {"type": "plain_text", "text": "No"},
    }
    block = json.loads(json.dumps(BUTTON))
    block["elements"][0]["confirm"] = ask
    web.chat_postMessage(channel="C0GEN", text="a button", blocks=[block])
    ann = opened("ann")

    ann.click("text=Press me")
    ann.get_by_role("button", name="No", exact=True).click()
    expect(ann.locator("text=pressed it")).to_have_count(0)
    ann.click("text=Press me")
    ann.get_by_role("button", name="Do it").click()
    expect(ann.locator("text=pressed it")).to_be_visible()

    types(ann, "echo me")
    ann.click("text=1 reply")
    expect(ann.locator("#thread")).to_contain_text("an echo")
    ann.fill("#replier textarea", "thanks")
    ann.press("#replier textarea", "Enter")
    expect(ann.locator("#thread .message")).to_have_count(3)
    ann.click("#closeside")

    mine = ann.locator("#messages .message[data-mine]").first
    mine.hover()
    mine.locator(".more").click()
    ann.click(".floating >> text=Edit")
    ann.fill(".editing textarea", "echo me not")
    ann.click(".editing >> text=Save")
    expect(mine).to_contain_text("echo me not")
    expect(mine).to_contain_text("edited")
    mine.hover()
    mine.locator(".react").click()
    ann.fill(".emoji input", "eyes")
    ann.click(".emoji [title=':eyes:']")
    expect(mine.locator(".reaction")).to_contain_text("👀")

    ann.set_input_files(
        "#composer input[type=file]",
        {
            "name": "<img src=x onerror=alert(1)>.html",
            "mimeType": "text/html",
            "buffer": b"<script>alert(1)</script>",
        },
    )
    file = ann.locator(".file")
    expect(file).to_contain_text("<img src=x")
    with ann.expect_download() as download:
        file.click()
    assert download.value.path().read_bytes() == b"<script>alert(1)</script>"


def test_hostile_words_stay_words(opened: Opened, workspace: Workspace) -> None:
    evil = "<img src=x onerror=alert(1)> <script>alert(2)</script> [x](javascript:a)"
    workspace.user("ann", "general").types(evil)
    bob = opened("bob")
    bob.on("dialog", lambda _: pytest.fail("a script ran"))
    expect(bob.locator("#messages")).to_contain_text("<script>alert(2)</script>")
    assert bob.locator("#messages script, #messages img[src=x]").count() == 0


def test_a_home_is_shown_and_its_button_works(
    opened: Opened, bolt: App, connected: Callable[[], App]
) -> None:
    pressed: list[str] = []

    @bolt.event("app_home_opened")
    def home_opened(event: dict[str, Any], client: WebClient) -> None:
        view = {"type": "home", "blocks": [BUTTON]}
        client.views_publish(user_id=event["user"], view=view)

    @bolt.action("press")
    def press(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        pressed.append(body["view"]["type"])

    connected()
    ann = opened("ann")
    ann.click("#sidebar [data-app]")
    ann.click("#home >> text=Press me")
    ann.wait_for_timeout(300)
    assert pressed == ["home"]
    ann.click("[data-tab=messages]")
    expect(ann.locator("#composer textarea")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fits_a_phone_and_works_by_keyboard(opened: Opened, theme: str) -> None:
    ann = opened("ann", width=400, theme=theme)
    types(ann, "a rather long message " * 10)
    assert ann.evaluate("document.documentElement.scrollWidth") <= 400
    ann.click("#menu")
    expect(ann.locator("#sidebar")).to_be_visible()
    ann.click("#sidebar [data-open=C0ALONE]")
    expect(ann.locator("#title")).to_have_text("# alone")


def test_the_inspector_shows_both_ways(
    opened: Opened, bolt: App, connected: Callable[[], App]
) -> None:
    bolt.command("/echo")(lambda ack: ack("hi"))
    connected()
    ann = opened("ann")
    ann.click("#inspect")
    types(ann, "/echo <b>")
    entry = ann.locator(".entry", has_text="/echo").first
    entry.locator("summary").click()
    expect(entry.locator("pre").first).to_contain_text("&lt;b&gt;")


def test_a_thousand_messages_scroll_and_a_post_is_there_at_once(
    opened: Opened, web: WebClient, workspace: Workspace
) -> None:
    for number in range(1_000):
        workspace.do("say", user="ann", channel="alone", text=f"message {number}")
    ann = opened("ann", at="C0ALONE")
    patient = 20_000  # milliseconds: other tests may keep both cores busy
    expect(ann.locator("#messages")).to_contain_text("message 999", timeout=patient)
    for page_number in range(2, 5):
        ann.evaluate("document.getElementById('scroller').scrollTop = 0")
        shown = ann.locator("#messages .message")
        expect(shown).to_have_count(page_number * 60, timeout=patient)
    ann.click("[data-open=C0GEN]")
    expect(ann.locator("#title")).to_have_text("# general")
    taken = []
    for number in range(10):
        began = perf_counter()
        web.chat_postMessage(channel="C0GEN", text=f"fresh {number}")
        ann.wait_for_selector(f"text=fresh {number}", state="attached")
        taken.append(perf_counter() - began)
    assert statistics.median(taken) < 5, "the benchmark says how long it takes"
