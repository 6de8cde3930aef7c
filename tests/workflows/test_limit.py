"""A customer's limit: gathered from what is stored, every method side by side."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from storage.tables import Cover, Rating
from storage.trade_references import amount_of
from tests.workflows.ledger import invoice, limit
from tests.workflows.limits import ANN, SAM, accounts, company, group, named, rate
from workflows.finding import OursOnly
from workflows.gone import CustomerGone
from workflows.limit import limit_form, limit_of, limit_proposal
from workflows.services import Actor, Services

D = Decimal


@pytest.fixture
def acme(services: Services) -> int:
    return company(services)


def test_every_method_is_counted_from_what_is_stored(
    services: Services, acme: int
) -> None:
    view = limit_proposal(services, ANN, acme)

    assert {row.key: row.amount for row in view.rows} == {
        "net_worth": D(100_000),
        "working_capital": D(40_000),
        "monthly_sales": D(50_000),
        "references": None,
        "grade": D(300_000),
        "capacity": D(122_500),
        "median": D(75_000),
        "need": D(30_000),
        "cap": D(5_000_000),
    }
    made = view.proposal
    assert (made.amount, made.binding, made.need) == (D(30_000), "need", D(30_000))
    assert made.until == services.today() + timedelta(days=365)
    [binding] = [row.key for row in view.rows if row.binds]
    assert binding == "need"
    assert view.standing is None, "no row is unknown"
    assert (view.exposure, made.risk_class) == (D(40_000), "B")


def test_accounts_in_another_currency_and_period_are_scaled(services: Services) -> None:
    with services.database.write() as session:
        whose = named(session, services, "2", "Half Year SA")
        rate(session, services, "EUR", "1.25")
        half = {"currency": "EUR", "period_days": 73, "sales": D(100_000)}
        session.add(accounts(whose, services, equity=D(800_000), **half))

    rows = {row.key: row for row in limit_proposal(services, ANN, whose).rows}

    assert rows["net_worth"].figures == [D(1_000_000)], "equity as given, in USD"
    assert rows["grade"].figures == [D(1_000_000), D(625_000)], "73 days are a fifth"


@pytest.mark.parametrize(
    ("about", "fault", "lost"),
    [
        ({"total_assets": D(0)}, "assets", {"net_worth", "working_capital", "grade"}),
        (
            {"total_liabilities": D(-1)},
            "liabilities",
            {"net_worth", "working_capital", "grade"},
        ),
        ({"period_days": 0}, "period", {"monthly_sales", "grade"}),
        ({"sales": D(-5)}, "sales", {"monthly_sales", "grade"}),
        (
            {"currency": "CHF"},
            "rate",
            {"net_worth", "working_capital", "monthly_sales", "grade"},
        ),
    ],
)
def test_impossible_accounts_are_named_and_give_no_number(
    services: Services, about: dict[str, object], fault: str, lost: set[str]
) -> None:
    with services.database.write() as session:
        whose = named(session, services, "2", "Odd Accounts SA")
        session.add(accounts(whose, services, **about))

    view = limit_proposal(services, ANN, whose)

    assert view.accounts is not None
    assert list(view.accounts.faults) == [fault]
    assert {row.key for row in view.rows if row.amount is None} >= lost
    assert all(row.missing for row in view.rows if row.amount is None)


def test_accounts_that_end_in_the_future_are_not_used(services: Services) -> None:
    end = services.today() + timedelta(days=30)
    with services.database.write() as session:
        whose = named(session, services, "2", "Early Bird Ltd")
        session.add(accounts(whose, services, period_end=end))

    view = limit_proposal(services, ANN, whose)

    assert (view.accounts, view.later_accounts) == (None, end)
    assert view.proposal.binding == "nothing_known"


def test_trade_references_count_by_their_median(services: Services, acme: int) -> None:
    told = [
        ("trade_reference:Steel AG", "CHF 40000", 10),
        ("trade_reference:Steel AG", "CHF 90000", 200),
        ("trade_reference:Pumps Ltd", "20,000", 30),
        ("trade_reference:Tubes SA", "USD 60000", 30),
        ("trade_reference:Old & Co", "USD 999999", 541),
        ("trade_reference:Far Co", "XAU 5", 10),
        ("sp", "BBB", 10),
    ]
    with services.database.write() as session:
        rate(session, services, "CHF", "1.25")
        for scale, value, ago in told:
            rated_on = services.today() - timedelta(days=ago)
            session.add(
                Rating(
                    customer_id=acme,
                    agency="x",
                    scale=scale,
                    value=value,
                    rated_on=rated_on,
                    known_at=services.now(),
                    source="test",
                )
            )

    view = limit_proposal(services, ANN, acme)

    [row] = [row for row in view.rows if row.key == "references"]
    assert row.amount == D(50_000), "the median of 20, 50 and 60 thousand"
    assert view.without_rate == ("XAU",), "left out, and said to be"


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("EUR 40000", (D(40_000), "EUR")),
        ("40,000.50 usd", (D("40000.50"), "USD")),
        ("40000", (D(40_000), None)),
        ("-5", None),
        ("good", None),
        ("EUR USD 5", None),
        ("NaN", None),
        ("", None),
    ],
)
def test_a_reference_is_an_amount(
    value: str, read: tuple[D, str | None] | None
) -> None:
    assert amount_of(value) == read


def test_what_is_unknown_is_not_zero(services: Services) -> None:
    with services.database.write() as session:
        fresh = named(session, services, "2", "Fresh Start GmbH", terms_days=None)
        idle = named(session, services, "3", "Idle Inc")
        old = services.today() - timedelta(days=500)
        invoice(session, idle, "900", old, services.now())

    unknown = limit_proposal(services, ANN, fresh).proposal
    bought_nothing = limit_proposal(services, ANN, idle).proposal

    assert (unknown.amount, unknown.binding) == (None, "nothing_known")
    assert not unknown.class_known
    assert unknown.risk_class == services.policy.policy.check.class_if_unknown
    assert (bought_nothing.need, bought_nothing.amount) == (D(0), D(0))


def test_terms_come_from_invoices_where_none_are_agreed(services: Services) -> None:
    with services.database.write() as session:
        whose = named(session, services, "2", "No Terms Ltd", terms_days=None)
        now, today = services.now(), services.today()
        for number, days, amount in (("A", 20, "100"), ("B", 60, "300")):
            issued = today - timedelta(days=10)
            invoice(
                session,
                whose,
                amount,
                issued + timedelta(days=30),
                now,
                number=number,
            ).due_on = issued + timedelta(days=days)

    view = limit_proposal(services, ANN, whose)

    assert (view.terms_days, view.terms_agreed) == (50, False), "weighed by amount"


def test_a_group_counts_together_and_cover_pays_for_its_own(
    services: Services, acme: int
) -> None:
    now, today = services.now(), services.today()
    with services.database.write() as session:
        globex = group(session, "Globex")
        one = named(session, services, "2", "Globex North", group_id=globex)
        two = named(session, services, "3", "Globex South", group_id=globex)
        invoice(session, one, "1000", today + timedelta(days=9), now)
        invoice(session, two, "4900000", today + timedelta(days=9), now)
        limit(session, two, "5000000", now)
        session.add(accounts(one, services))
        session.add(
            Cover(
                customer_id=one,
                reference="C",
                kind="guarantee",
                currency="USD",
                amount=D(9_000),
                valid_from=date(2026, 1, 1),
                known_at=now,
                source="test",
            )
        )

    view = limit_proposal(services, ANN, one)

    assert view.group is not None
    assert (view.group.name, view.group.companies) == ("Globex", 2)
    assert (view.group.own, view.group.others) == (D(0), D(4_900_000))
    assert (view.group.limits, view.group.without_limit) == (D(5_000_000), 1)
    assert view.proposal.others == D(4_900_000)
    cap = view.rows[-1]
    assert (cap.key, cap.amount) == ("cap", D(100_000))


def test_the_limit_in_force_says_how_much_is_used(
    services: Services, acme: int
) -> None:
    with services.database.write() as session:
        limit(session, acme, "50000", services.now())

    standing = limit_proposal(services, ANN, acme).standing

    assert standing is not None
    assert (standing.used, standing.warning) == (D("0.8"), "critical")
    assert not standing.expired


def test_who_may_set_is_offered_it_and_others_may_ask(
    services: Services, acme: int
) -> None:
    assert limit_proposal(services, ANN, acme).may_set
    assert not limit_proposal(services, SAM, acme).may_set
    form = limit_form(services, ANN, acme)
    assert (form.alone, form.amount) == (D(50_000), "30000")
    assert list(form.currencies) == ["USD", "EUR"]
    assert limit_form(services, SAM, acme).alone is None


def test_a_name_finds_its_limit_and_guests_see_none(
    services: Services, acme: int
) -> None:
    assert limit_of(services, ANN, "acme trading").number == "1001"  # type: ignore[union-attr]
    with pytest.raises(OursOnly):
        limit_of(services, Actor("U1", guest=True), "acme trading")
    with pytest.raises(OursOnly):
        limit_form(services, Actor("U1", guest=True), acme)
    with pytest.raises(CustomerGone):
        limit_proposal(services, ANN, 424242)
