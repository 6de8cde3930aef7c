"""`/risk alerts`: a place's form, how it is kept, and words that say what to do."""

import json
from typing import Any

import pytest

from storage.tables import AlertChannel, OutboxMessage
from tests.conftest import Person
from tests.fake_slack import FakeSlack
from tests.rows import in_order
from tests.workflows.ledger import schedule
from tests.workflows.problems import hears, tell
from workflows.roles import change_role
from workflows.services import Actor, Services

LINK = "https://x.slack.com/archives/C1/p1700000000000100"


def option(value: str) -> dict[str, Any]:
    return {"value": value}


def filled(**changed: Any) -> dict[str, Any]:
    """Return the form's state: five a week, Chinese days off; `changed` by block."""
    fields = {
        "budget": {"value": "5"},
        "quiet_from": {"selected_time": "18:30"},
        "quiet_to": {"selected_time": "09:00"},
        "zone": {"selected_option": option("Asia/Shanghai")},
        "days_off": {"selected_option": option("country")},
        "country": {"selected_option": option("CN")},
        "verbosity": {"selected_option": option("all")},
        "language": {"selected_option": option("zh-CN")},
        "owners": {"selected_users": ["U7"]},
        "classes": {"selected_options": [option("D"), option("E")]},
        "causes": {"selected_options": [option("payment"), option("limit")]},
        "minimum": {"value": "1000"},
    } | changed
    return {block: {f"alerts_{block}": value} for block, value in fields.items()}


def opened(person: Person, text: str = "alerts") -> dict[str, Any]:
    """Type the command; return the form that opened."""
    assert person.types("/risk", text) == {}
    view: Any = person.slack.called("views.open")[-1]["view"]
    form: dict[str, Any] = json.loads(view) if isinstance(view, str) else view
    return form


def kept(services: Services) -> list[AlertChannel]:
    with services.database.read() as session:
        return in_order(session, AlertChannel)


def words(services: Services) -> list[OutboxMessage]:
    with services.database.read() as session:
        return in_order(session, OutboxMessage)


def test_a_form_opens_with_the_policys_ways_in_the_readers_zone(
    person: Person, slack: FakeSlack
) -> None:
    slack.users["U1"] = {"tz": "Asia/Shanghai", "locale": "zh-CN"}
    view = opened(person, "提醒")

    said = str(view["blocks"])
    assert view["title"]["text"] == "提醒"
    assert "'initial_time': '19:00'" in said
    assert "'initial_value': '10'" in said
    assert "Asia/Shanghai" in said
    assert "该频道没有摘要" in said
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    assert all(block["block_id"] for block in inputs)


def test_a_saved_form_sets_the_place_and_says_so_to_its_maker_alone(
    person: Person, services: Services
) -> None:
    schedule(services)
    assert person.submits(opened(person), filled()) == {}

    [place] = kept(services)
    assert (place.place, place.state, place.budget) == ("C1", "on", 5)
    assert (place.quiet_from, place.quiet_to) == ("18:30", "09:00")
    assert (place.holidays, place.timezone) == ("CN", "Asia/Shanghai")
    assert (place.language, place.verbosity) == ("zh-CN", "all")
    assert place.scope == {
        "owners": ["U7"],
        "regions": [],
        "classes": ["D", "E"],
        "causes": ["payment", "limit"],
        "minimum": "1000",
    }
    assert place.readers_checked_at is None
    [word] = words(services)
    assert (word.method, word.user) == ("ephemeral", "U1")
    assert "Alerts in <#C1> are set: up to 5 a week." in word.text
    assert "It is open now." in str(word.blocks)
    assert "sinks into the digest" in str(word.blocks)


