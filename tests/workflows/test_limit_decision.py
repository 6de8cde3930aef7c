"""Limits set, asked for and decided: four eyes, receipts, who is told what."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from risk.errors import UserError
from risk.limits import propose
from storage import people, receipts
from storage.policy_file import parse_policy
from storage.tables import ExchangeRate, LimitRequest, User
from templates.messages.limit import LimitDone
from tests.conftest import Clock
from tests.workflows.ledger import limit
from tests.workflows.limits import (
    ANN,
    BOB,
    SAM,
    all_limits,
    company,
    kept_receipts,
    named,
    owed,
    requests,
)
from workflows.finding import OursOnly
from workflows.limit_decision import (
    decide_limit,
    put_limit,
    refusal_form,
    request_limit,
    set_limit,
)
from workflows.limit_ground import facts_in
from workflows.limit_late import (
    Approved,
    AskedAlready,
    LimitMoved,
    Refused,
    Replaced,
    RequestGone,
)
from workflows.limit_rights import OwnRequest
from workflows.limit_wish import (
    BelowZero,
    BeyondMeasure,
    InThePast,
    LimitWish,
    NoRateFor,
    NoReason,
    NotAnAmount,
    ReasonTooLong,
    TooFine,
    TooLong,
)
from workflows.rights import NobodyDecides, NotYours
from workflows.services import Actor, Services

D = Decimal
DAY = timedelta(days=1)
CAROL = Actor("UCAROL", roles=frozenset({"sales", "lead"}), name="Carol")


@pytest.fixture
def acme(services: Services) -> int:
    return company(services)


def wish(whose: int, amount: str = "40000", **about: object) -> LimitWish:
    given = LimitWish(whose, amount, "USD", "Pays on time")
    return replace(given, **about)  # type: ignore[arg-type] # each test names fields


def asked(services: Services, acme: int, amount: str = "80000") -> LimitRequest:
    """Let Sam ask for a limit; return the request."""
    request_limit(services, SAM, wish(acme, amount))
    return requests(services)[-1]


def approve(services: Services, actor: Actor, request: LimitRequest) -> LimitDone:
    assert request.id is not None
    return decide_limit(services, actor, request.id, request.version, approve=True)


def refuse(
    services: Services, actor: Actor, request: LimitRequest, why: str = "Too much"
) -> LimitDone:
    assert request.id is not None
    return decide_limit(
        services, actor, request.id, request.version, approve=False, reason=why
    )


def test_a_limit_within_the_actors_step_is_set_at_once(
    services: Services, acme: int
) -> None:
    done = put_limit(services, ANN, wish(acme))

    assert done.what == "set"
    [kept] = all_limits(services)
    assert (kept.amount, kept.currency, kept.set_by) == (D(40_000), "USD", "UANN")
    assert (kept.valid_from, kept.approved_by) == (services.today(), None)
    assert kept.valid_until == services.today() + 365 * DAY, "as the policy lets B"
    assert owed(services) == [], "the form itself has answered"


def test_the_old_limit_is_superseded_and_not_overwritten(
    services: Services, acme: int, clock: Clock
) -> None:
    put_limit(services, ANN, wish(acme, "10000"))
    clock.at += DAY
    done = put_limit(services, ANN, wish(acme, "20000"))

    old, new = all_limits(services)
    assert (old.amount, old.superseded_at) == (D(10_000), clock.at)
    assert (new.amount, new.superseded_at) == (D(20_000), None)
    assert done.before is not None
    assert done.before.amount == D(10_000)


def test_above_four_eyes_a_second_person_decides(services: Services, acme: int) -> None:
    done = put_limit(services, ANN, wish(acme, "50000.01"))

    assert (done.what, done.roles) == ("asked", ("approver", "lead"))
    assert all_limits(services) == []
    [message] = owed(services)
    assert (message.channel, message.method) == ("UBOB", "post")

    [request] = requests(services)
    assert approve(services, BOB, request).what == "approved"
    [kept] = all_limits(services)
    assert (kept.set_by, kept.approved_by) == ("UANN", "UBOB")
    assert kept.amount == D("50000.01")


def test_at_four_eyes_exactly_one_person_is_enough(
    services: Services, acme: int
) -> None:
    assert put_limit(services, ANN, wish(acme, "50000")).what == "set"


def test_even_the_highest_role_needs_a_second_above_four_eyes(
    services: Services, acme: int
) -> None:
    with pytest.raises(NotYours):
        set_limit(services, CAROL, wish(acme, "60000"))
    assert put_limit(services, CAROL, wish(acme, "60000")).what == "asked"


def test_the_amount_is_weighed_in_base_currency_at_the_dated_rate(
    services: Services, acme: int
) -> None:
    within = put_limit(services, ANN, wish(acme, "40000", currency="EUR"))
    beyond = put_limit(services, ANN, wish(acme, "40000.01", currency="eur "))

    assert (within.what, beyond.what) == ("set", "asked")
    assert within.worth.base == D(50_000)
    assert within.worth.rate_of == services.today() - 2 * DAY


def test_cash_only_is_a_limit_of_zero(services: Services, acme: int) -> None:
    done = put_limit(services, ANN, wish(acme, "0"))
    [kept] = all_limits(services)
    assert kept.amount == 0
    assert "cash only" in services.render(done, "en").text
    assert "仅限现款" in services.render(done, "zh-CN").text


def test_a_shorter_validity_may_be_chosen(services: Services, acme: int) -> None:
    until = services.today() + 30 * DAY
    put_limit(services, ANN, wish(acme, until=until))
    assert all_limits(services)[0].valid_until == until


@pytest.mark.parametrize(
    ("about", "error"),
    [
        ({"amount": "-1"}, BelowZero),
        ({"amount": ""}, NotAnAmount),
        ({"amount": "80k"}, NotAnAmount),
        ({"amount": "80,5"}, NotAnAmount),
        ({"amount": "NaN"}, NotAnAmount),
        ({"amount": "-Infinity"}, NotAnAmount),
        ({"amount": "1000000001"}, BeyondMeasure),
        ({"amount": "1e400"}, BeyondMeasure),
        ({"amount": "0.00001"}, TooFine),
        ({"currency": "CHF"}, NoRateFor),
        ({"until": date(2026, 3, 3)}, InThePast),
        ({"until": date(2027, 3, 5)}, TooLong),
        ({"reason": " \n "}, NoReason),
        ({"reason": "x" * 501}, ReasonTooLong),
    ],
)
def test_what_cannot_be_is_named_and_changes_nothing(
    services: Services, acme: int, about: dict[str, object], error: type[UserError]
) -> None:
    with pytest.raises(error) as raised:
        put_limit(services, ANN, wish(acme, **about))  # type: ignore[arg-type]
    assert str(raised.value), "it says what is wrong"
    assert all_limits(services) == []
    assert kept_receipts(services) == []


def test_thousands_may_be_set_apart(services: Services, acme: int) -> None:
    assert put_limit(services, ANN, wish(acme, "40,000")).worth.amount == D(40_000)


def test_nobody_decides_on_their_own_request(services: Services, acme: int) -> None:
    with services.database.write() as session:
        people.grant_role(session, "USAM", "lead", "", by="x", at=services.now())
    request = asked(services, acme)
    both = replace(SAM, roles=SAM.roles | {"lead"})
    with pytest.raises(OwnRequest):
        approve(services, both, request)
    with pytest.raises(OwnRequest):
        refuse(services, both, request)
    assert all_limits(services) == []


def test_a_role_whose_step_is_too_low_decides_nothing(
    services: Services, acme: int
) -> None:
    request = asked(services, acme)
    with pytest.raises(NotYours) as raised:
        approve(services, ANN, request)
    assert "approver / lead" in str(raised.value)
    with pytest.raises(NotYours):
        approve(services, replace(BOB, roles=frozenset({"sales"})), request)
    with pytest.raises(NotYours):
        refusal_form(services, ANN, request.id or 0, request.version)


def test_a_role_counts_in_its_region_alone(services: Services, acme: int) -> None:
    with services.database.write() as session:
        abroad = named(session, services, "2", "Far Away Ltd", region="China")
        for who in ("UBOB", "UCAROL"):
            session.merge(User(slack_id=who, name=who, seen_at=services.now()))
        people.revoke_role(session, "UBOB", "approver", "", by="x", at=services.now())
        people.grant_role(
            session, "UBOB", "approver", "emea", by="x", at=services.now()
        )
        people.grant_role(session, "UCAROL", "lead", "", by="x", at=services.now())

    far = asked(services, abroad)
    near = asked(services, acme)

    told = [message.channel for message in owed(services)]
    assert told == ["UCAROL", "UBOB"], "an approver for EMEA is not asked about China"
    with pytest.raises(NotYours):
        approve(services, BOB, far)
    approve(services, BOB, near)


def test_where_nobody_else_may_decide_it_says_who_is_needed(
    services: Services, acme: int
) -> None:
    with pytest.raises(NobodyDecides) as raised:
        put_limit(services, BOB, wish(acme, "100000"))
    assert "+approver" in str(raised.value)
    assert requests(services) == []


def test_whoever_asked_is_told_in_their_own_language(
    services: Services, acme: int
) -> None:
    with services.database.write() as session:
        session.merge(
            User(slack_id="USAM", name="Sam", language="zh-CN", seen_at=services.now())
        )
    refuse(services, BOB, asked(services, acme), "Wait for the accounts")

    told = [m for m in owed(services) if m.channel == "USAM"]
    assert [m.method for m in told] == ["post"]
    assert "<@UBOB> 拒绝了" in told[0].text
    assert "Wait for the accounts" in told[0].text


def test_the_question_is_closed_for_all_who_got_it(
    services: Services, acme: int
) -> None:
    with services.database.write() as session:
        people.grant_role(session, "UEVE", "approver", "", by="x", at=services.now())
    request = asked(services, acme)
    assert [m.channel for m in owed(services)] == ["UBOB", "UEVE"]

    approve(services, BOB, request)

    changed = [m for m in owed(services) if m.method == "update"]
    assert [(m.channel, m.thread_key) for m in changed] == [
        ("UBOB", f"limit-ask:{request.id}:0"),
        ("UEVE", f"limit-ask:{request.id}:1"),
    ]
    assert all("limit_approve" not in str(m.blocks) for m in changed)
    assert all("approved it" in str(m.blocks) for m in changed)


def test_guests_are_not_asked(services: Services, acme: int) -> None:
    with services.database.write() as session:
        guest = User(slack_id="UBOB", name="Bob", guest=True, seen_at=services.now())
        session.merge(guest)
    with pytest.raises(NobodyDecides):
        request_limit(services, SAM, wish(acme, "80000"))


def test_the_policys_channel_is_asked_if_it_names_one(
    services: Services, acme: int
) -> None:
    text = services.policy.text.replace('channel = ""', 'channel = "CCREDIT"')
    ours = replace(services, policy=parse_policy(text))

    request = asked(ours, acme)
    approve(ours, BOB, request)

    assert [(m.channel, m.method) for m in owed(ours)] == [
        ("CCREDIT", "post"),
        ("CCREDIT", "update"),
        ("USAM", "post"),
    ]


def test_a_click_too_late_says_who_did_what_meanwhile(
    services: Services, acme: int
) -> None:
    approved, refused = asked(services, acme), None
    approve(services, BOB, approved)
    with pytest.raises(Approved, match="Bob approved this meanwhile"):
        refuse(services, CAROL, approved)

    refused = asked(services, acme, "90000")
    refuse(services, BOB, refused, "Too much")
    with pytest.raises(Refused, match=r"Bob refused .*Too much"):
        approve(services, CAROL, refused)

    replaced = asked(services, acme, "70000")
    asked(services, acme, "60000")
    with pytest.raises(Replaced, match="Sam replaced this request"):
        approve(services, BOB, replaced)
    with pytest.raises(RequestGone):
        decide_limit(services, BOB, 4242, 1, approve=True)
    assert [kept.amount for kept in all_limits(services)] == [D(80_000)]


def test_a_limit_set_after_the_question_stands(
    services: Services, acme: int, clock: Clock
) -> None:
    request = asked(services, acme)
    clock.at += timedelta(minutes=1)
    with services.database.write() as session:
        limit(session, acme, "5000", services.now())  # as an import does

    with pytest.raises(LimitMoved, match="USD 5,000 meanwhile"):
        approve(services, BOB, request)
    refuse(services, BOB, request)
    assert [kept.amount for kept in all_limits(services)] == [D(5_000)]


def test_setting_a_limit_closes_a_waiting_question(
    services: Services, acme: int
) -> None:
    request = asked(services, acme)
    put_limit(services, ANN, wish(acme, "0"))

    [kept] = requests(services)
    assert (kept.state, kept.decided_by) == ("replaced", "UANN")
    last = owed(services)[-1]
    assert (last.channel, last.key) == ("USAM", f"limit-done:{request.id}")
    assert "is closed" in last.text


def test_two_people_do_not_ask_for_the_same_customer(
    services: Services, acme: int
) -> None:
    asked(services, acme)
    with pytest.raises(AskedAlready, match="Sam asked for a limit of USD 80,000"):
        put_limit(services, ANN, wish(acme, "70000"))


def test_a_form_that_was_overtaken_changes_nothing(
    services: Services, acme: int
) -> None:
    put_limit(services, ANN, wish(acme, "10000", seen=0))
    with pytest.raises(LimitMoved, match="Ann set this limit to USD 10,000 meanwhile"):
        put_limit(services, BOB, wish(acme, "20000", seen=0))
    assert [kept.amount for kept in all_limits(services)] == [D(10_000)]


def test_of_two_at_the_same_time_one_wins(services: Services, acme: int) -> None:
    def try_it(amount: str) -> str:
        try:
            return put_limit(services, ANN, wish(acme, amount, seen=0)).what
        except LimitMoved:
            return "moved"

    with ThreadPoolExecutor(2) as pool:
        ended = sorted(pool.map(try_it, ("10000", "20000")))

    assert ended == ["moved", "set"]
    assert len(all_limits(services)) == 1
    assert len(kept_receipts(services)) == 1


def test_of_two_clicks_at_the_same_time_one_decides(
    services: Services, acme: int
) -> None:
    request = asked(services, acme)

    def click(actor: Actor) -> str:
        try:
            return approve(services, actor, request).what
        except Approved:
            return "late"

    with ThreadPoolExecutor(2) as pool:
        ended = sorted(pool.map(click, (BOB, CAROL)))

    assert ended == ["approved", "late"]
    assert len(all_limits(services)) == 1


def test_a_rate_or_a_day_that_no_longer_holds_stops_an_approval(
    services: Services, acme: int, clock: Clock
) -> None:
    request_limit(services, SAM, wish(acme, "80000", until=services.today()))
    clock.at += DAY
    with pytest.raises(InThePast):
        approve(services, BOB, requests(services)[-1])

    request_limit(services, SAM, wish(acme, "80000", currency="EUR"))
    euros = requests(services)[-1]
    with services.database.write() as session:
        for row in session.exec(select(ExchangeRate)):
            session.delete(row)
    with pytest.raises(NoRateFor):
        approve(services, CAROL, euros)
    with pytest.raises(NotYours, match="lead"):
        refuse(services, BOB, euros)
    assert refuse(services, CAROL, euros).what == "refused"


def test_each_decision_leaves_a_receipt_that_proposes_the_same_again(
    services: Services, acme: int
) -> None:
    put_limit(services, ANN, wish(acme))
    approve(services, BOB, asked(services, acme))
    refuse(services, BOB, asked(services, acme, "90000"))

    kept = kept_receipts(services)
    assert [r.outcome["decision"] for r in kept] == ["set", "approved", "refused"]
    assert [r.actor for r in kept] == ["UANN", "UBOB", "UBOB"]
    assert kept[1].outcome["request"] == {"id": 1, "asked_by": "USAM"}
    assert kept[0].words.startswith("Limit of Acme Trading Ltd: USD 40,000")
    for receipt in kept:
        assert receipt.policy_version == services.policy.version
        again = propose(
            services.policy.policy.limit,
            facts_in(receipt.inputs),
            date.fromisoformat(receipt.inputs["as_of"]),
        )
        assert str(again.amount) == receipt.inputs["proposed"] == "30000"
        assert again.binding == receipt.inputs["binding"]
    with services.database.read() as session:
        assert receipts.broken_at(session) is None


def test_guests_decide_nothing(services: Services, acme: int) -> None:
    request = asked(services, acme)
    guest = replace(BOB, guest=True)
    with pytest.raises(OursOnly):
        approve(services, guest, request)
    with pytest.raises(OursOnly):
        put_limit(services, guest, wish(acme))
