"""Rules that people write: drafted, tried on history, tried in shadow, live, off."""

import json
from datetime import timedelta
from typing import Any

import pytest

from storage import own_rules, people, receipts
from storage.tables import OwnRule, Receipt
from tests.conftest import NOW, Person
from tests.handlers.test_check import buttons, owed_to, submit
from tests.handlers.test_lookup import button, named, said
from tests.rows import in_order
from tests.workflows.ledger import PaidBill, invoice, paid_bills, pay
from workflows.rules.previewing import preview_rules
from workflows.services import Services

TODAY = NOW.date()
OVERDUE = "overdue > 1000"


@pytest.fixture
def books(services: Services) -> None:
    """Add ten customers; three went overdue, of whom two stayed so."""
    with services.database.write() as session:
        for n in range(10):
            whose = named(session, f"10{n:02}", f"Customer {n}")
            paid_bills(session, (_in_time(whose, month) for month in range(2, 8)))
            if n < 3:
                due = TODAY - timedelta(days=40)
                late = invoice(session, whose, "5000", due, NOW - timedelta(days=70))
                if n == 2:
                    pay(session, late, due + timedelta(days=12), NOW)
        people.grant_role(session, "UANA", "analyst", "", by="U0", at=NOW)
        people.grant_role(session, "UBOSS", "lead", "", by="U0", at=NOW)


def _in_time(whose: int, month: int) -> PaidBill:
    due = TODAY - timedelta(days=30 * month)
    known = NOW - timedelta(days=30 * month + 30)
    return PaidBill(whose, "9000", due, due, known, known)


@pytest.fixture
def ana(person: Person, books: None) -> Person:
    return Person(person.app, person.slack, "UANA", "C1")


@pytest.fixture
def boss(person: Person, books: None) -> Person:
    return Person(person.app, person.slack, "UBOSS", "C1")


def typed(
    expression: str = OVERDUE, title: str = "Large overdue", **more: Any
) -> dict[str, Any]:
    """Return what somebody fills in."""
    channel = more.get("channel", "CTEST")
    return {
        "title": {"value": title},
        "expression": {"value": expression},
        "cause": {"selected_option": {"value": more.get("cause", "payment")}},
        "severity": {"selected_option": {"value": "3"}},
        "channel": {"selected_conversation": channel},
    }


def opened(by: Person, pressed: dict[str, Any]) -> dict[str, Any]:
    """Press a button that opens a form; return the form."""
    by.interacts("block_actions", actions=[pressed | {"type": "button"}])
    view = by.slack.called("views.open")[-1]["view"]
    form: dict[str, Any] = json.loads(view) if isinstance(view, str) else view
    return form


def fill(by: Person, form: dict[str, Any], **state: Any) -> dict[str, Any]:
    """Submit a form that is open; return what is answered."""
    values = {block: {"x": value} for block, value in state.items()}
    about = {k: form[k] for k in ("type", "callback_id", "private_metadata")}
    return by.submits(about, values)


def write(by: Person, **fields: Any) -> dict[str, Any]:
    """Open the form from the list and fill it in; return what is answered."""
    listed = by.types("/risk", "rules")
    return submit(by, button(listed, "rule_new"), **typed(**fields))


def tried(services: Services, by: Person, **fields: Any) -> Any:
    """Write a rule and return the message that tells what it would have done."""
    write(by, **fields)
    assert preview_rules(services) == 1
    return owed_to(services, by.slack_id)[-1]


def states(services: Services) -> dict[str, str]:
    with services.database.read() as session:
        return {rule.name: rule.state for rule in own_rules.all_rules(session)}


def test_a_draft_is_tried_on_history_and_told(services: Services, ana: Person) -> None:
    saved = write(ana)
    assert "Large overdue" in said(saved["view"])
    assert owed_to(services, "UANA") == []

    assert preview_rules(services) == 1
    [card] = owed_to(services, "UANA")

    text = json.dumps(card.blocks, ensure_ascii=False)
    assert "*3 times* in 90 days, for 3 of 10 customers" in text
    assert "*2* of them paid late afterwards" in text
    assert "holds for 2 customers now" in text
    assert "Customer 0 (1000)" in text
    assert states(services) == {"large-overdue": "draft"}
    assert preview_rules(services) == 0, "once"


