"""What people do about problems: buttons on live cards, forms, lists."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from storage import people
from storage.tables import OutboxMessage, RuleLabel, Snooze, User
from tests.conftest import NOW, Clock, Person
from tests.handlers.test_lookup import button, named, said
from tests.workflows.signals import (
    LIMIT,
    OVERDUE,
    SLOWER,
    Sweep,
    all_problems,
    lives,
    owed,
)
from workflows.problems.kinds import Place
from workflows.problems.snooze import wake_snoozed
from workflows.services import Services

ROOM = Place("CRISK")


@pytest.fixture
def acme(services: Services) -> int:
    with services.database.write() as session:
        whose = named(session, "1001", "Acme & Sons Ltd", owner="USAM", region="EMEA")
        people.grant_role(session, "UANA", "analyst", "", by="U0", at=NOW)
        people.grant_role(session, "UBOSS", "lead", "", by="U0", at=NOW)
    return whose


@pytest.fixture
def sweep(services: Services, acme: int) -> Sweep:
    swept = Sweep(services, acme, [ROOM])
    swept(("began", "overdue", OVERDUE), ("began", "slower_payment", SLOWER))
    return swept


@pytest.fixture
def ana(person: Person, sweep: Sweep) -> Person:
    return Person(person.app, person.slack, "UANA", "CRISK")


@pytest.fixture
def sam(person: Person, sweep: Sweep) -> Person:
    return Person(person.app, person.slack, "USAM", "CRISK")


def card(services: Services) -> OutboxMessage:
    """Return the card in the room, as it reads last."""
    cards = [m for m in owed(services) if m.channel == "CRISK"]
    return [m for m in cards if "problem_history" in json.dumps(m.blocks)][-1]


def on(services: Services, action: str) -> dict[str, Any]:
    return button({"blocks": card(services).blocks}, action)


def shown(message: OutboxMessage) -> str:
    return json.dumps(message.blocks, ensure_ascii=False)


def form(by: Person, pressed: dict[str, Any]) -> dict[str, Any]:
    """Press a button that opens a form; return the form."""
    action = {"type": "button", "block_id": "b", "action_ts": "1.0"} | pressed
    by.interacts("block_actions", actions=[action])
    view = by.slack.called("views.open")[-1]["view"]
    opened: dict[str, Any] = json.loads(view) if isinstance(view, str) else view
    return opened


def sends(by: Person, view: dict[str, Any], **values: Any) -> dict[str, Any]:
    """Send a form with what its fields hold; return the answer."""
    state = {name: {"field": value} for name, value in values.items()}
    return by.submits(view, state)


def ticked(*places: int) -> dict[str, Any]:
    return {"selected_options": [{"value": str(place)} for place in places]}


def chosen(value: str) -> dict[str, Any]:
    return {"selected_option": {"value": value}}


def refused(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False)


def test_who_takes_note_stands_on_the_card(services: Services, ana: Person) -> None:
    done = ana.clicks(on(services, "problem_acknowledge"))

    assert "Noted on the card" in said(done)
    assert done["response_type"] == "ephemeral"
    assert "<@UANA> took note" in shown(card(services))
    assert all_problems(services)[0].acknowledged_by == "UANA"


def test_of_two_who_click_the_second_hears_who_did(
    services: Services, ana: Person, sam: Person
) -> None:
    pressed = on(services, "problem_acknowledge")
    ana.clicks(pressed)
    assert "Meanwhile Person UANA took note of it" in said(sam.clicks(pressed))


def test_a_card_that_grew_meanwhile_is_to_be_looked_at_again(
    services: Services, sweep: Sweep, ana: Person
) -> None:
    pressed = on(services, "problem_acknowledge")
    sweep(("stronger", "overdue", OVERDUE | {"overdue_oldest": 60.0}))
    assert "Look at its card again, then decide" in said(ana.clicks(pressed))
    sweep(("over", "overdue", {}), ("over", "slower_payment", {}))
    assert "Meanwhile it is solved" in said(ana.clicks(pressed))


def test_sales_act_on_their_own_customers_alone(
    services: Services, person: Person, sam: Person
) -> None:
    pressed = on(services, "problem_acknowledge")
    assert "whoever looks after the customer (USAM)" in said(person.clicks(pressed))
    assert "Noted" in said(sam.clicks(pressed))


def test_a_role_counts_in_its_region_alone(services: Services, person: Person) -> None:
    with services.database.write() as session:
        people.grant_role(session, "UFAR", "analyst", "APAC", by="U0", at=NOW)
        people.grant_role(session, "UNEAR", "analyst", "emea", by="U0", at=NOW)
    far = Person(person.app, person.slack, "UFAR", "CRISK")
    near = Person(person.app, person.slack, "UNEAR", "CRISK")
    with services.database.write() as session:
        whose = named(session, "1002", "Beta", owner="USAM", region="EMEA")
    Sweep(services, whose, [ROOM])(("began", "overdue", OVERDUE))
    pressed = on(services, "problem_acknowledge")
    assert "whoever looks after" in said(far.clicks(pressed))
    assert "Noted" in said(near.clicks(pressed))


@pytest.mark.parametrize(
    "action", ["problem_acknowledge", "problem_useful", "problem_history"]
)
def test_guests_are_refused(services: Services, ana: Person, action: str) -> None:
    guest = Person(ana.app, ana.slack, "UGUEST", "CRISK")
    guest.slack.users["UGUEST"] = {"is_restricted": True}
    answer = guest.clicks(on(services, action))
    assert "for our own people" in said(answer)
    assert lives(services) == ["opened"]


def test_who_is_given_it_gets_its_card(services: Services, ana: Person) -> None:
    view = form(ana, on(services, "problem_assign"))
    done = sends(ana, view, person={"selected_user": "USAM"})

    assert "<@USAM> looks after it now" in refused(done)
    [theirs] = [m for m in owed(services) if m.channel == "USAM"]
    assert "with <@USAM>" in shown(theirs)
    assert "<@UANA> gave it to <@USAM>" in shown(theirs)
    assert "with <@USAM>" in shown(card(services))


def test_it_is_not_given_to_a_guest(services: Services, ana: Person) -> None:
    ana.slack.users["UGUEST"] = {"is_ultra_restricted": True}
    view = form(ana, on(services, "problem_assign"))
    answer = sends(ana, view, person={"selected_user": "UGUEST"})
    assert "our own people" in answer["errors"]["person"]
    assert not [m for m in owed(services) if m.channel == "UGUEST"]


def test_a_snooze_shows_what_it_hides_and_is_by_rule_and_customer(
    services: Services, sweep: Sweep, ana: Person
) -> None:
    view = form(ana, on(services, "problem_snooze"))
    assert "Overdue: 1 signal" in refused(view)
    assert "Pays later than usual: 1 signal" in refused(view)
    done = sends(
        ana,
        view,
        rules=ticked(0, 1),
        days=chosen("7"),
        why={"value": "Waiting for the auditors"},
    )
    assert "Snoozed for Acme &amp; Sons Ltd until" in refused(done)
    assert "Waiting for the auditors" in shown(card(services))
    assert ":zzz:" in shown(card(services))

    before = len(owed(services))
    sweep(("stronger", "overdue", OVERDUE | {"overdue": 46000.0}))
    assert sweep.fresh == []
    assert len(owed(services)) == before
    assert "46,000" in shown(card(services))

    sweep(("began", "limit_used", LIMIT), cause="limit")
    assert [f.kind for f in sweep.fresh] == ["opened"]
    sweep(("began", "broken_promise", {"promises_broken": 1.0}), severity=3)
    assert [f.kind for f in sweep.fresh] == ["stronger"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"why": {"value": "  "}}, "why"),
        ({"rules": ticked()}, "rules"),
        ({"days": chosen("400")}, "days"),
    ],
)
def test_an_incomplete_snooze_says_so_at_its_field(
    services: Services, ana: Person, values: dict[str, Any], field: str
) -> None:
    view = form(ana, on(services, "problem_snooze"))
    given = {"rules": ticked(0), "days": chosen("7"), "why": {"value": "x"}}
    answer = sends(ana, view, **(given | values))
    assert list(answer["errors"]) == [field]
    assert lives(services) == ["opened"]


def test_when_a_snooze_is_over_what_still_holds_comes_back(
    services: Services, sweep: Sweep, ana: Person, clock: Clock
) -> None:
    view = form(ana, on(services, "problem_snooze"))
    sends(ana, view, rules=ticked(0, 1), days=chosen("7"), why={"value": "x"})
    clock.at = NOW + timedelta(days=6)
    assert wake_snoozed(services, sweep._place) == 0
    clock.at = NOW + timedelta(days=8)
    assert wake_snoozed(services, sweep._place) == 1
    assert wake_snoozed(services, sweep._place) == 0
    assert [f.kind for f in sweep.fresh] == ["woken"]
    assert all_problems(services)[0].snoozed_until is None
    assert "its snooze has ended, and it still holds" in shown(card(services))
    assert [m for m in owed(services) if m.method == "broadcast"]


def test_a_snooze_outlives_the_problem_and_keeps_its_return_quiet(
    services: Services, sweep: Sweep, ana: Person
) -> None:
    view = form(ana, on(services, "problem_snooze"))
    sends(ana, view, rules=ticked(0, 1), days=chosen("30"), why={"value": "x"})
    sweep(("over", "overdue", {}), ("over", "slower_payment", {}))
    assert all_problems(services)[0].snoozed_until is None
    sweep(("began", "overdue", OVERDUE))
    [fresh] = sweep.fresh
    assert fresh.problem.snoozed_until
    assert not fresh.interrupts


def test_a_snooze_can_be_ended(services: Services, ana: Person) -> None:
    view = form(ana, on(services, "problem_snooze"))
    sends(ana, view, rules=ticked(0, 1), days=chosen("7"), why={"value": "x"})
    assert "Heard of again" in said(ana.clicks(on(services, "problem_wake")))
    with services.database.read() as session:
        assert all(one.ended_at for one in session.exec(select(Snooze)))


def test_a_snooze_of_one_rule_of_two_shows_and_can_be_ended(
    services: Services, ana: Person
) -> None:
    view = form(ana, on(services, "problem_snooze"))
    sends(ana, view, rules=ticked(0), days=chosen("7"), why={"value": "x"})
    assert "snoozed until" in shown(card(services))
    assert on(services, "problem_snooze")
    assert "Heard of again" in said(ana.clicks(on(services, "problem_wake")))
    assert "snoozed until <!date" not in shown(card(services)).partition("x")[0]
    with services.database.read() as session:
        assert all(one.ended_at for one in session.exec(select(Snooze)))


def test_a_card_says_that_the_snooze_of_one_rule_is_over_and_interrupts_nobody(
    services: Services, sweep: Sweep, ana: Person, clock: Clock
) -> None:
    view = form(ana, on(services, "problem_snooze"))
    sends(ana, view, rules=ticked(0), days=chosen("7"), why={"value": "x"})
    before = owed(services)
    clock.at = NOW + timedelta(days=8)
    assert wake_snoozed(services, sweep._place) == 0
    assert "has ended, and it still holds" in shown(card(services))
    later = owed(services)[len(before) :]
    assert {message.method for message in later} <= {"update"}


def test_labels_are_kept_by_rule_and_the_last_word_counts(
    services: Services, ana: Person
) -> None:
    ana.clicks(on(services, "problem_useful"))
    view = form(ana, on(services, "problem_wrong"))
    done = sends(
        ana, view, rules=ticked(0), code=chosen("paid"), why={"value": "Came in today"}
    )
    assert "that counts for the rule" in refused(done)
    with services.database.read() as session:
        rows = session.exec(select(RuleLabel).order_by(RuleLabel.rule)).all()
        kept = {row.rule: (row.label, row.code, row.reason) for row in rows}
    assert kept == {
        "overdue": ("wrong", "paid", "Came in today"),
        "slower_payment": ("useful", "", ""),
    }
    assert "it is paid, or under way: Came in today" in shown(card(services))


def test_a_wrong_alert_needs_a_reason(services: Services, ana: Person) -> None:
    view = form(ana, on(services, "problem_wrong"))
    assert list(sends(ana, view, rules=ticked(0))["errors"]) == ["code"]


def test_the_credit_team_gets_the_card_and_the_words(
    services: Services, sam: Person
) -> None:
    view = form(sam, on(services, "problem_hand"))
    done = sends(sam, view, why={"value": "They asked for <90> days"})

    assert "The credit team (approver) has it" in refused(done)
    [theirs] = [m for m in owed(services) if m.channel == "UBOSS"]
    assert "<@USAM> put it before the credit team" in shown(theirs)
    assert "They asked for &lt;90&gt; days" in shown(theirs)
    assert "problem_hand" not in shown(card(services))


def test_a_history_is_paged_and_shared_where_only_ours_read(
    services: Services, sweep: Sweep, ana: Person
) -> None:
    for days in range(32, 50):
        sweep(("stronger", "overdue", OVERDUE | {"overdue_oldest": float(days)}))
    assert "steps before: see History" in shown(card(services))
    first = ana.clicks(on(services, "problem_history"))
    assert "Page 1 of 2" in said(first)
    second = ana.clicks(
        button(first, "problem_older"), container={"is_ephemeral": True}
    )
    assert second["replace_original"] is True
    assert "came up: USD 45,000 overdue" in said(second)

    ana.clicks(button(first, "problem_share"))
    told = owed(services)[-1]
    assert told.channel == "CRISK"
    assert "Shared by Person UANA" in shown(told)
    assert "problem_older" not in shown(told)

    ana.slack.channels["CRISK"] = {"is_ext_shared": True}
    assert "not for them" in said(ana.clicks(button(first, "problem_share")))


def test_problems_are_listed_by_customer_mine_and_all(
    services: Services, sweep: Sweep, sam: Person, person: Person
) -> None:
    sweep(("began", "limit_used", LIMIT), cause="limit", severity=3)
    of_acme = person.types("/risk", "problems acme")
    assert "Open problems of Acme &amp; Sons Ltd: 2" in said(of_acme)
    assert "Open problems of my customers: 2" in said(sam.types("/risk", "problems"))
    assert "None that we see" in said(person.types("/risk", "问题"))
    assert "all customers: 2" in said(person.types("/risk", "problems all"))
    opened = person.clicks(button(of_acme, "problem_open"))
    assert "110% of the limit used" in said(opened)


def test_the_customers_card_and_the_home_say_what_is_open(
    services: Services, sam: Person
) -> None:
    answer = sam.types("/risk", "1001")
    assert "*Open problems: 1*" in said(answer)
    listed = sam.clicks(button(answer, "problem_list"))
    assert "Open problems of Acme" in said(listed)

    sam.event("app_home_opened", tab="home")
    home = sam.slack.called("views.publish")[-1]["view"]
    home = json.loads(home) if isinstance(home, str) else home
    assert "USD 120,340 · class D" in json.dumps(home, ensure_ascii=False)
    view = {"id": "V1", "type": "home"}
    pressed = button(home, "problem_open")
    action = {"type": "button", "block_id": "b", "action_ts": "1.0"} | pressed
    sam.interacts("block_actions", actions=[action], view=view)
    window = sam.slack.called("views.open")[-1]["view"]
    assert "problem_acknowledge" in json.dumps(window)


def test_a_click_in_a_window_is_answered_by_a_window(
    services: Services, ana: Person
) -> None:
    pressed = on(services, "problem_acknowledge")
    action = {"type": "button", "block_id": "b", "action_ts": "1.0"} | pressed
    view = {"id": "V1", "type": "modal"}
    ana.interacts("block_actions", actions=[action], view=view)
    assert "Noted on the card" in json.dumps(ana.slack.called("views.push")[-1])


def test_cards_speak_the_language_of_their_place(services: Services, acme: int) -> None:
    with services.database.write() as session:
        session.add(User(slack_id="ULI", name="Li", language="zh-CN", seen_at=NOW))
    swept = Sweep(services, acme, [Place("ULI", "zh-CN")])
    swept(("began", "slower_payment", SLOWER))
    swept(("stronger", "slower_payment", SLOWER | {"days_late_recent": 31.0}))
    first, thread = owed(services)
    assert "近期付款迟 31 天，平时迟 4 天" in shown(first)
    assert "加重：" in thread.text
