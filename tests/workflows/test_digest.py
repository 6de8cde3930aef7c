"""A digest tells what changed, once a period, whatever happened to the clock or us."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col, select

from storage.tables import DigestRun, DigestState, ExchangeRate, Invoice, OutboxMessage
from tests.conftest import Clock
from tests.workflows.ledger import (
    customer,
    invoice,
    limit,
    pay,
    schedule,
    the_schedule,
)
from workflows.digest import drop_old_states, owe_digests
from workflows.services import Services

DAY = timedelta(days=1)
BERLIN = {"timezone": "Europe/Berlin", "hour": 2}
NEW_YORK = {"timezone": "America/New_York", "hour": 1}


def ours(_: str) -> str:
    return "ours"


def owed(services: Services) -> list[OutboxMessage]:
    with services.database.read() as session:
        rows = select(OutboxMessage).order_by(col(OutboxMessage.id))
        return list(session.exec(rows))


def words(message: OutboxMessage) -> str:
    """Return all that a message says, in one string."""
    return str(message.blocks)


@pytest.fixture
def five(services: Services) -> dict[str, int]:
    """Have five customers, each about to change in its own way, and owe a digest."""
    at, today = services.now(), services.today()
    with services.database.write() as session:
        ids = {
            name: customer(session, name, at, name=name, owner=f"{name}@x.test")
            for name in ("Newly", "Worse", "Better", "Payer", "Limit")
        }
        invoice(session, ids["Newly"], "100", today, at)
        invoice(session, ids["Worse"], "200", today - 30 * DAY, at)
        invoice(session, ids["Better"], "300", today - 70 * DAY, at)
        invoice(session, ids["Better"], "9000", today - 2 * DAY, at)
        invoice(session, ids["Payer"], "400", today - 5 * DAY, at)
        invoice(session, ids["Limit"], "500", today + 9 * DAY, at)
        limit(session, ids["Limit"], "700", at)
    schedule(services)
    assert owe_digests(services, ours) == 1
    return ids


def test_the_first_digest_says_there_is_nothing_to_compare_with(
    services: Services, five: dict[str, int]
) -> None:
    [message] = owed(services)

    assert "nothing to compare it with" in words(message)
    assert message.text == (
        "Risk digest of Mar 4, 2026: USD 9,900 overdue from 3 customers"
    )
    assert message.key.endswith(":2026-03-04T09:00")


def test_a_digest_leads_with_what_changed_since_the_last(
    services: Services, five: dict[str, int], clock: Clock
) -> None:
    clock.at += DAY
    at = clock.at - timedelta(hours=1)
    with services.database.write() as session:
        rows = {row.amount: row for row in session.exec(select(Invoice))}
        pay(session, rows[Decimal(400)], date(2026, 3, 4), at)
        pay(session, rows[Decimal(300)], date(2026, 3, 4), at)
        invoice(session, five["Limit"], "201", date(2026, 4, 1), at)
    assert owe_digests(services, ours) == 1

    sections = [
        block["text"]["text"]
        for block in owed(services)[-1].blocks
        if block["type"] == "section" and "text" in block
    ]
    assert "*Newly overdue* · 1 customer, USD 100\n• *Newly* (Newly)" in sections[0]
    assert "*Got worse*" in sections[1]
    assert "• *Worse* (Worse) USD 200 overdue, 31 days late" in sections[1]
    everything = "\n".join(sections)
    assert "• *Payer* (Payer) paid USD 400" in everything
    assert "• *Limit* (Limit) USD 701 against a limit of USD 700" in everything


def test_a_quiet_day_is_one_line(services: Services, clock: Clock) -> None:
    with services.database.write() as session:
        whose = customer(session, "1", clock.at)
        invoice(session, whose, "100", date(2026, 2, 20), clock.at)
    schedule(services)
    owe_digests(services, ours)
    clock.at += DAY
    owe_digests(services, ours)

    message = owed(services)[-1]
    assert len(message.blocks) == 1
    assert "Nothing changed since" in words(message)
    assert "USD 100 overdue from 1 customer" in words(message)


def test_two_replicas_owe_a_period_once(services: Services) -> None:
    for number in range(8):
        schedule(services, f"C{number}")

    with ThreadPoolExecutor(3) as replicas:
        counts = list(replicas.map(lambda _: owe_digests(services, ours), range(3)))

    assert sum(counts) == 8
    assert len(owed(services)) == 8


def test_after_days_down_the_last_digest_comes_once_and_says_it_is_late(
    services: Services, clock: Clock
) -> None:
    schedule(services)
    owe_digests(services, ours)
    clock.at += 3 * DAY + timedelta(hours=5)

    assert [owe_digests(services, ours) for _ in range(3)] == [1, 0, 0]
    message = owed(services)[-1]
    assert "Late: it was due 3/7/26, 9:00" in words(message)
    with services.database.read() as session:
        assert [run.late for run in session.exec(select(DigestRun))] == [True, True]


def test_hours_before_it_was_set_up_are_not_made_up_for(
    services: Services, clock: Clock
) -> None:
    schedule(services, active_from=clock.at)
    assert owe_digests(services, ours) == 0

    clock.at += DAY
    assert owe_digests(services, ours) == 1


@pytest.mark.parametrize(
    ("about", "start", "moments"),
    [
        # Europe/Berlin skips 02:00–03:00 on 29 March: at 02:30 that day means 03:00.
        (
            BERLIN,
            datetime(2026, 3, 28, tzinfo=UTC),
            ["28T01:30", "29T01:00", "30T00:30"],
        ),
        # New York has 01:30 twice on 1 November: the first is meant.
        (
            NEW_YORK,
            datetime(2026, 10, 31, tzinfo=UTC),
            ["31T05:30", "01T05:30", "02T06:30"],
        ),
    ],
)
def test_a_skipped_hour_is_made_up_and_a_doubled_one_runs_once(
    services: Services,
    clock: Clock,
    about: dict[str, Any],
    start: datetime,
    moments: list[str],
) -> None:
    clock.at = start
    schedule(services, minute=30, active_from=clock.at, **about)
    seen = []
    for _ in range(3 * 24 * 4):
        if owe_digests(services, ours):
            seen.append(clock.at.strftime("%dT%H:%M"))
        clock.at += timedelta(minutes=15)

    assert seen == moments


@pytest.mark.parametrize(
    ("scope", "there"),
    [
        ({"owners": ["UANN"]}, {"Ann Ltd"}),
        ({"regions": ["North"]}, {"Ann Ltd"}),
        ({"classes": ["E"]}, {"Bob Ltd"}),
        ({"minimum": "500"}, {"Bob Ltd"}),
        ({}, {"Ann Ltd", "Bob Ltd"}),
    ],
)
def test_a_digest_is_about_the_customers_chosen(
    services: Services, clock: Clock, scope: dict[str, Any], there: set[str]
) -> None:
    at, today = clock.at, services.today()
    with services.database.write() as session:
        ann = customer(session, "1", at, name="Ann Ltd", owner="UANN", region="North")
        bob = customer(session, "2", at, name="Bob Ltd", owner="bob", region="South")
        invoice(session, ann, "100", today - 10 * DAY, at)
        invoice(session, bob, "600", today - 99 * DAY, at)
    schedule(services, scope=scope)
    owe_digests(services, ours)

    said = words(owed(services)[0])
    assert {name for name in ("Ann Ltd", "Bob Ltd") if name in said} == there
    if "minimum" in scope:
        assert "1 customer below USD 500" in said


def test_other_currencies_count_at_their_rate_and_one_without_is_named(
    services: Services, clock: Clock
) -> None:
    with services.database.write() as session:
        whose = customer(session, "1", clock.at)
        for money in ("EUR", "CHF"):
            invoice(session, whose, "100", date(2026, 1, 1), clock.at, currency=money)
        for day, rate in ((date(2026, 1, 1), "9"), (date(2026, 2, 1), "1.25")):
            session.add(
                ExchangeRate(
                    currency="EUR",
                    valid_from=day,
                    rate=Decimal(rate),
                    known_at=clock.at,
                    source="test",
                )
            )
    schedule(services)
    owe_digests(services, ours)

    [message] = owed(services)
    assert "USD 125 overdue" in message.text
    assert "amounts in CHF of 1 customer" in words(message)


def test_a_long_list_folds_into_the_thread(services: Services, clock: Clock) -> None:
    schedule(services)
    owe_digests(services, ours)
    clock.at += DAY
    with services.database.write() as session:
        for number in range(120):
            whose = customer(session, f"{number:03}", clock.at, name="<!channel> & Co")
            invoice(session, whose, str(500 + number), date(2026, 3, 1), clock.at)
    owe_digests(services, ours)

    _, main, *parts = owed(services)
    assert "The thread lists 100 of 120." in words(main)
    assert [p.thread_key for p in parts] == [main.key, main.key]
    assert [len(p.blocks[1]["rows"]) for p in parts] == [51, 51]
    assert "20 smaller ones are not listed" in words(parts[-1])
    assert "<!channel>" not in str([b for b in main.blocks if b["type"] != "table"]), (
        "nobody is pinged"
    )


@pytest.mark.parametrize("readers", ["outsiders", "is_archived"])
def test_a_channel_that_may_not_have_it_stops_and_its_creator_is_told_once(
    services: Services, clock: Clock, readers: str
) -> None:
    schedule(services)
    for _ in range(3):
        assert owe_digests(services, lambda _: readers) == 0
        clock.at += DAY

    assert (the_schedule(services).state, the_schedule(services).trouble) == (
        "broken",
        readers,
    )
    [told] = owed(services)
    assert (told.channel, told.method) == ("U1", "post")


def test_a_digest_waits_while_slack_cannot_say_who_reads(
    services: Services, clock: Clock
) -> None:
    schedule(services)
    assert owe_digests(services, lambda _: "unsure") == 0

    clock.at += timedelta(minutes=20)
    assert owe_digests(services, ours) == 1
    assert "Late" in words(owed(services)[0])


def test_a_digest_asked_for_comes_beside_those_of_the_clock(
    services: Services, clock: Clock
) -> None:
    schedule(services, state="off", asked="abc")

    assert [owe_digests(services, ours) for _ in range(2)] == [1, 0]
    assert owed(services)[0].key.endswith(":now:abc")
    assert the_schedule(services).asked is None


def test_states_that_nothing_is_compared_with_are_dropped(
    services: Services, clock: Clock
) -> None:
    schedule(services)
    for _ in range(4):
        owe_digests(services, ours)
        clock.at += DAY
    assert drop_old_states(services) == 3

    with services.database.read() as session:
        assert len(session.exec(select(DigestState)).all()) == 1
    assert owe_digests(services, ours) == 1
    assert "Nothing changed since" in words(owed(services)[-1])


def test_a_digest_reads_in_its_channels_language(services: Services) -> None:
    schedule(services, language="zh-CN")
    owe_digests(replace(services), ours)

    assert owed(services)[0].text.endswith("风险摘要：0 家客户逾期 USD 0")
