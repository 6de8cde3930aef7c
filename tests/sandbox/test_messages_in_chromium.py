"""Messages on the page, as people use them: menus, threads, edits, keyboard, panes."""

import re
from collections.abc import Callable
from time import sleep
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from slack_bolt import Ack, App, Assistant, Respond, Say, SetStatus, SetSuggestedPrompts
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk import WebClient

from sandbox.client import Workspace
from tests.sandbox.conftest import Opened, configured, hang_up, manifest, serving
from tests.sandbox.gallery import ELEMENTS, plain
from tests.sandbox.test_chat import BUTTON, modal
from tests.sandbox.test_page import types
from tests.sandbox.test_protocol import until

pytestmark = pytest.mark.browser

Json = dict[str, Any]
Connect = Callable[[], App]

NAMELESS = """() => [...document.querySelectorAll(
    "button, a[href], input:not([type=hidden]), select, textarea, [role=textbox]")]
  .filter((n) => n.checkVisibility() && !n.closest("[hidden]"))
  .filter((n) => !(
    n.getAttribute("aria-label") || n.textContent.trim() || n.title || n.ariaLabel
    || (n.labels && [...n.labels].some((l) => l.textContent.trim()))
    || n.getAttribute("aria-labelledby")))
  .map((n) => n.outerHTML.slice(0, 120))"""
"""Controls that a screen reader could not name."""


def more(page: Page, words: str) -> None:
    """Open the menu of the message that says `words`."""
    message = page.locator("#messages .message", has_text=words).last
    message.hover()
    message.locator(".more").click()


