"""Altman's family gives the published values, and a named reason where it cannot."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.altman import Accounts, NoScore, Reason, Zone, ZScore, from_ratios, z_score
from risk.financials import financial_facts, z_position
from risk.policy import Policy
from storage.policy_file import load_policy

D = Decimal
POLICY: Policy = load_policy().policy
HEALTHY = Accounts(
    total_assets=D(1000),
    total_liabilities=D(550),
    working_capital=D(200),
    retained_earnings=D(300),
    ebit=D(120),
    book_equity=D(450),
    market_equity=D(600),
    sales=D(1500),
)
DISTRESSED = Accounts(
    total_assets=D(1000),
    total_liabilities=D(950),
    working_capital=D(-150),
    retained_earnings=D(-200),
    ebit=D(-60),
    book_equity=D(50),
    sales=D(800),
)


def _z(model: str, accounts: Accounts) -> ZScore:
    found = z_score(model, POLICY.zscore[model], accounts)
    assert isinstance(found, ZScore)
    return found


def test_the_published_example_of_a_listed_manufacturer() -> None:
    accounts = Accounts(
        total_assets=D(620),
        total_liabilities=D(280),
        working_capital=D(90),
        retained_earnings=D(30),
        ebit=D(55),
        market_equity=D(100),
        sales=D(440),
    )
    found = _z("z", accounts)
    assert round(found.value, 4) == D("1.4586")
    assert found.zone is Zone.DISTRESS


def test_the_published_ratios() -> None:
    ratios = tuple(map(D, (".10", ".20", ".13", ".65", ".95")))
    assert from_ratios("z", POLICY.zscore["z"], ratios).value == D("2.1690")


def test_the_coefficients_are_the_policys() -> None:
    rules = POLICY.zscore["z"]
    rules = replace(rules, coefficients=(*rules.coefficients[:4], D("0.999")))
    accounts = Accounts(
        total_assets=D("3.5"),
        total_liabilities=D(5),
        working_capital=D("4.2"),
        retained_earnings=D("0.8"),
        ebit=D("6.5"),
        market_equity=D(7),
        sales=D("8.3"),
    )
    found = z_score("z", rules, accounts)
    assert isinstance(found, ZScore)
    assert round(found.value, 4) == D("11.0976")


@pytest.mark.parametrize(
    ("model", "value", "zone"),
    [
        ("z", "3.2105", Zone.SAFE),
        ("z1", "2.6110", Zone.GREY),
        ("z2", "3.9555", Zone.SAFE),
        ("em", "7.2055", Zone.SAFE),
    ],
)
def test_the_whole_family_on_a_healthy_firm(model: str, value: str, zone: Zone) -> None:
    found = _z(model, HEALTHY)
    assert round(found.value, 4) == D(value)
    assert found.zone is zone


def test_the_model_for_emerging_markets_is_z2_moved_up() -> None:
    general, moved = POLICY.zscore["z2"], POLICY.zscore["em"]
    assert moved.constant == D("3.25")
    assert moved.coefficients == general.coefficients
    assert moved.safe - general.safe == moved.distress - general.distress == D("3.25")
    assert _z("em", DISTRESSED).position == _z("z2", DISTRESSED).position


@pytest.mark.parametrize(
    ("model", "distress", "safe"),
    [("z", "1.81", "2.99"), ("z1", "1.23", "2.90"), ("z2", "1.10", "2.60")],
)
def test_zones_begin_and_end_where_the_source_says(
    model: str, distress: str, safe: str
) -> None:
    rules = POLICY.zscore[model]
    assert (rules.distress, rules.safe) == (D(distress), D(safe))
    flat = replace(rules, coefficients=(D(0),) * 5)
    zones = {
        value: from_ratios(model, replace(flat, constant=D(value)), (D(1),) * 5).zone
        for value in (distress, safe)
    }
    assert set(zones.values()) == {Zone.GREY}, "the ends themselves are grey"


@pytest.mark.parametrize(("model", "value"), [("z1", "0.3571"), ("z2", "-1.9839")])
def test_a_firm_in_distress(model: str, value: str) -> None:
    found = _z(model, DISTRESSED)
    assert round(found.value, 4) == D(value)
    assert found.zone is Zone.DISTRESS


@pytest.mark.parametrize(
    ("wrong", "reason", "item"),
    [
        ({"total_assets": D(0)}, Reason.ASSETS_NOT_POSITIVE, "total_assets"),
        ({"total_assets": D(-5)}, Reason.ASSETS_NOT_POSITIVE, "total_assets"),
        (
            {"total_liabilities": D(0)},
            Reason.LIABILITIES_NOT_POSITIVE,
            "total_liabilities",
        ),
        ({"ebit": None}, Reason.MISSING, "ebit"),
        ({"ebit": D("NaN")}, Reason.BEYOND_MEASURE, "ebit"),
        ({"sales": D("1e18")}, Reason.BEYOND_MEASURE, "sales"),
        ({"period_days": 0}, Reason.PERIOD_NOT_POSITIVE, "period_days"),
        (
            {"currencies": frozenset({"EUR", "USD"})},
            Reason.CURRENCIES_MIXED,
            "EUR, USD",
        ),
    ],
)
def test_an_impossible_statement_gives_a_reason_and_no_number(
    wrong: dict[str, D | int | frozenset[str] | None], reason: Reason, item: str
) -> None:
    accounts = replace(HEALTHY, **wrong)  # type: ignore[arg-type] # one field at a time
    found = z_score("z", POLICY.zscore["z"], accounts)
    assert found == NoScore("z", reason, item)


def _columns(accounts: Accounts) -> dict[str, np.ndarray]:
    given = {
        "total_assets": accounts.total_assets,
        "total_liabilities": accounts.total_liabilities,
        "current_assets": (accounts.working_capital or D(0)) + 100,
        "current_liabilities": D(100),
        "retained_earnings": accounts.retained_earnings,
        "ebit": accounts.ebit,
        "market_value": accounts.market_equity,
        "sales": accounts.sales,
        "net_income": D(80),
        "depreciation": D(30),
        "interest": D(40),
        "period_days": accounts.period_days,
    }
    return {
        name: np.array([np.nan if value is None else float(value)])
        for name, value in given.items()
    }


@pytest.mark.parametrize("model", ["z", "z1", "z2", "em"])
@pytest.mark.parametrize("days", [365, 183])
def test_columns_say_what_the_exact_arithmetic_says(model: str, days: int) -> None:
    accounts = replace(HEALTHY, period_days=days)
    exact = _z(model, accounts).position
    by_columns = z_position(_columns(accounts), POLICY.zscore[model])
    assert by_columns[0] == pytest.approx(float(exact))


def test_the_financial_facts_of_a_statement() -> None:
    before = _columns(HEALTHY) | {"net_income": np.array([50.0])}
    facts = financial_facts(_columns(HEALTHY), before, POLICY.zscore)
    assert facts["leverage"][0] == pytest.approx(0.55)
    assert facts["liquidity"][0] == pytest.approx(3.0)
    assert facts["profit"][0] == pytest.approx(0.08)
    assert facts["cash_flow"][0] == pytest.approx(110 / 550)
    assert facts["coverage"][0] == pytest.approx(3.0)
    assert facts["profit_trend"][0] == pytest.approx(0.03)


def test_cash_flow_is_the_best_that_is_known_of_it() -> None:
    given = _columns(HEALTHY)
    nothing = np.array([np.nan])
    told = given | {"operating_cash_flow": np.array([55.0])}
    plain = given | {"depreciation": nothing}
    none = plain | {"net_income": nothing}
    flows = [
        financial_facts(columns, None, POLICY.zscore)["cash_flow"][0]
        for columns in (told, given, plain, none)
    ]
    assert flows[:3] == pytest.approx([55 / 550, 110 / 550, 80 / 550])
    assert np.isnan(flows[3])


def test_a_listed_firm_without_market_value_is_taken_by_its_books() -> None:
    unlisted = _columns(HEALTHY) | {"market_value": np.array([np.nan])}
    facts = financial_facts(unlisted, None, POLICY.zscore, np.array([0]))
    assert facts["z_position"][0] == pytest.approx(float(_z("z1", HEALTHY).position))
    assert np.isnan(facts["profit_trend"][0])


@given(
    st.sampled_from(["total_assets", "total_liabilities"]),
    st.floats(max_value=0, allow_nan=False) | st.just(float("inf")) | st.just(1e18),
)
def test_impossible_figures_are_unknown_never_numbers(item: str, value: float) -> None:
    statement = _columns(HEALTHY) | {item: np.array([value])}
    facts = financial_facts(statement, None, POLICY.zscore)
    assert np.isnan(facts["z_position"][0])
    assert np.isnan(facts["leverage"][0])


def test_a_period_of_no_days_has_no_flows() -> None:
    statement = _columns(HEALTHY) | {"period_days": np.array([0.0])}
    facts = financial_facts(statement, None, POLICY.zscore)
    assert np.isnan(facts["profit"][0])
    assert facts["leverage"][0] == pytest.approx(0.55)
