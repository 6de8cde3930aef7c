"""“What if” in Slack: a command, plain words, buttons; and nothing is stored."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select

from storage.tables import OutboxMessage, Statement, Viewing
from tests.conftest import NOW, Clock, Person
from tests.handlers.test_lookup import button, days, named, said
from tests.workflows.ledger import invoice, limit, paid_all
from workflows.services import Services

TODAY = NOW.date()


@pytest.fixture
def acme(services: Services) -> int:
    """Add Acme: paid 12 invoices on time; 2 are open, of which one is long overdue."""
    with services.database.write() as session:
        whose = named(session, "1001", "Acme Trading Ltd", owner="ann", region="EMEA")
        dues = [days(TODAY, -30 * month - 35) for month in range(12)]
        paid_all(session, whose, "1000", dues, NOW, late=2)
        invoice(session, whose, "2500", days(TODAY, -61), NOW)
        invoice(session, whose, "1500", days(TODAY, 12), NOW)
        limit(session, whose, "10000", NOW)
        session.add(accounts(whose))
    return whose


def accounts(whose: int) -> Statement:
    return Statement(
        customer_id=whose,
        period_end=days(TODAY, -100),
        currency="USD",
        known_at=NOW,
        source="test",
        total_assets=Decimal(1000),
        current_assets=Decimal(500),
        current_liabilities=Decimal(300),
        total_liabilities=Decimal(550),
        retained_earnings=Decimal(200),
        sales=Decimal(1500),
        ebit=Decimal(90),
        net_income=Decimal(50),
        operating_cash_flow=Decimal(70),
    )


def replies(services: Services) -> list[OutboxMessage]:
    with services.database.read() as session:
        asked = select(OutboxMessage).order_by(OutboxMessage.id)  # type: ignore[arg-type] # a column
        return list(session.exec(asked))


def words(message: OutboxMessage) -> str:
    return message.text + json.dumps(message.blocks, ensure_ascii=False)


def cells(answer: dict[str, Any]) -> list[list[str]]:
    [table] = [block for block in answer["blocks"] if block["type"] == "table"]
    return [[cell["text"] for cell in row] for row in table["rows"]]


def test_a_command_says_what_a_payment_would_do(person: Person, acme: int) -> None:
    answer = person.types("/risk", "whatif acme pays the oldest invoice")

    told = said(answer)
    assert answer["response_type"] == "ephemeral"
    assert "if the oldest invoice is paid (USD 2,500)" in told
    assert "USD 4,000 → USD 1,500" in told, "exposure"
    assert "USD 2,500 → USD 0" in told, "overdue"
    assert "USD 6,000 → USD 8,500" in told, "headroom"
    assert "nothing was stored" in told
    rows = {row[0]: row[1:] for row in cells(answer)}
    assert rows["Oldest material item overdue"][:2] == ["61 d", "0 d"]
    moved = sum(int(row[2].replace("−", "-")) for row in list(rows.values())[1:])
    before, after = answer["text"].split("? ")[1].split(",")[0].split(" → ")
    assert int(after) - int(before) == moved, "the points sum to the difference"
    assert "D → " in answer["text"]


def test_nothing_is_stored(person: Person, acme: int, services: Services) -> None:
    person.types("/risk", "acme")
    before = everything(services)
    for text in (
        "whatif acme pays everything and goes bankrupt",
        "whatif acme ships 5000",
        "whatif acme limit is 1",
        "what would make acme a B",
    ):
        assert "Acme" in said(person.types("/risk", text))
    assert everything(services) == before


def everything(services: Services) -> dict[str, list[str]]:
    """Return all rows of all tables, but for who looked at what when."""
    kept = {}
    with services.database.read() as session:
        for name, table in SQLModel.metadata.tables.items():
            if name != Viewing.__tablename__:
                kept[name] = rows_of(session, table)
    return kept


def rows_of(session: Session, table: Any) -> list[str]:
    return sorted(repr(row) for row in session.connection().execute(select(table)))


def test_they_are_whom_one_looked_at_last(
    person: Person, acme: int, services: Services, clock: Clock
) -> None:
    person.says("if they pay the oldest invoice")
    assert "Say whom you mean" in words(replies(services)[-1])

    person.types("/risk", "acme")
    person.says("if they pay the oldest invoice")
    assert "if the oldest invoice is paid" in words(replies(services)[-1])

    with services.database.write() as session:
        whose = named(session, "7", "Borealis AB")
        invoice(session, whose, "100", days(TODAY, -3), NOW)
    clock.at += timedelta(minutes=1)
    person.says("what if Borealis pays everything")
    clock.at += timedelta(minutes=1)
    person.says("if they pay 50")
    told = words(replies(services)[-1])
    assert "Borealis AB" in told
    assert "USD 50.00 is paid, the oldest first" in told


def test_accounts_are_supposed_in_chinese(
    person: Person, acme: int, services: Services
) -> None:
    person.reads("zh-CN").types("/risk", "acme")
    person.says("如果营业额下降30%")
    told = words(replies(services)[-1])
    assert "假如营业额下降 30%" in told
    assert "利润和现金流按现有利润率随营业额变动" in told
    answer = person.types("/risk", "假如 acme 付清所有逾期货款")
    assert "假如付清全部逾期款（1 张发票，USD 2,500）" in said(answer)


def test_a_mention_is_answered_for_the_asker_alone(
    person: Person, acme: int, services: Services
) -> None:
    person.event("app_mention", text="<@UBOT> what if Acme gets sued")
    reply = replies(services)[-1]
    assert reply.user == "U1"
    assert "they are sued over a claim" in words(reply)


def test_an_order_is_checked_before_and_after(person: Person, acme: int) -> None:
    told = said(
        person.types("/risk", "whatif acme pays all overdue and we ship 900 on 30 days")
    )
    assert "May it be shipped?" in told
    assert "have it all paid before shipping → yes, if: have USD 450 (50%)" in told


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("acme pays 50 ZZZ", "I did not understand"),
        ("acme pays 5 EUR", "There is no exchange rate for EUR"),
        ("acme profit falls 900%", "beyond all measure"),
        ("acme pays nothing for 9999 days", "beyond all measure"),
        ("acme pays the next 200 invoices on time", "too far ahead"),
        ("acme pays 999999999999999999", "beyond all measure"),
        ("acme is rated DDD", "is on no rating scale"),
        ("zzzzqqq pays everything", "No customer is called anything like"),
    ],
)
def test_what_cannot_be_supposed_is_refused_by_name(
    person: Person, acme: int, text: str, why: str
) -> None:
    assert why in said(person.types("/risk", f"whatif {text}"))


def test_what_is_not_understood_gets_the_list(
    person: Person, acme: int, services: Services
) -> None:
    person.says("what if it rains on Sunday?")
    told = words(replies(services)[-1])
    assert "I did not understand" in told
    assert "what if they pay the next 6 invoices on time" in told


def test_a_customer_called_if_is_found(person: Person, services: Services) -> None:
    with services.database.write() as session:
        named(session, "9", "If Insurance AB")
    assert "If Insurance AB" in said(person.types("/risk", "if insurance"))
    person.says("if insurance ab")
    assert "If Insurance AB (9)" in words(replies(services)[-1])


def test_several_alike_are_chosen_from(
    person: Person, acme: int, services: Services
) -> None:
    with services.database.write() as session:
        for number in ("11", "12"):
            whose = named(session, number, "Delta Foods Ltd", region=number)
            invoice(session, whose, "100", days(TODAY, -3), NOW)
    choices = person.types("/risk", "whatif delta foods pays everything")
    assert "Which one do you mean" in said(choices)
    told = person.clicks(button(choices, "whatif_chosen"))
    assert told["replace_original"] is True
    assert "all that is open is paid (1 invoice, USD 100)" in said(told)


def test_the_card_says_what_would_make_it_better(person: Person, acme: int) -> None:
    card = person.types("/risk", "acme")
    found = button(card, "way_up")
    assert found["text"]["text"] == "What would make this a C?"

    told = person.clicks(found)

    assert "*1.* the oldest invoice is paid (USD 2,500) → *" in said(told)
    assert "with a little less of it the class is not reached" in said(told)


def test_nothing_feasible_is_said_plainly(
    person: Person, acme: int, services: Services
) -> None:
    person.types("/risk", "acme")
    person.says("what would make Acme an A?")
    told = words(replies(services)[-1])
    assert "What would make Acme Trading Ltd an A?" in told


def test_too_little_known_gives_no_way(person: Person, services: Services) -> None:
    with services.database.write() as session:
        named(session, "7", "Fresh Start GmbH")
    told = said(person.types("/risk", "what would make Fresh Start GmbH a B"))
    assert "There is no class yet" in told


def test_guests_hear_nothing(person: Person, acme: int) -> None:
    person.slack.users["U1"] = {"is_restricted": True}
    told = said(person.types("/risk", "whatif acme pays everything"))
    assert "for our own people" in told