def test_a_message_shortcut_tells_which_message_and_opens_a_form(
    opened: Opened, bolt: App, connected: Connect, workspace: Workspace
) -> None:
    heard: list[Json] = []

    @bolt.shortcut("note")
    def note(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        heard.append(body)
        client.views_open(trigger_id=body["trigger_id"], view=modal())

    connected()
    said = workspace.user("bob", "general").types("they *promised* 30k on Friday")
    ann = opened("ann")
    more(ann, "promised")
    ann.get_by_role("menuitem", name="Note it — Echo").click()
    expect(ann.get_by_role("dialog", name="A form")).to_be_visible()
    [body] = heard
    assert body["type"] == "message_action"
    assert body["callback_id"] == "note"
    assert body["message_ts"] == said["ts"] == body["message"]["ts"]
    assert body["message"]["text"] == "they *promised* 30k on Friday"
    assert body["message"]["user"] == "U0BOB"
    assert body["channel"] == {"id": "C0GEN", "name": "general"}
    assert body["user"]["id"] == "U0ANN"
    assert body["team"] == {"id": "T1", "domain": "workspace"}
    assert float(body["action_ts"]) > float(said["ts"])
    for name in ("token", "trigger_id", "response_url", "api_app_id"):
        assert body[name], name
    ann.keyboard.press("Escape")
    expect(ann.get_by_role("dialog")).to_have_count(0)


def test_a_message_shortcut_may_answer_in_private(
    opened: Opened, bolt: App, connected: Connect, workspace: Workspace
) -> None:
    @bolt.shortcut("note")
    def note(ack: Ack, respond: Respond) -> None:
        ack()
        respond(text="noted", response_type="ephemeral", replace_original=False)

    connected()
    workspace.user("bob", "general").types("factory idle")
    ann = opened("ann")
    more(ann, "factory idle")
    ann.get_by_role("menuitem", name="Note it").click()
    expect(ann.locator(".message.private")).to_contain_text("noted")
    more(ann, "noted")
    expect(ann.get_by_role("menuitem", name="Note it")).to_have_count(0)
    ann.get_by_role("menuitem", name="Dismiss").click()
    expect(ann.locator(".message.private")).to_have_count(0)


def test_a_global_shortcut_is_in_the_menu_of_the_composer(
    opened: Opened, bolt: App, connected: Connect
) -> None:
    heard: list[Json] = []

    @bolt.shortcut("thing")
    def thing(ack: Ack, body: Json) -> None:
        ack()
        heard.append(body)

    connected()
    ann = opened("ann")
    ann.get_by_role("button", name="Shortcuts").click()
    ann.keyboard.press("Enter")
    until(lambda: heard)
    [body] = heard
    assert (body["type"], body["callback_id"]) == ("shortcut", "thing")
    assert "channel" not in body
    assert "response_url" not in body
    expect(ann.get_by_role("button", name="Shortcuts")).to_be_focused()


def test_what_is_edited_is_what_was_typed(opened: Opened, workspace: Workspace) -> None:
    typed = "see *all* @bob in #general, https://a.example/?b&c <i>"
    ann = opened("ann")
    types(ann, typed)
    more(ann, "see all")
    ann.get_by_role("menuitem", name="Edit").click()
    box = ann.locator(".editing textarea")
    expect(box).to_have_value(typed)
    box.fill(f"{typed} now")
    box.press("Enter")
    expect(ann.locator("#messages .message")).to_contain_text("(edited)")
    [message] = workspace.user("ann", "general").messages()
    assert message.words == (
        "see *all* <@U0BOB> in <#C0GEN>, <https://a.example/?b&amp;c> &lt;i&gt; now"
    )


def test_a_reply_may_be_sent_to_the_channel_too_and_commands_may_not(
    opened: Opened,
) -> None:
    ann = opened("ann")
    types(ann, "root")
    ann.locator("#messages .message").hover()
    ann.get_by_role("button", name="Reply in thread").first.click()
    box = ann.locator("#replier textarea")
    ann.get_by_label("Also send to the channel").check()
    box.fill("for all")
    box.press("Enter")
    expect(ann.locator("#messages .message")).to_have_count(2)
    expect(ann.locator("#thread .message")).to_have_count(2)
    expect(ann.get_by_label("Also send to the channel")).not_to_be_checked()
    box.fill("/echo hi")
    box.press("Enter")
    expect(ann.locator(".toast")).to_contain_text("not supported in threads")
    expect(box).to_have_value("/echo hi")
    box.press("Escape")
    expect(ann.locator("#side")).to_be_hidden()


def test_a_deleted_root_leaves_its_thread_and_a_deleted_reply_is_not_counted(
    opened: Opened, workspace: Workspace
) -> None:
    speaker = workspace.user("ann", "general")
    root = speaker.types("root")["ts"]
    first = speaker.do("say", text="one", thread_ts=root)["message"]["ts"]
    speaker.do("say", text="two", thread_ts=root)
    ann = opened("ann")
    expect(ann.locator(".replies")).to_contain_text("2 replies")
    speaker.do("delete", ts=first)
    expect(ann.locator(".replies")).to_contain_text("1 reply")
    speaker.do("delete", ts=root)
    expect(ann.locator("#messages")).to_contain_text("This message was deleted.")
    expect(ann.locator(".replies")).to_contain_text("1 reply")


def test_the_keyboard_stays_where_it_is_when_a_message_changes(
    opened: Opened, bolt: App, connected: Connect, web: WebClient
) -> None:
    @bolt.action("press")
    def press(ack: Ack, respond: Respond) -> None:
        ack()
        blocks = [BUTTON, BUTTON | {"block_id": "c"}]
        respond(text="again", blocks=blocks, replace_original=True)

    connected()
    web.chat_postMessage(channel="C0GEN", text="a button", blocks=[BUTTON])
    ann = opened("ann")
    ann.get_by_role("button", name="Press me").focus()
    ann.keyboard.press("Enter")
    expect(ann.get_by_role("button", name="Press me")).to_have_count(2)
    expect(ann.get_by_role("button", name="Press me").first).to_be_focused()


def test_messages_are_walked_by_arrow_keys_one_stop_for_all(
    opened: Opened, workspace: Workspace
) -> None:
    for number in range(3):
        workspace.user("bob", "general").types(f"m{number}")
    ann = opened("ann")
    messages = ann.locator("#messages .message")
    expect(messages).to_have_count(3)
    ann.locator("#composer textarea").focus()
    ann.keyboard.press("Shift+Tab")
    expect(messages.last).to_be_focused()
    ann.keyboard.press("ArrowUp")
    expect(messages.nth(1)).to_be_focused()
    ann.keyboard.press("Tab")
    expect(messages.nth(1).get_by_role("button", name="Add a reaction")).to_be_focused()
    assert ann.locator("#messages .message[tabindex='0']").count() == 1


def test_a_list_that_is_open_in_a_message_is_not_cut_off(
    opened: Opened, web: WebClient
) -> None:
    select = ELEMENTS["static_select"] | {"action_id": "s"}
    blocks = [{"type": "actions", "block_id": "b", "elements": [select]}]
    for _ in range(2):
        web.chat_postMessage(channel="C0GEN", text="choose", blocks=blocks)
    ann = opened("ann")
    first = ann.locator("#messages .message").first
    first.get_by_role("combobox").click()
    last = first.get_by_role("option", name="Three")
    expect(last).to_be_visible()
    on_top = """(option) => {
      const box = option.getBoundingClientRect();
      const there = document.elementFromPoint(box.x + 5, box.y + box.height / 2);
      return option.contains(there) || there === option;
    }"""
    assert last.evaluate(on_top)


def test_modals_are_the_person_s_in_all_tabs_and_nobody_else_s(
    opened: Opened, bolt: App, connected: Connect
) -> None:
    @bolt.command("/echo")
    def echo(ack: Ack, body: Json, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal())
        ack()

    connected()
    one, two, bob = opened("ann"), opened("ann", at="C0ALONE"), opened("bob")
    types(one, "/echo")
    expect(one.get_by_role("dialog")).to_be_visible()
    expect(two.get_by_role("dialog")).to_be_visible()
    expect(bob.get_by_role("dialog")).to_have_count(0)
    expect(bob.locator("#composer textarea")).to_be_enabled()
    assert one.locator("#main").evaluate("(main) => main.inert")
    two.keyboard.press("Escape")
    expect(one.get_by_role("dialog")).to_have_count(0)


def test_what_a_person_may_not_know_is_not_offered(opened: Opened) -> None:
    guy = opened("guy", at="")
    expect(guy.locator("#sidebar [data-open]")).to_have_count(0)
    ann = opened("ann")
    ann.type("#composer textarea", "#al")
    expect(ann.get_by_role("option", name="#alone")).to_be_visible()
    bob = opened("bob")
    bob.type("#composer textarea", ":eyes")
    expect(bob.locator("#composer .completion")).to_contain_text(":eyes:")
    expect(bob.locator("#composer .completion")).not_to_contain_text(":eye:")
    bob.keyboard.press("Enter")
    expect(bob.locator("#composer textarea")).to_have_value(":eyes: ")


def test_an_app_that_is_away_is_said_to_be(opened: Opened, connected: Connect) -> None:
    ann = opened("ann")
    echo = ann.locator("#sidebar [data-app]")
    expect(echo).to_contain_text("not connected")
    types(ann, "/echo lost?")
    expect(ann.locator(".toast")).to_contain_text("dispatch_failed")
    expect(ann.locator("#composer textarea")).to_have_value("/echo lost?")
    connected()
    expect(echo).not_to_contain_text("not connected")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_control_has_a_name(
    opened: Opened,
    bolt: App,
    connected: Connect,
    web: WebClient,
    language: str,
) -> None:
    @bolt.command("/echo")
    def echo(ack: Ack, body: Json, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal())
        ack()

    connected()
    blocks = [
        {"type": "actions", "elements": [element | {"action_id": f"a{n}"}]}
        for n, element in enumerate(ELEMENTS.values())
    ]
    root = web.chat_postMessage(channel="C0GEN", text="all", blocks=blocks)["ts"]
    web.chat_postMessage(channel="C0GEN", text="reply", thread_ts=root)
    ann = opened("ann", lang=language)
    ann.locator(".replies").click()
    ann.click("#inspect")
    expect(ann.locator("#thread .message")).to_have_count(2)
    ann.locator("#messages .message").first.hover()
    assert ann.evaluate(NAMELESS) == []
    types(ann, "/echo")
    expect(ann.get_by_role("dialog")).to_be_visible()
    assert ann.evaluate(NAMELESS) == []


def test_the_assistant_s_pane_has_prompts_status_and_threads(
    browser: Any,
) -> None:
    known = manifest()
    known["features"]["assistant_view"] = {"assistant_description": "Helps"}
    known["settings"]["event_subscriptions"]["bot_events"] += [
        "assistant_thread_started",
        "assistant_thread_context_changed",
    ]
    with serving(configured(manifest=known)) as space:
        url = space.world.url
        app = App(
            client=WebClient("xoxb-echo", base_url=f"{url}/api/"), signing_secret="shh"
        )
        app.use(_helper())
        handler = SocketModeHandler(
            app, "xapp-echo", web_client=WebClient(base_url=f"{url}/api/")
        )
        handler.connect()  # type: ignore[no-untyped-call] # the SDK says no types
        page = browser.new_page()
        page.goto(f"{url}/?as=ann#C0GEN")
        page.get_by_role("button", name="Shortcuts").click()
        page.get_by_role("menuitem", name="Assistant — Echo").click()
        expect(page.locator("#thread")).to_contain_text("How can I help?")
        page.get_by_role("button", name="Is Acme ok?").click()
        expect(page.locator("#status")).to_contain_text("is looking")
        expect(page.locator("#thread")).to_contain_text("Acme is fine")
        expect(page.locator("#status")).to_be_empty()
        expect(page.locator("#side h2")).to_have_text("About Acme")
        page.close()
        hang_up(handler)


def _helper() -> Assistant:
    assistant = Assistant()

    @assistant.thread_started
    def started(say: Say, set_suggested_prompts: SetSuggestedPrompts) -> None:
        say("How can I help?")
        set_suggested_prompts(
            prompts=[{"title": "Is Acme ok?", "message": "is Acme ok?"}]
        )

    @assistant.user_message
    def asked(say: Say, set_status: SetStatus, set_title: Any) -> None:
        set_status("is looking…")
        set_title("About Acme")
        sleep(1)
        say(
            text="Acme is fine",
            blocks=[{"type": "section", "text": plain("Acme is fine")}],
        )

    return assistant


def test_what_one_says_in_a_row_stands_under_one_name(
    opened: Opened, workspace: Workspace, web: WebClient
) -> None:
    page = opened("bob")
    ann, bob = workspace.user("ann", "general"), workspace.user("bob", "general")
    for who, text in ((ann, "one"), (ann, "two"), (bob, "three"), (ann, "four")):
        who.types(text)
    workspace.do("clock", seconds=301)
    ann.types("five")
    expect(page.locator("#messages")).to_contain_text("five")
    names = page.locator("#messages .author:visible")
    expect(names).to_have_text(["Ann Lee", "bob", "Ann Lee", "Ann Lee"])
    said = page.locator("#messages .message", has_text="two")
    expect(said).to_have_accessible_name(re.compile("^Ann Lee "))
    said.hover()
    expect(said.locator("time")).to_be_visible()

    for day in (1_700_000_000, 1_700_100_000):
        web.chat_postMessage(channel="C0GEN", text=f"<!date^{day}^{{date}}|once>")
    second = page.locator("#messages .message.follows").last
    expect(second.locator(".blocks time")).to_be_visible()
    expect(second.locator(".author")).to_be_hidden()
