"""What changed is looked at, and only that; everybody is once a day; both agree."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from math import isnan
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from connectors.files import open_file
from storage import standings, touched
from storage.as_of import Who
from storage.database import Database
from storage.scores import stored_facts
from storage.tables import (
    Customer,
    ImportedFile,
    Invoice,
    Relation,
    RuleTuning,
    ScoreStanding,
    Signal,
    Sweep,
    Touched,
)
from templates.engine import Renderer
from tests.conftest import NOW, Clock, examples
from tests.sqlite import Files
from tests.workflows.changes import Change, change
from tests.workflows.ledger import customer, invoice, paid_all, pay
from workflows.import_files import import_file
from workflows.monitor.keep import keep
from workflows.monitor.look import look
from workflows.monitor.replay import replay
from workflows.monitor.sweep import sweep_all, sweep_due, sweep_touched
from workflows.services import Services

TODAY = NOW.date()
FIRST, FAR = 1, 30_001
"""Ids so far apart that a sweep takes them in two pieces."""


def add(services: Services, change: Callable[[Session], Any], *whose: int) -> Any:
    """Do `change`, and touch whom it is about, in one transaction."""
    with services.database.write() as session:
        made = change(session)
        touched.touch(session, whose, services.now())
    return made


def on(services: Services) -> set[tuple[str, str]]:
    """Return (subject, rule) of every signal that is on."""
    with services.database.read() as session:
        rows = session.exec(select(Signal).where(Signal.state == "on")).all()
    return {(row.subject, row.rule) for row in rows}


def rules_on(services: Services, whose: int) -> set[str]:
    return {rule for subject, rule in on(services) if subject == f"customer:{whose}"}


def scores(services: Services) -> dict[int, tuple[Any, ...]]:
    with services.database.read() as session:
        return {
            row.customer_id: (row.score, row.computed_class, row.risk_class)
            for row in session.exec(select(ScoreStanding))
        }


def waiting(services: Services) -> list[int]:
    with services.database.read() as session:
        return sorted(row.customer_id for row in session.exec(select(Touched)))


def payer(services: Services, number: str, *, whose: int | None = None) -> int:
    """Add a customer that paid six invoices in time; return its id."""
    with services.database.write() as session:
        about = {"id": whose} if whose else {}
        id_ = customer(session, number, NOW, **about)
        dues = [TODAY - timedelta(days=30 * month) for month in range(1, 7)]
        paid_all(session, id_, "1000", dues, NOW)
        touched.touch(session, [id_], services.now())
    return id_


def owes(services: Services, whose: int, days: int, amount: str = "900") -> Invoice:
    """Let a customer owe what was due so many days ago."""
    due = services.today() - timedelta(days=days)
    bill: Invoice = add(
        services, lambda s: invoice(s, whose, amount, due, services.now()), whose
    )
    return bill


def test_an_import_touches_whom_it_changes_and_nobody_else(
    services: Services, tmp_path: Path
) -> None:
    one, two = payer(services, "C1"), payer(services, "C2")
    sweep_due(services)
    file = tmp_path / "bills.csv"
    due = TODAY - timedelta(days=30)
    file.write_text(
        "customer number,invoice number,invoice date,due date,amount,currency\n"
        f"C1,X1,{due - timedelta(days=30)},{due},5000,USD\n"
        f"C3,X2,{TODAY},{TODAY + timedelta(days=30)},70,USD\n",
        encoding="utf-8",
    )
    import_file(services, open_file(file), by="test")

    with services.database.read() as session:
        version = services.policy.version
        stale = [
            id_
            for id_ in (one, two)
            if standings.standing(session, id_, TODAY, version) is None
        ]
        new = session.exec(select(Customer).where(Customer.number == "C3")).one()
    assert stale == [one], "others' scores stand"
    assert waiting(services) == [one, new.id]
    assert sweep_touched(services) == 2
    assert waiting(services) == []
    assert {"overdue", "first_overdue"} <= rules_on(services, one)
    assert rules_on(services, two) == set()

    again = tmp_path / "again.csv"
    again.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    import_file(services, open_file(again), by="test")
    assert waiting(services) == [], "what says nothing new touches nobody"


def test_a_signal_begins_once_grows_and_is_over(
    services: Services, clock: Clock
) -> None:
    whose = payer(services, "C1")
    bill = owes(services, whose, 8)
    sweep_touched(services)
    sweep_touched(services)
    sweep_all(services, again=True)
    with services.database.read() as session:
        row = session.exec(select(Signal).where(Signal.rule == "overdue")).one()
    assert row.evidence["overdue"] == 900
    assert row.evidence["overdue_oldest"] == 8
    assert row.problem_id is not None
    clock.at += timedelta(days=5)
    sweep_due(services)
    with services.database.read() as session:
        grown = session.exec(select(Signal).where(Signal.rule == "overdue")).one()
    assert grown.id == row.id
    assert grown.strength >= row.strength * 1.5
    assert grown.evidence["overdue_oldest"] == 13
    assert grown.began_on == TODAY

    paid_on = clock.at.date()
    add(services, lambda s: pay(s, bill, paid_on, clock.at), whose)
    sweep_touched(services)
    assert "overdue" not in rules_on(services, whose)
    with services.database.read() as session:
        over = session.exec(select(Signal).where(Signal.rule == "overdue")).one()
    assert (over.state, over.over_at) == ("over", clock.at)


def test_what_only_the_calendar_brings_comes_with_the_daily_sweep(
    services: Services, clock: Clock
) -> None:
    whose = payer(services, "C1")
    owes(services, whose, 6)
    sweep_touched(services)
    assert "overdue" not in rules_on(services, whose)
    clock.at += timedelta(days=1)
    assert sweep_touched(services) == 0
    assert sweep_due(services) == 1
    assert "overdue" in rules_on(services, whose)
    assert sweep_due(services) == 0


def test_a_fallen_class_is_told_against_thirty_days_before(
    services: Services, clock: Clock
) -> None:
    whose = payer(services, "C1")
    sweep_due(services)
    clock.at += timedelta(days=31)
    owes(services, whose, 100, "90000")
    sweep_touched(services)
    assert {"class_drop", "score_drop"} <= rules_on(services, whose)
    with services.database.read() as session:
        row = session.exec(select(Signal).where(Signal.rule == "class_drop")).one()
    assert (row.evidence["class_before"], row.evidence["class_grade"]) == (0, 4)


def test_trouble_reaches_related_companies_by_a_touch_of_one(
    services: Services,
) -> None:
    one, two, three = (payer(services, f"C{n}") for n in range(3))
    for n, (a, b) in enumerate(((one, two), (two, three))):
        tie = Relation(
            customer_id=a, other_id=b, kind=f"k{n}", source="t", known_at=NOW
        )
        with services.database.write() as session:
            session.add(tie)
            touched.touch(session, [a, b], NOW)
    sweep_touched(services)
    owes(services, one, 200, "90000")
    sweep_touched(services)
    assert "related_trouble" in rules_on(services, two)
    assert "related_trouble" not in rules_on(services, three), "a quarter of it"
    with services.database.read() as session:
        found = select(Signal).where(Signal.rule == "related_trouble")
        told = session.exec(found).one().evidence
    assert (told["related_to"], told["related_steps"]) == (one, 1)


def test_a_sweep_that_is_killed_goes_on_where_it_stopped(services: Services) -> None:
    payer(services, "C1", whose=FIRST)
    payer(services, "C2", whose=FAR)
    for whose in (FIRST, FAR):
        owes(services, whose, 20)

    def die(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep_all(services, die)
    with services.database.read() as session:
        half = session.exec(select(Sweep)).one()
    assert (half.finished_at, half.customers) == (None, 1)
    assert "overdue" in rules_on(services, FIRST)
    assert rules_on(services, FAR) == set()

    assert sweep_due(services) == 1, "the rest"
    assert "overdue" in rules_on(services, FAR)
    with services.database.read() as session:
        done = session.exec(select(Sweep)).one()
    assert done.customers == 2
    assert done.finished_at is not None


def test_who_was_counted_by_another_meanwhile_is_looked_at_again(
    services: Services, clock: Clock
) -> None:
    whose = payer(services, "C1")
    sweep_touched(services)
    sweep_due(services)
    with services.database.read() as session:
        old = look(services, session, Who(ids=[whose]))
    clock.at += timedelta(seconds=1)
    owes(services, whose, 20)
    sweep_touched(services)
    assert "overdue" in rules_on(services, whose)

    with services.database.write() as session:
        keep(services, session, old)

    assert "overdue" in rules_on(services, whose), "older news undo nothing"
    assert waiting(services) == [whose]
    sweep_touched(services)
    assert "overdue" in rules_on(services, whose)


def test_a_large_share_is_told_of_whoever_holds_it(services: Services) -> None:
    one, two = payer(services, "C1"), payer(services, "C2")
    owes(services, one, -20, "150000")
    owes(services, two, -20, "900")
    add(services, lambda s: _move(s, one, "textiles"))
    sweep_due(services)
    found = {(s, r) for s, r in on(services) if r.startswith("concentration")}
    assert (f"customer:{one}", "concentration_customer") in found
    assert ("industry:textiles", "concentration_industry") in found
    assert ("portfolio", "concentration_hhi") in found
    assert not any(subject == f"customer:{two}" for subject, _ in found)

    owes(services, one, -21, "1")
    sweep_touched(services)
    assert found <= on(services), "a look at one says nothing of the whole"


def _move(session: Session, whose: int, industry: str) -> None:
    row = session.get(Customer, whose)
    assert row is not None
    row.industry = industry
    session.add(row)


def test_a_feed_that_falls_silent_is_told(services: Services, clock: Clock) -> None:
    payer(services, "C1")
    with services.database.write() as session:
        for day in range(10):
            row = ImportedFile(
                digest=f"d{day}",
                name="f.csv",
                imported_by="U1",
                imported_at=NOW - timedelta(days=day),
                result={"invoices": {"new": 1, "changed": 0, "same": 0}},
            )
            session.add(row)
    sweep_due(services)
    assert ("feed:invoices", "feed_silent") not in on(services)
    clock.at += timedelta(days=3)
    sweep_due(services)
    assert ("feed:invoices", "feed_silent") in on(services)


def test_a_rule_that_is_only_tried_says_so(services: Services, clock: Clock) -> None:
    whose = payer(services, "C1")
    owes(services, whose, 20)
    sweep_touched(services)

    def shadow(session: Session) -> None:
        tuned = RuleTuning(
            rule="overdue",
            parameter="mode",
            value="shadow",
            reason="too many",
            by="U1",
            at=NOW,
        )
        session.add(tuned)

    add(services, shadow, whose)
    sweep_touched(services)
    with services.database.read() as session:
        rows = session.exec(
            select(Signal).where(Signal.rule == "overdue").order_by(col(Signal.id))
        ).all()
    assert [(row.state, row.shadow) for row in rows] == [("over", False), ("on", True)]


def test_a_replay_finds_what_a_sweep_found_that_day(
    services: Services, clock: Clock
) -> None:
    one, two = payer(services, "C1"), payer(services, "C2")
    bill = owes(services, one, 20)
    sweep_due(services)
    seen = {rule for rule in rules_on(services, one) if not rule.startswith("concen")}
    clock.at += timedelta(days=20)
    paid_on = clock.at.date()
    add(services, lambda s: pay(s, bill, paid_on, clock.at), one)
    owes(services, two, 60)

    with services.database.read() as session:
        days = [TODAY, TODAY + timedelta(days=20)]
        then, now = list(replay(services, session, days))

    rows = {one: 0, two: 1}
    assert then.ids.tolist() == [one, two]
    assert {f.rule for f in then.fired if rows[one] in f.rows} == seen
    assert not [f for f in then.fired if rows[two] in f.rows], "it was not known"
    assert "overdue" in {f.rule for f in now.fired if rows[two] in f.rows}
    assert "overdue" not in {f.rule for f in now.fired if rows[one] in f.rows}


CUSTOMERS = 5
CHANGES = st.lists(
    st.tuples(st.integers(0, 99), st.integers(0, CUSTOMERS - 1), st.integers(0, 99)),
    min_size=1,
    max_size=10,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("swept")


@settings(max_examples=examples(12))
@given(CHANGES, st.integers(1, 4))
def test_what_changed_bit_by_bit_is_what_all_at_once_gives(
    sqlite: Files, folder: Path, changes: list[Change], at_once: int
) -> None:
    """A sweep of everybody finds nothing that the sweeps of what changed left."""
    file = folder / "same.db"
    for old in folder.glob("same.db*"):
        old.unlink()
    shutil.copy(sqlite.template, file)
    clock = Clock()
    services = Services(
        Database(f"sqlite:///{file}"), Renderer(), clock, ZoneInfo("UTC"), "USD"
    )
    try:
        _agree(services, clock, changes, at_once)
    finally:
        services.database.close()


@pytest.mark.parametrize("seed", [1, 2])
def test_both_sweeps_agree_on_both_engines(
    services: Services, clock: Clock, seed: int
) -> None:
    chance = Random(seed)
    drawn = [
        (chance.randrange(100), chance.randrange(CUSTOMERS), chance.randrange(100))
        for _ in range(25)
    ]
    _agree(services, clock, drawn, 3)


def _agree(
    services: Services, clock: Clock, changes: list[Change], at_once: int
) -> None:
    ids = [payer(services, f"C{n}") for n in range(CUSTOMERS)]
    for n, drawn in enumerate(changes):
        clock.at += timedelta(seconds=1)
        change(services, ids, drawn)
        if n % at_once == 0:
            sweep_touched(services)
    sweep_touched(services)
    assert waiting(services) == []
    bit_by_bit = _found(services)

    clock.at += timedelta(seconds=1)
    sweep_all(services, again=True)

    assert _found(services) == bit_by_bit
    with services.database.read() as session:
        later = select(Signal).where(Signal.over_at == clock.at)
        assert session.exec(later).all() == []


def _found(services: Services) -> tuple[Any, ...]:
    """Return all that sweeps leave of customers: signals, scores and their facts.

    Facts to nine digits: sums of the same amounts in another order differ beyond.
    """
    single = {one for one in on(services) if not one[1].startswith("concentration")}
    facts: dict[int, tuple[float | None, ...]] = {}
    with services.database.read() as session:
        for piece in stored_facts(session):
            for n, id_ in enumerate(piece.ids.tolist()):
                row = [float(column[n]) for column in piece.facts.values()]
                facts[id_] = tuple(None if isnan(v) else float(f"{v:.9g}") for v in row)
    return single, scores(services), facts
