"""Looking a customer up: the card, the choices, the plain words, the buttons."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from storage.names import index_names
from storage.tables import OutboxMessage
from tests.conftest import NOW, Clock, Person, examples
from tests.fake_slack import FakeSlack
from tests.rows import in_order
from tests.workflows.ledger import customer, invoice, limit, paid_all
from workflows.services import Services

TODAY = NOW.date()


def named(session: Session, number: str, name: str, **about: Any) -> int:
    """Add a customer that can be found by name; return its id."""
    whose = customer(session, number, NOW, name=name, **about)
    index_names(session, [(whose, name)])
    return whose


@pytest.fixture
def acme(services: Services) -> int:
    """Add Acme: 5 invoices paid 10 days late, 1 open and 40 days overdue, a limit."""
    with services.database.write() as session:
        whose = named(session, "1001", "Acme Trading Ltd", owner="ann", region="EMEA")
        months = [(2025, 10), (2025, 11), (2025, 12), (2026, 1), (2026, 2)]
        dues = [date(year, month, 1) for year, month in months]
        paid_all(session, whose, "1000", dues, NOW, late=10)
        invoice(session, whose, "2500", days(TODAY, -40), NOW)
        limit(session, whose, "10000", NOW)
    return whose


def days(day: date, count: int) -> date:
    return day + timedelta(days=count)


def said(answer: dict[str, Any]) -> str:
    """Return all that an answer shows, as one text."""
    return json.dumps(answer["blocks"], ensure_ascii=False)


def button(answer: dict[str, Any], action: str) -> dict[str, Any]:
    """Return the first button of an answer with this action."""
    for block in answer["blocks"]:
        parts = [*block.get("elements", ()), block.get("accessory") or {}]
        for element in parts:
            if element.get("action_id") == action:
                found: dict[str, Any] = element
                return found
    raise AssertionError(f"no button {action}")


def test_a_name_gives_the_card_in_the_ack(person: Person, acme: int) -> None:
    card = person.types("/risk", "acme trading")

    assert card["response_type"] == "ephemeral"
    assert card["text"].startswith("Acme Trading Ltd (1001): exposure USD 2,500")
    words = said(card)
    assert "owner ann" in words
    assert "oldest 40 days" in words
    assert "USD 10,000 · 25% used" in words
    assert "10 days after the due date" in words
    assert "of 1000, confidence" in words
    assert "“Why?” shows every point of the score." in words
    assert person.slack.called("chat.postMessage") == [], "one round trip"


def test_the_card_counts_as_its_figures_say(person: Person, acme: int) -> None:
    card = person.types("/risk", "1001")

    [table] = [block for block in card["blocks"] if block["type"] == "table"]
    cells = [[cell["text"] for cell in row] for row in table["rows"]]
    assert cells[3] == ["31–60 days", "USD 2,500", "100%"]
    [chart] = [b for b in card["blocks"] if b["type"] == "data_visualization"]
    [series] = chart["chart"]["series"]
    assert {point["value"] for point in series["data"]} == {10}
    labels = [point["label"] for point in series["data"]]
    assert labels == chart["chart"]["axis_config"]["categories"]


def test_the_card_reads_chinese(person: Person, acme: int) -> None:
    words = said(person.reads("zh-CN").types("/risk", "acme"))
    assert "到期后 10 天" in words
    assert "“为什么？”列出评分的每一分。" in words


def test_a_customer_without_data_says_what_is_missing(
    person: Person, services: Services
) -> None:
    with services.database.write() as session:
        named(session, "7", "Fresh Start GmbH")

    words = said(person.types("/risk", "fresh start"))

    assert "No invoices are known" in words
    assert "not set" in words
    assert "USD" not in words, "no number made of nothing"
    assert not any(f":large_{c}" in words for c in ("green", "yellow", "orange"))


def test_invoices_without_an_exchange_rate_are_not_said_to_be_missing(
    person: Person, services: Services
) -> None:
    with services.database.write() as session:
        whose = named(session, "8", "华强电子")
        invoice(session, whose, "100", TODAY, NOW, currency="CNY")

    card = person.types("/risk", "华强电子")

    assert card["text"] == "华强电子 (8): no exchange rate for CNY"
    assert "Invoices are known in CNY only" in said(card)
    assert "No invoices are known" not in said(card)
    person.clicks(button(card, "customer_history"))


def test_several_alike_give_a_list_that_tells_them_apart(
    person: Person, services: Services
) -> None:
    with services.database.write() as session:
        north = named(session, "11", "Delta Foods Ltd", owner="ann", region="North")
        named(session, "12", "Delta Foods Ltd", owner="bob", region="South")

    choices = person.types("/risk", "delta foods")

    assert "Which one do you mean" in said(choices)
    assert "11 · ann · North" in said(choices)
    assert "12 · bob · South" in said(choices)
    chosen = button(choices, "customer_show")
    card = person.clicks(chosen, container={"is_ephemeral": True})
    assert card["replace_original"] is True
    assert str(north) == button(card, "customer_share")["value"]


def test_a_list_shows_the_name_that_was_found_beside_the_first(
    person: Person, services: Services
) -> None:
    with services.database.write() as session:
        for number, first, own in (
            ("21", "Jinsui Electronics Co., Ltd.", "锦穗电子有限公司"),
            ("22", "Jinsui Machinery Co., Ltd.", "锦穗机械有限公司"),
        ):
            whose = named(session, number, first)
            index_names(session, [(whose, own)])

    choices = said(person.types("/risk", "锦穗"))

    assert "*Jinsui Electronics Co., Ltd.* · 锦穗电子有限公司" in choices
    assert "*Jinsui Machinery Co., Ltd.* · 锦穗机械有限公司" in choices
    assert "· Jinsui" not in said(person.types("/risk", "jinsui"))


def test_nobody_so_called_gives_the_nearest_and_what_to_do(
    person: Person, acme: int
) -> None:
    words = said(person.types("/risk", "akme tradnig"))
    assert "Acme Trading Ltd" in words

    nothing = said(person.types("/risk", "zzzzqqq"))
    assert "No customer is called anything like “zzzzqqq”" in nothing
    assert "import it first" in nothing


def test_a_slip_of_a_subcommand_is_asked_after(person: Person, acme: int) -> None:
    assert "Did you mean `/risk digest`?" in said(person.types("/risk", "digset"))
    assert "/risk digest [now" in said(person.types("/risk", "help"))
    assert "What /risk can do" in said(person.types("/risk", ""))


def test_a_customer_called_like_a_subcommand_is_found(
    person: Person, services: Services
) -> None:
    with services.database.write() as session:
        named(session, "5", "Roler Ltd")
    assert "Roler Ltd" in said(person.types("/risk", "Roler Ltd"))


@pytest.mark.parametrize(
    "question",
    [
        "is Acme Trading ok?",
        "<@UBOT> how is acme trading doing",
        "what about Acme Trading?",
        "Acme Trading怎么样",
        "帮我看看 Acme Trading 的付款情况",
        "1001",
    ],
)
def test_plain_words_are_answered_in_the_direct_messages(
    person: Person, services: Services, acme: int, question: str
) -> None:
    person.says(question)

    [owed] = owed_messages(services)
    assert owed.text.startswith("Acme Trading Ltd (1001)")
    assert (owed.method, owed.channel) == ("post", person.channel)


@pytest.mark.parametrize(
    "words", ["is Acme Trading ok?", "Acme Trading怎么样", "how is acme trading doing"]
)
def test_a_command_takes_plain_words_too(person: Person, acme: int, words: str) -> None:
    assert person.types("/risk", words)["text"].startswith("Acme Trading Ltd (1001)")


@pytest.mark.parametrize(
    "words", ["why is Acme Trading rated so?", "为什么 acme trading"]
)
def test_a_command_may_ask_why(person: Person, acme: int, words: str) -> None:
    assert "Points by factor" in said(person.types("/risk", words))


@pytest.mark.parametrize("words", ["hi", "Hello!", "?", "你好", "怎么用？"])
def test_a_greeting_is_answered_with_what_there_is(
    person: Person, acme: int, words: str
) -> None:
    assert "What /risk can do" in said(person.types("/risk", words))


def test_words_that_mean_nobody_name_what_was_typed(person: Person, acme: int) -> None:
    answer = person.types("/risk", "is Qqqzzz 还好吗？")
    assert "No customer is called anything like" in said(answer)


def test_a_mention_is_answered_for_its_author_alone(
    person: Person, services: Services, acme: int
) -> None:
    person.event("app_mention", text="<@UBOT> is acme trading ok?")

    [owed] = owed_messages(services)
    assert (owed.method, owed.user) == ("ephemeral", "U1")


def test_what_bots_say_is_passed_over(person: Person, services: Services) -> None:
    person.says("is Acme ok?", bot_id="B1")
    person.event("message", subtype="message_changed", channel_type="im")
    assert owed_messages(services) == []


def owed_messages(services: Services) -> list[OutboxMessage]:
    with services.database.read() as session:
        return in_order(session, OutboxMessage)


def test_the_second_look_says_what_changed(
    person: Person, services: Services, acme: int, clock: Clock
) -> None:
    assert "Since you looked" not in said(person.types("/risk", "1001"))
    assert "no change" in said(person.types("/risk", "1001"))

    clock.at = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
    with services.database.write() as session:
        invoice(session, acme, "700", days(TODAY, 30), NOW)

    words = said(person.types("/risk", "1001"))
    assert "Exposure USD 2,500 → USD 3,200" in words
    assert "Overdue USD" not in words.partition("Since you looked")[2].split("\n")[0]


def test_why_shows_points_that_sum_to_the_score(person: Person, acme: int) -> None:
    card = person.types("/risk", "1001")

    why = person.clicks(button(card, "customer_why"))

    [table] = [block for block in why["blocks"] if block["type"] == "table"]
    points = [int(row[2]["text"].rstrip("*")) for row in table["rows"][1:]]
    assert sum(points[:-1]) == points[-1], "the last row is the score"
    assert f"*{points[-1]}* of 1000" in said(why)
    chart = next(b for b in why["blocks"] if b["type"] == "data_visualization")
    drawn = [point["value"] for point in chart["chart"]["series"][0]["data"]]
    assert sum(drawn) == points[-1]
    assert "USD 2,500" in said(why), "the invoice that weighs most is named"
    assert "40 days late" in said(why)


def test_history_turns_its_pages(person: Person, services: Services) -> None:
    with services.database.write() as session:
        whose = named(session, "9", "Long Story Inc")
        for n in range(16):
            invoice(session, whose, "10", days(TODAY, -n), NOW, number=f"N{n:02}")

    card = person.types("/risk", "9")
    first = person.clicks(button(card, "customer_history"))
    second = person.clicks(button(first, "customer_history_older"))

    assert "page 1 of 2" in said(first)
    assert "N00" in said(first)
    assert "N15" not in said(first)
    assert "N15" in said(second)
    assert second["replace_original"] is True


def test_a_shared_card_is_posted_once_a_click(
    person: Person, services: Services, acme: int
) -> None:
    share = button(person.types("/risk", "1001"), "customer_share")

    answer = person.clicks(share)
    person.clicks(share)

    assert "is being posted here" in answer["text"]
    [owed] = owed_messages(services)
    assert (owed.channel, owed.method) == (person.channel, "post")
    assert "Shared by Person U1" in json.dumps(owed.blocks)
    assert "Since you looked" not in json.dumps(owed.blocks), "that is the asker's own"


@pytest.mark.parametrize(
    ("channel", "word"),
    [
        ({"is_ext_shared": True}, "Guests or people of another company"),
        ({"is_member": False}, "I am not in this channel"),
    ],
)
def test_a_card_is_not_shared_where_others_read(
    person: Person,
    services: Services,
    acme: int,
    channel: dict[str, Any],
    word: str,
) -> None:
    person.slack.channels[person.channel] = channel

    share = button(person.types("/risk", "1001"), "customer_share")

    assert word in person.clicks(share)["text"]
    assert owed_messages(services) == []


def test_guests_see_nothing(person: Person, slack: FakeSlack, acme: int) -> None:
    slack.users["U1"] = {"is_restricted": True}
    answer = person.types("/risk", "1001")
    assert "What customers owe is for our own people" in answer["text"]
    assert "2,500" not in said(answer)


def test_a_direct_message_is_no_place_to_share(person: Person, acme: int) -> None:
    person.channel = "D1"
    words = said(person.types("/risk", "1001"))
    assert "customer_share" not in words
    assert "customer_why" in words


def test_a_hostile_name_pings_nobody(person: Person, services: Services) -> None:
    with services.database.write() as session:
        named(session, "666", "<!channel> *Evil* <https://x.test|Click> & Co")

    answer = person.types("/risk", "evil click")

    marked = [text for text in texts(answer) if text["type"] == "mrkdwn"]
    words = answer["text"] + str(marked)
    assert "&lt;!channel&gt;" in answer["text"]
    assert "<!channel>" not in words
    assert "<https" not in words


def texts(part: Any) -> list[dict[str, Any]]:
    """Return every text object in an answer."""
    if isinstance(part, list):
        return [text for item in part for text in texts(item)]
    if not isinstance(part, dict):
        return []
    below = [text for value in part.values() for text in texts(value)]
    return (
        [part, *below]
        if isinstance(part.get("text"), str) and "type" in part
        else below
    )


def test_a_button_of_a_lost_customer_says_so(
    person: Person, services: Services, acme: int
) -> None:
    why = button(person.types("/risk", "1001"), "customer_why") | {"value": "424242"}
    assert "no longer in the books" in person.clicks(why)["text"]


@given(text=st.text(max_size=400))
@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_text_gets_an_answer_that_says_what_to_do(
    person: Person, acme: int, text: str
) -> None:
    answer = person.types("/risk", text)
    assert answer == {} or answer["text"]
    assert "Something went wrong" not in answer.get("text", "")
