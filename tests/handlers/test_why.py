"""Why a score is what it is: as of any day, since any day, as known then; the proof."""

from datetime import date, timedelta
from typing import Any

import pytest

from handlers.why_words import WhyWords, read_why
from storage.tables import CreditEvent, Note, Rating
from tests.conftest import NOW, Person
from tests.handlers.test_lookup import button, days, named, said
from tests.handlers.test_whatif import accounts, replies, words
from tests.workflows.ledger import invoice, pay
from workflows.services import Services

TODAY = NOW.date()
LEARNT = NOW - timedelta(days=3)


@pytest.fixture
def acme(services: Services) -> int:
    """Add Acme: 12 invoices paid on time, one 40 days overdue, all known at its time.

    An insolvency of 50 days ago was learnt three days ago.
    """
    with services.database.write() as session:
        whose = named(session, "1001", "Acme Trading Ltd")
        for month in range(12):
            due = days(TODAY, -30 * month - 45)
            known = NOW - timedelta(days=30 * month + 75)
            bill = invoice(session, whose, "1000", due, known, assumed=True)
            pay(session, bill, due, known)
        invoice(session, whose, "900", days(TODAY, -40), NOW, assumed=True)
        session.add(accounts(whose))
        about: dict[str, Any] = {"customer_id": whose, "source": "desk.csv"}
        session.add(
            CreditEvent(
                kind="suit", happened_on=days(TODAY, -50), known_at=LEARNT, **about
            )
        )
        session.add(
            Rating(
                agency="S&P",
                scale="sp",
                value="BB+",
                rated_on=days(TODAY, -20),
                known_at=LEARNT,
                **about,
            )
        )
        session.add(
            Rating(
                agency="Local",
                scale="local",
                value="7",
                rated_on=days(TODAY, -25),
                known_at=LEARNT,
                **about,
            )
        )
        session.add(
            Note(
                text="Owner is ill & away",
                author="ann",
                link="https://crm.example/n/1",
                noted_on=days(TODAY, -9),
                weight=4,
                known_at=LEARNT,
                **about,
            )
        )
    return whose


def explained(person: Person) -> dict[str, Any]:
    return person.clicks(button(person.types("/risk", "1001"), "customer_why"))


def control(answer: dict[str, Any], action: str, **chosen: str) -> dict[str, Any]:
    """Return the click on a control below an explanation."""
    [block] = [
        b
        for b in answer["blocks"]
        if b["type"] == "actions" and b["block_id"].startswith("why:")
    ]
    [element] = [e for e in block["elements"] if e["action_id"] == action]
    return {
        "type": element["type"],
        "action_id": action,
        "block_id": block["block_id"],
        **chosen,
    }


def moved(answer: dict[str, Any]) -> tuple[int, list[int]]:
    """Return the difference that is told, and the points that are to sum to it."""
    [text] = [
        b["text"]["text"]
        for b in answer["blocks"]
        if b["type"] == "section" and "*Since " in b.get("text", {}).get("text", "")
    ]
    first, *lines = text.splitlines()
    before, after = first.split(": ")[1].split(" · ")[0].split(" → ")
    points = [int(line.split()[1].replace("−", "-")) for line in lines if line]
    return int(after) - int(before), points


def test_the_proof_is_listed_with_its_day_source_and_link(
    person: Person, acme: int
) -> None:
    told = said(explained(person))
    assert "13 invoices, 1 of them open" in told
    assert "Accounts · Nov 24, 2025 · test" in told
    assert "S&amp;P BB+ · Feb 12, 2026 · desk.csv" in told
    assert "local 7 · Feb 7, 2026 · desk.csv · on no scale of the policy" in told
    assert "Suit · Jan 13, 2026 · desk.csv" in told
    assert "<https://crm.example/n/1|Owner is ill &amp; away>" in told


def test_what_moved_is_told_since_any_day_and_sums(person: Person, acme: int) -> None:
    why = explained(person)
    gap, points = moved(why)
    assert gap == sum(points)

    day = days(TODAY, -100).isoformat()
    again = person.clicks(
        control(why, "why_since", selected_date=day), container={"is_ephemeral": True}
    )

    assert again["replace_original"] is True
    assert "Since Nov 24, 2025" in said(again)
    gap, points = moved(again)
    assert gap == sum(points) < 0
    charts = [b for b in again["blocks"] if b["type"] == "data_visualization"]
    drawn = [p["value"] for p in charts[1]["chart"]["series"][0]["data"]]
    assert sum(drawn) == gap


def test_as_of_a_day_as_known_then_or_now(person: Person, acme: int) -> None:
    why = explained(person)
    day = days(TODAY, -10).isoformat()

    now = person.clicks(control(why, "why_on", selected_date=day))
    assert "As of Feb 22, 2026, compared with" in said(now)
    assert "Suit · Jan 13, 2026" in said(now)
    assert "What was learnt later counts too." in said(now)

    then = person.clicks(control(now, "why_known"))
    assert "As known on Feb 22, 2026." in said(then)
    assert "Suit" not in said(then)
    assert "BB+" not in said(then)

    again = person.clicks(control(then, "why_known"))
    assert "Suit · Jan 13, 2026" in said(again)


def test_days_that_make_no_sense_are_refused(person: Person, acme: int) -> None:
    why = explained(person)
    ahead = days(TODAY, 3).isoformat()
    told = said(person.clicks(control(why, "why_on", selected_date=ahead)))
    assert "Choose days up to today" in told
    told = said(person.clicks(control(why, "why_since", selected_date=ahead)))
    assert "Choose days up to today" in told


def test_an_earlier_day_is_held_to_a_month_before_it(person: Person, acme: int) -> None:
    early = days(TODAY, -60).isoformat()
    told = person.clicks(control(explained(person), "why_on", selected_date=early))
    assert "As of Jan 3, 2026, compared with Dec 4, 2025" in said(told)


def test_a_day_before_all_history_says_so(person: Person, acme: int) -> None:
    told = person.clicks(
        control(explained(person), "why_since", selected_date="2001-01-01")
    )
    assert "On Jan 1, 2001 too little was known for a score" in said(told)


def test_plain_words_ask_why_and_since_when(
    person: Person, acme: int, services: Services
) -> None:
    person.says("why did Acme's score change since 1 December?")
    told = words(replies(services)[-1])
    assert "Since Dec 1, 2025" in told
    lin = Person(person.app, person.slack, "ULIN").reads("zh-CN")
    lin.types("/risk", "acme")
    lin.says("为什么变了？")
    assert "*自 2026年2月2日 以来*" in words(replies(services)[-1])


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("why is Acme a C?", WhyWords("Acme", None)),
        ("why did it change since 2026-01-05", WhyWords("", date(2026, 1, 5))),
        (
            "Why did Acme Ltd's score fall since June?",
            WhyWords("Acme Ltd", date(2025, 6, 1)),
        ),
        ("why has Acme dropped since last month", WhyWords("Acme", days(TODAY, -30))),
        ("华为的评分从1月15日以来为什么下降了", WhyWords("华为", date(2026, 1, 15))),
        ("为什么华为变了", WhyWords("华为", None)),
        ("is Acme ok?", None),
        ("what about Whyte & Co", None),
    ],
)
def test_the_question_is_read(text: str, meant: WhyWords | None) -> None:
    assert read_why(text, TODAY) == meant
