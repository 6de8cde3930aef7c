"""`/risk digest`: a form at once, its next run, and words that say what to do."""

import json
from typing import Any

import pytest
from sqlmodel import select

from storage.tables import OutboxMessage
from tests.conftest import Person
from tests.fake_slack import FakeSlack
from tests.workflows.ledger import schedule, the_schedule
from workflows.services import Services


def option(value: str) -> dict[str, Any]:
    return {"value": value}


def filled(**changed: Any) -> dict[str, Any]:
    """Return the form's state: workdays at 10:30 in Berlin; `changed` by block."""
    fields = {
        "days": {"selected_options": [option(day) for day in "12345"]},
        "time": {"selected_time": "10:30"},
        "zone": {"selected_option": option("Europe/Berlin")},
        "language": {"selected_option": option("zh-CN")},
        "owners": {"selected_users": ["U7"]},
        "classes": {"selected_options": [option("D"), option("E")]},
        "minimum": {"value": "1000"},
    } | changed
    return {block: {f"digest_{block}": value} for block, value in fields.items()}


def opened(person: Person) -> dict[str, Any]:
    """Type the command; return the form that opened."""
    assert person.types("/risk", "digest") == {}
    view: Any = person.slack.called("views.open")[-1]["view"]
    form: dict[str, Any] = json.loads(view) if isinstance(view, str) else view
    return form


def test_the_form_opens_with_the_next_run_in_the_readers_zone(
    person: Person, slack: FakeSlack
) -> None:
    slack.users["U1"] = {"tz": "Asia/Shanghai", "locale": "zh-CN"}

    view = opened(person)

    assert view["title"]["text"] == "风险摘要"
    said = str(view["blocks"])
    assert "Asia/Shanghai" in said
    assert "2026年3月5日" in said, "09:00 in Shanghai had passed"


def test_a_saved_form_sets_the_digest_and_says_so_to_its_maker_alone(
    person: Person, services: Services
) -> None:
    assert person.submits(opened(person), filled()) == {}

    kept = the_schedule(services)
    assert (kept.days, kept.hour, kept.minute) == ("12345", 10, 30)
    assert (kept.timezone, kept.language) == ("Europe/Berlin", "zh-CN")
    assert kept.scope == {
        "owners": ["U7"],
        "regions": [],
        "classes": ["D", "E"],
        "minimum": "1000",
    }
    with services.database.read() as session:
        [word] = session.exec(select(OutboxMessage)).all()
    assert (word.method, word.user) == ("ephemeral", "U1")
    assert "The digest of <#C1> is set. Next: Thursday, March 5, 2026" in word.text


def test_a_form_opens_as_it_was_saved(person: Person) -> None:
    person.submits(opened(person), filled())

    said = str(opened(person)["blocks"])
    assert "'initial_time': '10:30'" in said
    assert "'initial_users': ['U7']" in said


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"days": {"selected_options": []}}, "Choose at least one day."),
        ({"zone": {"selected_option": option("Mars/Base")}}, "Mars/Base"),
        ({"minimum": {"value": "NaN"}}, "NaN is no amount"),
        ({"minimum": {"value": "<!channel>"}}, "<!channel> is no amount"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(
    person: Person, wrong: dict[str, Any], words: str
) -> None:
    answer = person.submits(opened(person), filled(**wrong))

    assert answer["response_action"] == "errors"
    assert words in answer["errors"][next(iter(wrong))]


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        ({"is_ext_shared": True}, "People of another company"),
        ({"is_member": False}, "/invite"),
    ],
)
def test_a_channel_that_may_not_have_a_digest_is_refused(
    person: Person, slack: FakeSlack, channel: dict[str, Any], words: str
) -> None:
    slack.channels["C1"] = channel

    answer = person.submits(opened(person), filled())
    assert words in answer["errors"]["days"]


def test_a_form_that_was_overtaken_says_so(person: Person) -> None:
    first, second = opened(person), opened(person)
    assert person.submits(first, filled()) == {}

    answer = person.submits(second, filled())
    assert "Somebody changed this digest" in str(answer["view"])


def test_the_next_run_follows_what_is_chosen(person: Person, slack: FakeSlack) -> None:
    view = opened(person)
    state = {"values": filled(days={"selected_options": [option("6")]})}
    person.interacts(
        "block_actions",
        actions=[
            {"type": "checkboxes", "action_id": "digest_days", "block_id": "days"}
        ],
        view=view | {"id": "V1", "hash": "h", "state": state},
    )

    [updated] = slack.called("views.update")
    assert "Saturday, March 7, 2026" in str(updated["view"])


def test_zones_are_offered_as_they_are_typed(person: Person) -> None:
    answer = person.interacts(
        "block_suggestion", action_id="digest_zone", block_id="zone", value="new yo"
    )
    assert [o["value"] for o in answer["options"]] == ["America/New_York"]


@pytest.mark.parametrize(
    ("word", "words", "state"),
    [
        ("pause", "is paused", "paused"),
        ("off", "is off", "off"),
        ("关闭", "is off", "off"),
        ("resume", "goes on. Next: Thursday", "on"),
        ("NOW ", "on its way", "on"),
    ],
)
def test_a_word_does_what_it_says(
    person: Person, services: Services, word: str, words: str, state: str
) -> None:
    schedule(services)

    assert words in person.types("/risk", f"digest {word}")["text"]
    kept = the_schedule(services)
    assert kept.state == state
    assert (kept.asked is not None) == (word == "NOW ")


def test_now_needs_no_digest_to_be_set_up(person: Person, services: Services) -> None:
    assert "on its way" in person.types("/risk", "digest now")["text"]
    kept = the_schedule(services)
    assert (kept.state, kept.asked is not None) == ("off", True)


@pytest.mark.parametrize("word", ["pause", "resume", "off"])
def test_a_channel_without_a_digest_says_how_to_get_one(
    person: Person, word: str
) -> None:
    assert "has no digest" in person.types("/risk", f"digest {word}")["text"]


def test_an_unknown_word_says_which_there_are(person: Person) -> None:
    answer = person.types("/risk", "digest &lt;!channel&gt;")
    assert "&lt;!channel&gt;" in answer["text"]
    assert "`resume`" in answer["text"]


def test_guests_set_up_nothing(person: Person, slack: FakeSlack) -> None:
    slack.users["U1"] = {"is_restricted": True}
    assert "our own people" in person.types("/risk", "digest")["text"]


def test_a_form_that_comes_too_late_says_so(person: Person, slack: FakeSlack) -> None:
    slack.faults.append(
        lambda name, _: (
            {"ok": False, "error": "expired_trigger_id"}
            if name == "views.open"
            else True
        )
    )
    assert "did not wait" in person.types("/risk", "digest")["text"]