def test_a_form_opens_as_it_was_saved_with_what_was_used(
    person: Person, services: Services
) -> None:
    person.submits(opened(person), filled())
    hears(services, "C2", budget=1)
    tell(services, 900, 300, 20)

    said = str(opened(person)["blocks"])
    assert "'initial_time': '18:30'" in said
    assert "'value': 'CN'" in said
    assert "'initial_users': ['U7']" in said
    assert "0 of 5 in the last seven days" in said
    person.channel = "C2"
    said = str(opened(person)["blocks"])
    assert "1 of 1 in the last seven days" in said
    assert "everything may interrupt" in said
    assert "2 are held back" in said


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"budget": {"value": "1.5"}}, "1.5 is no number of alerts"),
        ({"budget": {"value": "501"}}, "from 0 to 500"),
        ({"zone": {"selected_option": option("Mars/Base")}}, "Mars/Base"),
        ({"country": {"selected_option": None}}, "Choose the country"),
        ({"minimum": {"value": "NaN"}}, "NaN is no amount"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(
    person: Person, wrong: dict[str, Any], told: str
) -> None:
    answer = person.submits(opened(person), filled(**wrong))

    assert answer["response_action"] == "errors"
    assert told in answer["errors"][next(iter(wrong))]


@pytest.mark.parametrize(
    ("channel", "told"),
    [
        ({"is_ext_shared": True}, "People of another company"),
        ({"is_member": False}, "/invite"),
    ],
)
def test_a_channel_that_may_not_be_alerted_is_refused(
    person: Person, slack: FakeSlack, channel: dict[str, Any], told: str
) -> None:
    slack.channels["C1"] = channel
    answer = person.submits(opened(person), filled())
    assert told in answer["errors"]["budget"]


def test_a_form_that_was_overtaken_says_so(person: Person) -> None:
    first, second = opened(person), opened(person)
    assert person.submits(first, filled()) == {}
    answer = person.submits(second, filled())
    assert "Somebody changed these alerts" in str(answer["view"])


def test_when_it_opens_next_follows_what_is_chosen(
    person: Person, slack: FakeSlack
) -> None:
    view = opened(person)
    night: dict[str, Any] = {"quiet_from": {"selected_time": "10:00"}}
    steps: list[tuple[dict[str, Any], str]] = [
        (night, "Quiet until Thursday, March 5, 2026"),
        (night | {"quiet_to": {"selected_time": "10:00"}}, "It is open now"),
        ({"country": {"selected_option": None}}, "Choose the country"),
    ]
    for changed, told in steps:
        person.interacts(
            "block_actions",
            actions=[
                {
                    "type": "timepicker",
                    "action_id": "alerts_quiet_from",
                    "block_id": "quiet_from",
                }
            ],
            view=view
            | {"id": "V1", "hash": "h", "state": {"values": filled(**changed)}},
        )
        assert told in str(slack.called("views.update")[-1]["view"])


def test_countries_and_zones_are_offered_as_they_are_typed(
    person: Person, slack: FakeSlack
) -> None:
    slack.users["U1"] = {"locale": "zh-CN"}
    for typed in ("china", "中国", "cn"):
        answer = person.interacts(
            "block_suggestion",
            action_id="alerts_country",
            block_id="country",
            value=typed,
        )
        assert answer["options"][0]["value"] in {"CN", "HK"}
        assert "CN" in {o["value"] for o in answer["options"]}
    assert len(answer["options"]) <= 100
    answer = person.interacts(
        "block_suggestion", action_id="alerts_zone", block_id="zone", value="new yo"
    )
    assert [o["value"] for o in answer["options"]] == ["America/New_York"]


@pytest.mark.parametrize(
    ("word", "told", "state"),
    [
        ("pause", "are paused", "paused"),
        ("暂停", "are paused", "paused"),
        ("OFF", "are off", "off"),
        ("resume", "go on: up to 10 a week", "on"),
    ],
)
def test_a_word_does_what_it_says(
    person: Person, services: Services, word: str, told: str, state: str
) -> None:
    hears(services)
    assert told in person.types("/risk", f"alerts {word}")["text"]
    assert kept(services)[0].state == state


@pytest.mark.parametrize("word", ["pause", "resume", "off"])
def test_a_place_that_hears_nothing_says_how_to_set_it_up(
    person: Person, word: str
) -> None:
    assert "No alerts are set up" in person.types("/risk", f"alerts {word}")["text"]


@pytest.mark.parametrize(
    ("text", "place", "named"),
    [
        (f"alerts {LINK}", "C1/1700000000.000100", "a thread of <#C1>"),
        (f"alerts &lt;{LINK}&gt;", "C1/1700000000.000100", "a thread of <#C1>"),
        ("alerts me", "U1", "<@U1>"),
        ("alerts <@U1|ann>", "U1", "<@U1>"),
        ("提醒 我", "U1", "<@U1>"),
    ],
)
def test_threads_and_people_can_be_named(
    person: Person, services: Services, text: str, place: str, named: str
) -> None:
    view = opened(person, text)
    assert named in str(view["blocks"][0])
    assert person.submits(view, filled()) == {}
    assert kept(services)[0].place == place
    [word] = words(services)
    assert word.channel == ("U1" if place == "U1" else "C1")


def test_in_direct_messages_it_is_about_oneself(
    person: Person, services: Services
) -> None:
    person.channel = "D1"
    person.submits(opened(person), filled())
    assert kept(services)[0].place == "U1"


def test_what_others_hear_is_set_by_leads_alone(
    person: Person, services: Services
) -> None:
    assert "or by a lead" in person.types("/risk", "alerts <@U7|bob>")["text"]
    boss = Actor("UADMIN", roles=frozenset({"admin"}))
    change_role(services, boss, "U1", "lead", give=True)
    assert "<@U7>" in str(opened(person, "alerts <@U7|bob>")["blocks"][0])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("alerts &lt;!channel&gt;", "I do not know “&lt;!channel&gt;” here"),
        (f"alerts {LINK.replace('C1', 'C9')}", "in another channel"),
    ],
)
def test_what_names_no_place_is_said(person: Person, text: str, told: str) -> None:
    assert told in person.types("/risk", text)["text"]


def test_guests_set_up_nothing(person: Person, slack: FakeSlack) -> None:
    slack.users["U1"] = {"is_restricted": True}
    assert "our own people" in person.types("/risk", "alerts")["text"]


def test_a_form_that_comes_too_late_says_so(person: Person, slack: FakeSlack) -> None:
    slack.faults.append(
        lambda name, _: (
            {"ok": False, "error": "expired_trigger_id"}
            if name == "views.open"
            else True
        )
    )
    assert "did not wait" in person.types("/risk", "alerts")["text"]
