"""`/risk backtest`: asked in Slack, replayed apart, told once with its figures."""

from dataclasses import fields, replace
from datetime import date

import pytest
from sqlmodel import select

from handlers.backtest import BacktestUsage, read_wish
from risk.backtest import Baseline, ClassRate, Question, Report, Shift
from risk.validation import Band, Interval
from sandbox.blocks.limits import check_blocks
from storage.tables import OutboxMessage, ReportJob
from templates.blocks import without_new_blocks
from templates.engine import LANGUAGES, Renderer
from templates.messages.proof import (
    BacktestBands,
    BacktestFailed,
    BacktestReport,
    BacktestStarted,
)
from tests.conftest import Clock, Person
from tests.handlers.test_lookup import said
from tests.rows import in_order
from tests.workflows.test_backtest import company
from workflows.backtest_job import BacktestWish, make_backtests
from workflows.services import Services

WINDOW = "2024-09 2025-01"
NAN = float("nan")


def analyst(person: Person, *, reads: str = "en-US") -> Person:
    """Return somebody who may ask, in their language."""
    boss = Person(person.app, person.slack, "UADMIN")
    boss.types("/risk", f"role <@{person.slack_id}> +analyst")
    return person.reads(reads)


def owed(services: Services) -> list[OutboxMessage]:
    """Return what is owed to Slack, in order."""
    with services.database.read() as session:
        return in_order(session, OutboxMessage)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("", BacktestWish()),
        (
            "from 2024-01-15 to 2024-12-31 horizon 60 late 30",
            BacktestWish(date(2024, 1, 15), date(2024, 12, 31), Question(60, 30)),
        ),
        ("2024-01 2024-02", BacktestWish(date(2024, 1, 1), date(2024, 2, 29))),
        ("2024/3/1", BacktestWish(date(2024, 3, 1))),
        ("late: 30 days", BacktestWish(asked=Question(90, 30))),
        (
            "从2024-01到2024-06，观察期60天 逾期30天",
            BacktestWish(date(2024, 1, 1), date(2024, 6, 30), Question(60, 30)),
        ),
    ],
)
def test_what_is_asked_is_read(text: str, wish: BacktestWish) -> None:
    assert read_wish(text) == (wish, False)
    assert read_wish(f"{text} here") == (wish, True)
    assert read_wish(f"{text} 此处") == (wish, True)


@pytest.mark.parametrize(
    "text", ["nonsense", "2024-13-01", "2024-02-30", "2024-01 2024-02 2024-03", "late"]
)
def test_what_cannot_be_read_is_quoted_with_an_example(text: str) -> None:
    with pytest.raises(BacktestUsage, match="For example"):
        read_wish(text)


def test_an_analyst_is_sent_the_report_and_its_details(
    person: Person, services: Services
) -> None:
    company(services, [-3, 0, 0, 2, 4, 6, 14, 17, 20, 25, 28, 30])
    answer = analyst(person).types("/risk", f"backtest {WINDOW}")
    assert "comes to you directly" in said(answer)
    assert answer["response_type"] == "ephemeral"
    assert not owed(services), "it is made apart"

    assert make_backtests(services) == 1
    report, details = owed(services)
    assert report.channel == details.channel == person.slack_id
    assert details.thread_key == report.key
    kinds = [block["type"] for block in report.blocks]
    assert kinds.count("data_visualization") == 2
    assert kinds.count("table") == 1
    assert "60 customer-months of 12 customers" in str(report.blocks)
    assert "Calibration" in str(details.blocks)
    assert make_backtests(services) == 0


def test_it_is_read_in_chinese(person: Person, services: Services) -> None:
    company(services, [-3, 0, 0, 2, 4, 6, 14, 17, 20, 25, 28, 30])
    asked = analyst(person, reads="zh-CN").types("/risk", f"检验 {WINDOW}")
    assert "正在逐月回放历史" in said(asked)
    make_backtests(services)
    report, _ = owed(services)
    assert "个客户月" in report.text + str(report.blocks)
    assert "went bad" not in str(report.blocks)


def test_in_a_channel_only_where_our_own_people_read(
    person: Person, services: Services
) -> None:
    company(services, [-3, 0, 0, 2, 4, 6, 14, 17, 20, 25, 28, 30])
    analyst(person)
    person.slack.channels["C1"] = {"is_ext_shared": True}
    assert "cannot post" in said(person.types("/risk", f"backtest {WINDOW} here"))
    person.slack.channels["C1"] = {}
    assert "<#C1>" in said(person.types("/risk", f"backtest {WINDOW} here"))
    make_backtests(services)
    assert {message.channel for message in owed(services)} == {"C1"}


