"""`/risk limit`: all methods at once, the form, the decision of a second person."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.slack import SlackPost
from storage import people
from tests.conftest import Person
from tests.fake_slack import FakeSlack
from tests.handlers.test_lookup import button, said
from tests.workflows.limits import (
    all_limits,
    company,
    kept_receipts,
    named,
    owed,
    requests,
)
from workflows.deliver import deliver
from workflows.services import Services


@pytest.fixture
def acme(services: Services) -> int:
    return company(services)


@pytest.fixture
def ann(person: Person) -> Person:
    return as_person(person, "UANN")


@pytest.fixture
def bob(person: Person) -> Person:
    return as_person(person, "UBOB")


def as_person(person: Person, slack_id: str) -> Person:
    return Person(person.app, person.slack, slack_id)


def opened(person: Person, query: str = "acme trading") -> dict[str, Any]:
    """Type the command and press its button; return the form that opened."""
    answer = person.types("/risk", f"limit {query}")
    return pressed(person, button(answer, "limit_open"))


def pressed(person: Person, pressable: dict[str, Any]) -> dict[str, Any]:
    """Press a button that opens a form; return the form."""
    action = {"type": "button", "block_id": "b", "action_ts": "1.0"} | pressable
    person.interacts("block_actions", actions=[action])
    view: Any = person.slack.called("views.open")[-1]["view"]
    form: dict[str, Any] = json.loads(view) if isinstance(view, str) else view
    return form


def filled(**changed: str) -> dict[str, Any]:
    """Return the form's state: 40,000 USD for the whole year; `changed` by block."""
    values = {
        "amount": "40000",
        "currency": "USD",
        "until": "2027-03-04",
        "reason": "Pays on time",
    } | changed
    return {
        "amount": {"limit_amount": {"value": values["amount"]}},
        "currency": {
            "limit_currency": {"selected_option": {"value": values["currency"]}}
        },
        "until": {"limit_until": {"selected_date": values["until"]}},
        "reason": {"limit_reason": {"value": values["reason"]}},
    }


def test_all_methods_stand_side_by_side_in_one_table(
    person: Person, services: Services, acme: int
) -> None:
    answer = person.types("/risk", "limit acme trading")

    assert answer["response_type"] == "ephemeral"
    assert "proposed USD 30,000: its need, a year's sales" in answer["text"]
    [table] = [block for block in answer["blocks"] if block["type"] == "table"]
    cells = [[cell["text"] for cell in row] for row in table["rows"]]
    assert ["10% of net worth", "USD 1,000,000", "USD 100,000"] in cells
    assert ["Trade references, median", "no references are known", "–"] in cells
    need = "▶ Need: our sales to it × terms"
    assert [need, "USD 365,000 in 12 months × 30 days", "USD 30,000"] in cells
    words = said(answer)
    assert "not set, which is unknown and not 0" in words
    assert "*Proposed:* USD 30,000 · until Mar 4, 2027" in words


def test_it_reads_chinese(person: Person, acme: int) -> None:
    answer = person.reads("zh-CN").types("/risk", "额度 acme trading")
    words = said(answer)
    assert "Acme Trading Ltd 的信用额度" in words
    assert "净资产的 10%" in words
    assert "申请此额度" in words


def test_several_of_a_name_lead_to_the_limit_of_the_one_chosen(
    person: Person, services: Services
) -> None:
    with services.database.write() as session:
        named(session, services, "11", "Delta Foods Ltd")
        named(session, services, "12", "Delta Foods Ltd")

    choices = person.types("/risk", "limit delta foods")
    shown = person.clicks(
        button(choices, "limit_show"), container={"is_ephemeral": True}
    )

    assert "Credit limit of Delta Foods Ltd" in said(shown)
    assert shown["replace_original"] is True