@pytest.mark.parametrize(
    ("fields", "block", "says"),
    [
        ({"expression": "overdu > 1"}, "expression", "Did you mean “overdue”?"),
        ({"expression": "overdue = 1"}, "expression", "write “==” instead of “=”"),
        ({"expression": "overdue &gt;"}, "expression", "it ends here"),
        ({"expression": "industry > 1"}, "expression", "“>” needs numbers"),
        ({"title": " "}, "title", "Say in a few words"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    services: Services, ana: Person, fields: dict[str, str], block: str, says: str
) -> None:
    answer = write(ana, **fields)

    assert answer["response_action"] == "errors"
    assert list(answer["errors"]) == [block]
    assert says in answer["errors"][block]
    assert states(services) == {}


def test_a_title_stands_once(services: Services, ana: Person) -> None:
    write(ana)
    answer = write(ana, title="LARGE  overdue")
    assert "already" in answer["errors"]["title"]


def test_we_must_be_in_the_test_channel(ana: Person) -> None:
    ana.slack.channels["CTEST"] = {"id": "CTEST", "is_member": False}
    assert "/invite" in write(ana)["errors"]["channel"]
    ana.slack.channels["CTEST"] = {"id": "CTEST", "is_ext_shared": True}
    assert "another company" in write(ana)["errors"]["channel"]


def test_sales_see_rules_but_neither_write_nor_see_whom_they_name(
    services: Services, ana: Person, person: Person
) -> None:
    tried(services, ana)
    listed = person.types("/risk", "rules")
    assert "rule_new" not in json.dumps(listed)
    assert "Large overdue" in said(listed)

    card = person.clicks(button(listed, "rule_open"))

    assert "3 times" in said(card)
    assert "Customer 0" not in said(card)
    assert "rule_edit" not in json.dumps(card)
    form = {"action_id": "rule_new", "value": ""}
    assert "needs the role analyst / lead / admin" in said(person.clicks(form))


def test_an_analyst_tries_it_in_shadow_and_a_lead_switches_it_live(
    services: Services, ana: Person, boss: Person
) -> None:
    card = tried(services, ana)
    assert "rule_live" not in json.dumps(card.blocks)

    shadow = ana.clicks(buttons(card, "rule_shadow"))
    assert "only <#CTEST> hears of it" in said(shadow)
    assert states(services) == {"large-overdue": "shadow"}
    sneaky = button(shadow, "rule_off") | {"action_id": "rule_live"}
    assert "needs the role lead / admin" in said(ana.clicks(sneaky))

    seen = boss.clicks(button(boss.types("/risk", "rules"), "rule_open"))
    asked = boss.clicks(button(seen, "rule_live"))
    assert "would fire for *30%* of customers" in said(asked)
    assert states(services) == {"large-overdue": "shadow"}
    live = boss.clicks(button(asked, "rule_live_sure"))
    assert "live from the next sweep on" in said(live)
    assert states(services) == {"large-overdue": "live"}
    assert "rule_off" not in json.dumps(ana.types("/risk", "rules Large overdue"))

    boss.clicks(button(live, "rule_off"))
    assert states(services) == {"large-overdue": "off"}
    with services.database.read() as session:
        told = [r.outcome["state"] for r in in_order(session, Receipt)]
        assert receipts.broken_at(session) is None
    assert told == ["shadow", "live", "off"]


def test_a_stale_button_says_who_was_there_before(
    services: Services, ana: Person, boss: Person
) -> None:
    card = tried(services, ana)
    boss.clicks(buttons(card, "rule_shadow"))
    late = ana.clicks(buttons(card, "rule_delete"))
    assert "Meanwhile Person UBOSS changed this rule" in said(late)
    assert states(services) == {"large-overdue": "shadow"}


def test_of_two_who_edit_at_once_the_second_is_told(
    services: Services, ana: Person, boss: Person
) -> None:
    edit = buttons(tried(services, ana), "rule_edit")
    both = [opened(by, edit) for by in (boss, ana)]
    fill(boss, both[0], **typed("overdue > 2000"))
    answer = fill(ana, both[1], **typed("overdue > 3000"))
    assert "Meanwhile Person UBOSS changed this rule" in said(answer["view"])
    assert "Meanwhile Person UBOSS" in said(ana.clicks(edit)), "no form is opened"
    with services.database.read() as session:
        assert own_rules.all_rules(session)[0].expression == "overdue > 2000"


def test_another_condition_takes_a_live_rule_back_to_shadow(
    services: Services, ana: Person, boss: Person
) -> None:
    card = tried(services, ana, expression="overdue > 4000 && class == 'E'")
    live = boss.clicks(buttons(card, "rule_edit") | {"action_id": "rule_live"})
    assert states(services) == {"large-overdue": "live"}
    assert "needs the role" in said(ana.clicks(button(live, "rule_edit")))

    submit(boss, button(live, "rule_edit"), **typed("overdue > 9000"))

    assert states(services) == {"large-overdue": "shadow"}
    live = boss.types("/risk", "rules large-overdue")
    assert "being tried on history" in said(live)
    again = button(live, "rule_edit") | {"action_id": "rule_live"}
    assert "still being tried on history" in said(boss.clicks(again))


def test_what_cannot_be_decided_is_told_with_the_first_of_them(
    services: Services, ana: Person
) -> None:
    card = tried(services, ana, expression="utilisation > 0.5")
    text = json.dumps(card.blocks, ensure_ascii=False)
    assert "Not decided for 10 customers: `utilisation` is unknown" in text
    assert "(first Customer 0 (1000))" in text
    assert "begin with `known(utilisation) &amp;&amp;` to say" in text


def test_a_draft_is_deleted_and_no_longer_there(
    services: Services, ana: Person
) -> None:
    card = tried(services, ana)
    gone = ana.clicks(buttons(card, "rule_delete"))
    assert "It is deleted" in said(gone)
    assert states(services) == {}
    assert "no longer there" in said(ana.clicks(buttons(card, "rule_edit")))


def test_it_reads_in_chinese(services: Services, ana: Person) -> None:
    ana.reads("zh-CN")
    listed = ana.types("/risk", "规则")
    assert "新建规则" in json.dumps(listed, ensure_ascii=False)
    card = tried(services, ana, title="大额逾期", expression="overdue ＞ 1000")
    text = json.dumps(card.blocks, ensure_ascii=False)
    assert "大额逾期" in text
    assert "最近 90 天" in text
    assert states(services) == {"大额逾期": "draft"}


def test_a_desk_that_stops_leaves_a_trial_to_whoever_starts_next(
    services: Services, ana: Person
) -> None:
    write(ana)
    assert preview_rules(services, lambda: True) == 0
    assert owed_to(services, "UANA") == []
    assert preview_rules(services) == 1
    assert len(owed_to(services, "UANA")) == 1


def test_without_any_customer_a_rule_would_not_have_fired(
    services: Services, person: Person
) -> None:
    with services.database.write() as session:
        people.grant_role(session, "U1", "analyst", "", by="U0", at=NOW)
    card = tried(services, person)
    assert "for none of 0 customers" in json.dumps(card.blocks)


def test_a_broken_rule_is_tried_again_and_switched_on(
    services: Services, ana: Person
) -> None:
    tried(services, ana)
    with services.database.write() as session:
        own_rules.all_rules(session)[0].state = "broken"
    card = ana.types("/risk", "rules large-overdue")
    assert "Broken" in said(card)
    assert "being tried" in said(ana.clicks(button(card, "rule_shadow")))
    assert states(services) == {"large-overdue": "shadow"}


def test_a_guest_sees_no_rules(person: Person) -> None:
    person.slack.users["U1"] = {"is_restricted": True}
    assert "for our own people" in said(person.types("/risk", "rules"))


def test_the_list_holds_however_many_there_are(services: Services, ana: Person) -> None:
    with services.database.write() as session:
        for n in range(40):
            session.add(
                OwnRule(
                    name=f"r{n}",
                    title=f"Rule {n} " + "x" * 60,
                    expression="overdue > 1",
                    author="UANA",
                    created_at=NOW,
                    changed_at=NOW,
                    changed_by="UANA",
                )
            )
    assert "25 more are not shown" in said(ana.types("/risk", "rules"))