def test_sales_and_guests_may_not(person: Person, services: Services) -> None:
    company(services, [0, 20])
    assert "analysts" in said(person.types("/risk", "backtest"))
    analyst(person)
    person.slack.users["U2"] = {"is_restricted": True}
    boss = Person(person.app, person.slack, "UADMIN")
    boss.types("/risk", "role <@U2> +analyst")
    guest = Person(person.app, person.slack, "U2")
    assert "analysts" in said(guest.types("/risk", "backtest"))


def test_what_is_wrong_is_said_at_once_or_in_the_answer(
    person: Person, services: Services
) -> None:
    analyst(person)
    assert "no invoices" in said(person.types("/risk", "backtest"))
    company(services, [0, 5])
    assert "not known yet" in said(person.types("/risk", "backtest 2026-01 2026-02"))
    assert "1 to" in said(person.types("/risk", "backtest horizon 0"))
    person.types("/risk", f"backtest {WINDOW}")
    make_backtests(services)
    [told] = owed(services)
    assert "Too few outcomes" in told.text


def test_one_report_at_a_time_each(
    person: Person, services: Services, clock: Clock
) -> None:
    company(services, [-3, 0, 0, 2, 4, 6, 14, 17, 20, 25, 28, 30])
    analyst(person).types("/risk", f"backtest {WINDOW}")
    assert "not ready yet" in said(person.types("/risk", f"backtest {WINDOW}"))
    assert make_backtests(services) == 1


def test_a_desk_that_stops_leaves_the_report_to_the_next(
    person: Person, services: Services
) -> None:
    company(services, [-3, 0, 0, 2, 4, 6, 14, 17, 20, 25, 28, 30])
    analyst(person).types("/risk", f"backtest {WINDOW}")
    asked = iter([False, False, True])
    assert make_backtests(services, lambda: next(asked)) == 0
    with services.database.read() as session:
        job = session.exec(select(ReportJob)).one()
    assert (job.state, job.attempts) == ("waiting", 1)
    assert make_backtests(services) == 1
    assert len(owed(services)) == 2


def test_a_report_left_by_a_dead_replica_is_made_by_another(
    person: Person, services: Services, clock: Clock
) -> None:
    company(services, [-3, 0, 0, 2, 4, 6, 14, 17, 20, 25, 28, 30])
    analyst(person).types("/risk", f"backtest {WINDOW}")
    with services.database.write() as session:
        job = session.exec(select(ReportJob)).one()
        job.state, job.claimed_at = "working", clock.at
        session.add(job)
    assert make_backtests(services) == 0
    clock.at = clock.at.replace(hour=clock.at.hour + 2)
    assert make_backtests(services) == 1


WORST = Report(
    rows=12_000_000,
    events=1_200_000,
    customers=1_000_000,
    unscored=11,
    unscored_events=3,
    months=tuple(date(2015 + n // 12, n % 12 + 1, 28) for n in range(120)),
    rates=tuple(NAN if n % 50 == 0 else 0.123456 for n in range(120)),
    means=tuple(NAN if n % 50 == 0 else 612.7 for n in range(120)),
    auc=Interval(0.123456, 0.1, 0.2),
    gini=-0.75,
    ks=0.9,
    precision=1.0,
    bands=tuple(Band(n * 100, n * 100 + 99, 10**6, 10**5, 0.5) for n in range(10)),
    classes=tuple(ClassRate(c, 10**6, 10**5, NAN, 1.0) for c in "ABCDE"),
    psi=NAN,
    psi_by_chance=NAN,
    shifts=tuple(Shift("days_beyond_terms", 0.5) for _ in range(5)),
    baselines=tuple(
        Baseline(name, Interval(NAN if n else 0.5, NAN, NAN), 0, NAN)
        for n, name in enumerate(
            ("last_invoice_late", "days_overdue_now", "weighted_dbt", "altman_z")
        )
    ),
)
REPORT = BacktestReport(
    report=WORST,
    first=date(2015, 1, 31),
    last=date(2024, 12, 31),
    horizon=3650,
    late=3650,
    policy_version="9" * 60,
    ledger_ends=date(2025, 1, 1),
    left_out=("CHF", "EUR"),
    asked_by="U1",
)
SHARED = {f.name: getattr(REPORT, f.name) for f in fields(REPORT)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "message",
    [
        REPORT,
        replace(
            REPORT,
            report=replace(WORST, unscored=0, shifts=()),
            ledger_ends=None,
            left_out=(),
        ),
        BacktestBands(**SHARED),
        BacktestStarted(None),
        BacktestStarted("C1"),
        BacktestFailed("No.", {}),
    ],
)
def test_every_message_fits_what_slack_takes(
    message: BacktestReport, language: str, render: Renderer
) -> None:
    found = render(message, language)
    assert not check_blocks(found.blocks, "message")
    tables = [block for block in found.blocks if block["type"] == "table"]
    assert len(tables) <= 1, "Slack takes one table a message"
    assert not check_blocks(without_new_blocks(found.blocks), "message")