def test_who_may_sets_the_limit_in_a_form(
    ann: Person, services: Services, acme: int
) -> None:
    view = opened(ann)
    assert view["title"]["text"] == "Set limit"
    inputs = [b["block_id"] for b in view["blocks"] if b["type"] == "input"]
    assert inputs == ["amount", "currency", "until", "reason"]
    kinds = {block["type"] for block in view["blocks"]}
    assert not kinds & {"table", "data_visualization"}

    answer = ann.submits(view, filled())

    assert answer["response_action"] == "update"
    words = json.dumps(answer["view"], ensure_ascii=False)
    assert "Limit of Acme Trading Ltd: USD 40,000, until Mar 4, 2027" in words
    assert "Set by <@UANN>" in words
    [kept] = all_limits(services)
    assert kept.set_by == "UANN"
    assert "until Mar 4, 2027" in said(ann.types("/risk", "limit 1001"))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"amount": "-5"}, "0 means cash only"),
        ({"amount": "NaN"}, "“NaN” is no amount"),
        ({"amount": "99999999999"}, "Check the zeros"),
        ({"currency": "CHF"}, "no exchange rate for CHF"),
        ({"until": "2026-03-03"}, "2026-03-03 is past"),
        ({"until": "2030-01-01"}, "looked at again by 2027-03-04"),
        ({"reason": ""}, "Say why"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(
    ann: Person, services: Services, acme: int, wrong: dict[str, str], words: str
) -> None:
    answer = ann.submits(opened(ann), filled(**wrong))

    assert answer["response_action"] == "errors"
    assert words in answer["errors"][next(iter(wrong))]
    assert all_limits(services) == []


def test_a_form_that_was_overtaken_says_by_whom(
    ann: Person, services: Services, acme: int
) -> None:
    first, second = opened(ann), opened(ann)
    ann.submits(first, filled(amount="10000"))

    answer = ann.submits(second, filled())

    assert answer["response_action"] == "update"
    assert "set this limit to USD 10,000 meanwhile" in str(answer["view"])
    assert len(all_limits(services)) == 1


def test_sales_ask_and_a_second_person_approves(
    person: Person, bob: Person, services: Services, acme: int
) -> None:
    view = opened(person)
    assert view["title"]["text"] == "Ask for a limit"
    answer = person.submits(view, filled(amount="80000"))
    assert "waits for somebody with the role approver / lead" in str(answer["view"])

    [asked] = owed(services)
    assert asked.channel == "UBOB"
    assert "<@U1> asks for a credit limit for Acme Trading Ltd: USD 80,000" in (
        asked.text
    )
    assert "Beyond the proposal by" in str(asked.blocks)
    sure = button({"blocks": asked.blocks}, "limit_approve")
    told = bob.clicks(sure)

    assert "Approved by <@UBOB>" in told["text"]
    [kept] = all_limits(services)
    assert (kept.set_by, kept.approved_by) == ("U1", "UBOB")
    last = owed(services)[-1]
    assert last.channel == "U1"
    assert "Approved by <@UBOB>" in last.text
    assert "Bob approved this meanwhile" in bob.clicks(sure)["text"]


def test_refusing_asks_why_and_tells_the_asker(
    person: Person, bob: Person, services: Services, acme: int
) -> None:
    person.submits(opened(person), filled(amount="80000"))
    [asked] = owed(services)

    form = pressed(bob, button({"blocks": asked.blocks}, "limit_refuse"))
    assert "<@U1> wants this limit for Acme Trading Ltd: USD 80,000" in str(form)
    empty = bob.submits(form, {"reason": {"limit_reason": {"value": " "}}})
    assert "Say why" in empty["errors"]["reason"]
    why = {"reason": {"limit_reason": {"value": "Wait for the <accounts> & ask"}}}
    bob.submits(form, why)

    [request] = requests(services)
    assert (request.state, request.decided_by) == ("refused", "UBOB")
    last = owed(services)[-1]
    assert last.channel == "U1"
    assert "refused" in last.text
    assert "Wait for the &lt;accounts&gt; &amp; ask" in last.text
    assert "refused this meanwhile" in str(bob.submits(form, why)["view"])


def test_a_role_taken_away_no_longer_decides(
    person: Person, bob: Person, services: Services, acme: int
) -> None:
    person.submits(opened(person), filled(amount="80000"))
    sure = button({"blocks": owed(services)[0].blocks}, "limit_approve")
    with services.database.write() as session:
        people.revoke_role(session, "UBOB", "approver", "", by="x", at=services.now())

    assert "decided by somebody with the role" in bob.clicks(sure)["text"]
    assert all_limits(services) == []


def test_deciders_may_look_at_all_methods_first(
    person: Person, bob: Person, services: Services, acme: int
) -> None:
    person.submits(opened(person), filled(amount="80000"))
    look = button({"blocks": owed(services)[0].blocks}, "limit_show")

    shown = bob.clicks(look, container={"type": "message", "is_ephemeral": False})

    assert "Credit limit of Acme Trading Ltd" in said(shown)
    assert "it waits to be decided" in said(shown)
    assert shown["replace_original"] is False


def test_the_question_is_redrawn_where_it_was_posted(
    person: Person, bob: Person, services: Services, acme: int, slack: FakeSlack
) -> None:
    person.submits(opened(person), filled(amount="80000"))
    post = SlackPost("xoxb-test", slack.url, services.now)
    assert deliver(services, post, by="t") == 1
    bob.clicks(button({"blocks": slack.posts[0]["blocks"]}, "limit_approve"))

    later = replace(services, now=lambda: services.now() + timedelta(seconds=5))
    deliver(later, post, by="t")

    [changed] = slack.called("chat.update")
    assert (changed["channel"], changed["ts"]) == ("DUBOB", slack.posts[0]["ts"])
    assert "limit_approve" not in str(changed["blocks"])
    assert slack.posts[-1]["channel"] == "U1"


def test_guests_see_no_limits(person: Person, slack: FakeSlack, acme: int) -> None:
    slack.users["U1"] = {"is_restricted": True}
    answer = person.types("/risk", "limit acme")
    assert "What customers owe is for our own people" in answer["text"]
    click = {"action_id": "limit_open", "value": str(acme)}
    assert "for our own people" in person.clicks(click)["text"]


def test_hostile_words_ping_nobody(
    person: Person, bob: Person, services: Services
) -> None:
    company(services)
    with services.database.write() as session:
        named(session, services, "666", "<!channel> *Evil* & Co")
    view = opened(person, "666")
    person.submits(
        view, filled(amount="80000", until="2026-05-01", reason="<!here> <@U9>")
    )

    [asked] = owed(services)
    words = asked.text + json.dumps([b for b in asked.blocks if b["type"] != "actions"])
    assert "<!" not in words
    assert "<@U9>" not in words
    assert "&amp;amp;" not in words, "escaped once"


def test_the_receipt_keeps_the_words(
    ann: Person, services: Services, acme: int
) -> None:
    answer = ann.submits(opened(ann), filled())
    [receipt] = kept_receipts(services)
    assert receipt.words in str(answer["view"]["blocks"][0]["text"]["text"])
    assert receipt.actor == "UANN"
