"""“May I ship?”, as sales and the credit team meet it."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from slack_bolt import App

from storage import people, receipts
from storage.tables import OrderCheck, OutboxMessage, Receipt
from tests.conftest import NOW, Clock, Person
from tests.handlers.test_lookup import button, named, owed_messages, said
from tests.rows import in_order
from tests.workflows.ledger import invoice, limit, paid_all
from workflows.check_watch import remind_waiting, watch_released
from workflows.receipts import replay
from workflows.services import Services

TODAY = NOW.date()


@pytest.fixture
def acme(services: Services) -> int:
    """Add Acme: pays in time, owes nothing, has a limit of 100,000."""
    with services.database.write() as session:
        whose = named(session, "1001", "Acme Trading Ltd", country="DE")
        dues = [TODAY - timedelta(days=30 * month + 5) for month in range(6)]
        paid_all(session, whose, "9000", dues, NOW)
        limit(session, whose, "100000", NOW)
        people.grant_role(session, "UBOSS", "lead", "", by="U0", at=NOW)
        people.grant_role(session, "UANA", "analyst", "", by="U0", at=NOW)
    return whose


@pytest.fixture
def boss(person: Person, acme: int) -> Person:
    return Person(person.app, person.slack, "UBOSS", "D9")


def kept(services: Services) -> list[OrderCheck]:
    with services.database.read() as session:
        return in_order(session, OrderCheck)


def owed_to(services: Services, channel: str) -> list[OutboxMessage]:
    return [m for m in owed_messages(services) if m.channel == channel]


def buttons(message: OutboxMessage, action: str) -> dict[str, Any]:
    return button({"blocks": message.blocks}, action)


def test_what_fits_the_limit_is_a_yes_in_the_ack(person: Person, acme: int) -> None:
    answer = person.types("/risk", "check acme 80k net 45")

    assert answer["response_type"] == "ephemeral"
    assert answer["text"] == "Yes: Acme Trading Ltd may have USD 80,000 on 45 days."
    [table] = [block for block in answer["blocks"] if block["type"] == "table"]
    assert len(table["rows"]) == 13, "a head and twelve tests"
    assert person.slack.called("chat.postMessage") == []


def test_what_exceeds_it_is_a_yes_under_conditions_that_hold(
    person: Person, acme: int
) -> None:
    answer = person.types("/risk", "check acme 130,000 net 45")

    assert "*Yes, if …*" in said(answer)
    assert "have USD 30,000 (23.1%) paid before shipping" in said(answer)
    assert "USD 130,000, allowed USD 100,000" in said(answer)
    better = person.clicks(button(answer, "check_take_0"))
    assert "*Yes.*" in said(better)
    assert "USD 30,000 paid before shipping" in said(better)


def test_it_is_answered_in_chinese(person: Person, acme: int) -> None:
    words = said(person.reads("zh-CN").types("/risk", "审核 acme 13万 账期45天"))
    assert "有条件可以" in words
    assert "发货前收取 USD 30,000" in words


@pytest.mark.parametrize(
    "question",
    [
        "can I ship 80k to Acme Trading on 45 days?",
        "<@UBOT> may we send goods worth 80,000 USD to acme trading, net 45",
        "能给 Acme Trading 发8万的货吗，账期45天",
    ],
)
def test_plain_words_are_checked_too(
    person: Person, services: Services, acme: int, question: str
) -> None:
    person.says(question)

    [owed] = owed_messages(services)
    assert owed.text == "Yes: Acme Trading Ltd may have USD 80,000 on 45 days."
    words = question.removeprefix("<@UBOT> ")
    assert person.types("/risk", words)["text"] == owed.text, "in a command too"


def test_a_customer_called_like_a_question_is_looked_up(
    person: Person, services: Services
) -> None:
    with services.database.write() as session:
        for number, name in enumerate(["Ship 80k Ltd", "Why Not Ltd", "Is Good Inc"]):
            named(session, f"{number}", name)

    for name in ("ship 80k ltd", "Why Not Ltd", "is good inc"):
        found = person.types("/risk", name)["text"]
        assert found.casefold().startswith(f"{name.casefold()} ("), found


def test_a_customer_with_a_number_is_still_looked_up(
    person: Person, services: Services, acme: int
) -> None:
    person.says("is 1001 ok?")
    [owed] = owed_messages(services)
    assert owed.text.startswith("Acme Trading Ltd (1001): exposure")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("check acme 0", "Give an amount above 0"),
        ("check acme 80k net 400", "400 days are no payment terms"),
        ("check acme 9999999999999", "more than any order the policy knows"),
        ("check acme 80k CHF", "There is no exchange rate for CHF"),
        ("check acme 0.001", "finer than the currency's smallest unit"),
        ("check zzzqqq 80k", "No customer is called anything like"),
        ("check 80k", "Type a customer's name"),
    ],
)
def test_nonsense_is_named(
    person: Person, services: Services, acme: int, typed: str, words: str
) -> None:
    assert words in said(person.types("/risk", typed))
    assert kept(services) == [], "nothing is kept of what was not answered"


def test_several_alike_are_asked_after_and_the_order_is_kept(
    person: Person, services: Services, acme: int
) -> None:
    with services.database.write() as session:
        named(session, "2001", "Delta Foods Ltd", region="North")
        named(session, "2002", "Delta Foods Ltd", region="South")

    choices = person.types("/risk", "check delta foods 5k net 30")
    answer = person.clicks(
        button(choices, "check_chosen"), container={"is_ephemeral": True}
    )

    assert answer["replace_original"] is True
    assert "USD 5,000 on 30 days" in said(answer)
    assert "no limit set" in said(answer), "unknown is not 0"


def test_a_guest_is_told_nothing(person: Person, acme: int) -> None:
    person.slack.users["U1"] = {"is_restricted": True}
    assert "for our own people" in said(person.types("/risk", "check acme 80k"))


def filled(**over: str | None) -> dict[str, Any]:
    """Return the state of a filled check form."""
    given: dict[str, str | None] = {
        "customer": "1001",
        "amount": "80000",
        "currency": "USD",
        "terms": "45",
        "prepaid": None,
    } | over
    chosen = {"customer", "currency"}
    return {
        block: {
            f"check_{block}": {"selected_option": {"value": value}}
            if block in chosen
            else {"value": value}
        }
        for block, value in given.items()
    }


def test_the_form_answers_in_its_place(person: Person, acme: int) -> None:
    person.types("/risk", "check")
    view = person.slack.called("views.open")[0]["view"]
    form = json.loads(view) if isinstance(view, str) else view

    answer = person.submits(
        {"type": "modal", "callback_id": form["callback_id"]}, filled()
    )

    assert answer["response_action"] == "update"
    assert "*Yes.*" in str(answer["view"]["blocks"])
    assert "table" not in {block["type"] for block in answer["view"]["blocks"]}


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"terms": "366"}, "terms"),
        ({"currency": "CHF"}, "currency"),
        ({"customer": None}, "customer"),
        ({"customer": "zzzzqqq"}, "customer"),
    ],
)
def test_the_form_shows_what_is_wrong_at_its_field(
    person: Person, acme: int, over: dict[str, str | None], field: str
) -> None:
    answer = person.submits(
        {"type": "modal", "callback_id": "check_form"}, filled(**over)
    )
    assert answer["response_action"] == "errors"
    assert list(answer["errors"]) == [field]


def test_the_form_offers_customers_as_they_are_typed(person: Person, acme: int) -> None:
    answer = person.interacts(
        "block_suggestion", action_id="check_customer", block_id="b", value="acm"
    )
    assert answer["options"][0]["value"] == "1001"


def test_every_answer_replays_to_the_same(
    person: Person, services: Services, acme: int
) -> None:
    person.types("/risk", "check acme 130,000 net 45")
    [check] = kept(services)
    assert check.receipt_id is not None

    again = replay(services, check.receipt_id)

    assert again.same
    assert again.untouched
    assert again.words.startswith("Yes, if, for Acme Trading Ltd")
    with services.database.write() as session:
        row = session.get(Receipt, check.receipt_id)
        assert row is not None
        row.inputs = row.inputs | {"order": row.inputs["order"] | {"terms_days": 90}}
        session.add(row)
    again = replay(services, check.receipt_id)
    assert not again.untouched
    assert not again.same


def asked(person: Person, words: str = "They paid by phone") -> None:
    """Check an order beyond the limit and ask the credit team."""
    answer = person.types("/risk", "check acme 130,000 net 45")
    submit(person, button(answer, "check_ask"), words={"value": words})


def submit(person: Person, pressed: dict[str, Any], **state: Any) -> dict[str, Any]:
    """Press a button that opens a form, fill it in, submit it."""
    before = len(person.slack.called("views.open"))
    person.interacts("block_actions", actions=[pressed | {"type": "button"}])
    opened = person.slack.called("views.open")[before:]
    assert opened, "no form opened"
    view = opened[0]["view"]
    form = json.loads(view) if isinstance(view, str) else view
    values = {block: {"x": value} for block, value in state.items()}
    about = {k: form[k] for k in ("type", "callback_id", "private_metadata")}
    return person.submits(about, values)


def test_asking_puts_it_before_those_who_decide_on_the_amount(
    person: Person, services: Services, acme: int
) -> None:
    asked(person)

    [card] = owed_to(services, "UBOSS")
    assert card.text.startswith("Waits for a decision: Acme Trading Ltd, USD 130,000")
    assert "They paid by phone" in json.dumps(card.blocks)
    assert owed_to(services, "UANA") == [], "an analyst decides up to 50,000"


def test_a_release_under_a_condition_is_told_and_kept(
    person: Person, services: Services, boss: Person
) -> None:
    asked(person)
    [card] = owed_to(services, "UBOSS")
    until = {"selected_date": (TODAY + timedelta(days=7)).isoformat()}

    done = submit(
        boss,
        buttons(card, "check_release"),
        way={"selected_option": {"value": "0"}},
        until=until,
        words={"value": "Wait for the money"},
    )

    assert "the one who asked is told" in str(done["view"]["blocks"])
    [news] = owed_to(services, "U1")
    assert "Released by <@UBOSS>" in news.text
    assert "have USD 30,000 (23.1%) paid before shipping" in json.dumps(news.blocks)
    assert "Wait for the money" in json.dumps(news.blocks)
    updated = owed_to(services, "UBOSS")[-1]
    assert updated.method == "update"
    assert updated.thread_key == card.key
    with pytest.raises(AssertionError):
        buttons(updated, "check_release")
    with services.database.read() as session:
        kinds = [receipt.kind for receipt in in_order(session, Receipt)]
        assert receipts.broken_at(session) is None
    assert kinds == ["check", "release"]


def test_a_refusal_needs_a_reason(
    person: Person, services: Services, boss: Person
) -> None:
    asked(person)
    [card] = owed_to(services, "UBOSS")

    wrong = submit(boss, buttons(card, "check_refuse"), words={"value": "  "})
    submit(boss, buttons(card, "check_refuse"), words={"value": "Too much"})

    assert "words" in wrong["errors"]
    [news] = owed_to(services, "U1")
    assert "Do not ship on credit" in news.text
    assert "Too much" in json.dumps(news.blocks)


def test_a_question_back_is_answered_and_waits_again(
    person: Person, services: Services, boss: Person
) -> None:
    asked(person)
    [card] = owed_to(services, "UBOSS")
    submit(boss, buttons(card, "check_return"), words={"value": "Who promised?"})

    [question] = owed_to(services, "U1")
    submit(person, buttons(question, "check_reply"), words={"value": "Their CFO"})

    [check] = kept(services)
    assert check.state == "waiting"
    assert "Their CFO" in json.dumps(owed_to(services, "UBOSS")[-1].blocks)


def test_nobody_decides_on_their_own(services: Services, boss: Person) -> None:
    with services.database.write() as session:
        people.grant_role(session, "UOTHER", "lead", "", by="U0", at=NOW)
    asked(boss)
    assert owed_to(services, "UBOSS") == []
    [card] = owed_to(services, "UOTHER")

    answer = boss.clicks(buttons(card, "check_release"))

    assert "somebody else decides" in said(answer)


def test_the_role_is_looked_at_again_on_click(
    person: Person, services: Services, boss: Person
) -> None:
    asked(person)
    [card] = owed_to(services, "UBOSS")
    with services.database.write() as session:
        people.revoke_role(session, "UBOSS", "lead", "", by="U0", at=NOW)

    assert "decided by somebody with the role" in said(
        boss.clicks(buttons(card, "check_release"))
    )


def test_of_two_who_decide_the_second_hears_who_did(
    person: Person, app: App, services: Services, boss: Person
) -> None:
    with services.database.write() as session:
        people.grant_role(session, "UOTHER", "lead", "", by="U0", at=NOW)
    other = Person(app, person.slack, "UOTHER", "D8")
    asked(person)
    [card] = owed_to(services, "UBOSS")
    submit(boss, buttons(card, "check_refuse"), words={"value": "No"})

    answer = other.clicks(buttons(card, "check_release"))

    assert "Meanwhile this check is refused (UBOSS)" in said(answer)


def test_checking_again_takes_the_facts_of_now(
    person: Person, services: Services, acme: int, boss: Person
) -> None:
    asked(person)
    [card] = owed_to(services, "UBOSS")
    with services.database.write() as session:
        invoice(session, acme, "50000", TODAY + timedelta(days=20), NOW)

    boss.clicks(buttons(card, "check_again"))

    update, thread = owed_to(services, "UBOSS")[-2:]
    assert (update.method, thread.thread_key) == ("update", card.key)
    assert "USD 180,000, allowed USD 100,000" in json.dumps(thread.blocks)


def test_it_reminds_until_it_is_decided(
    person: Person, services: Services, boss: Person, clock: Clock
) -> None:
    asked(person)
    assert remind_waiting(services) == 0
    clock.at = NOW + timedelta(hours=5)

    assert remind_waiting(services) == 1
    assert remind_waiting(services) == 0, "not twice"

    card, reminder = owed_to(services, "UBOSS")
    assert reminder.thread_key == card.key
    assert reminder.text.startswith("Still waits for a decision")
    submit(boss, buttons(card, "check_refuse"), words={"value": "No"})
    clock.at = NOW + timedelta(days=2)
    assert remind_waiting(services) == 0


def released(person: Person, services: Services, boss: Person, until: date) -> None:
    asked(person)
    [card] = owed_to(services, "UBOSS")
    submit(
        boss,
        buttons(card, "check_release"),
        way={"selected_option": {"value": "as_asked"}},
        until={"selected_date": until.isoformat()},
        words={"value": None},
    )


def test_a_release_is_reopened_when_its_facts_move(
    person: Person, services: Services, acme: int, boss: Person
) -> None:
    released(person, services, boss, TODAY + timedelta(days=10))
    assert watch_released(services) == 0, "nothing moved"
    with services.database.write() as session:
        invoice(session, acme, "20000", TODAY - timedelta(days=3), NOW)

    assert watch_released(services) == 1
    assert watch_released(services) == 0, "once"

    moved = owed_to(services, "UBOSS")[-1]
    assert "Overdue: USD 0 → USD 20,000" in said({"blocks": moved.blocks})
    news = owed_to(services, "U1")[-1]
    assert "Do not ship on it" in news.text
    card = owed_to(services, "UBOSS")[-2]
    assert card.text.startswith("Reopened")
    assert buttons(card, "check_release"), "it waits to be decided again"


def test_a_release_ends_with_its_day(
    person: Person, services: Services, boss: Person, clock: Clock
) -> None:
    released(person, services, boss, TODAY + timedelta(days=1))
    clock.at = NOW + timedelta(days=2)

    assert watch_released(services) == 0

    [check] = kept(services)
    assert check.state == "ended"


@pytest.mark.parametrize("days", [-1, 15])
def test_a_release_lasts_as_long_as_the_policy_lets_it(
    person: Person, services: Services, boss: Person, days: int
) -> None:
    asked(person)
    [card] = owed_to(services, "UBOSS")
    answer = submit(
        boss,
        buttons(card, "check_release"),
        way={"selected_option": {"value": "as_asked"}},
        until={"selected_date": (TODAY + timedelta(days=days)).isoformat()},
        words={"value": None},
    )
    assert list(answer["errors"]) == ["until"]
