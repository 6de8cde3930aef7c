"""Credit limits: the domain reference's examples, and what binds a proposal."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from risk.limits import LimitFacts, propose
from risk.loss import expected_loss, sales_to_recover
from risk.policy.limit import LimitPolicy
from storage.policy_file import load_policy

D = Decimal
TODAY = date(2026, 3, 4)
POLICY: LimitPolicy = load_policy().policy.limit
GRADE_B = LimitFacts(
    risk_class="B",
    tangible_net_worth=D(80_000),
    turnover=D(700_000),
    sales_to_it=D(50_000) * 365 / 60,
    terms_days=60,
)


def test_grade_based_the_published_example() -> None:
    only_grade = replace(POLICY, aggregate="min", monthly_sales_share=D(1))
    found = propose(only_grade, GRADE_B, TODAY)
    assert found.method("grade").amount == D(28_000)
    assert found.need == D(50_000)
    assert found.amount == D(28_000)
    assert found.gap == D(22_000), "to be secured"
    assert found.binding == "aggregate"


def test_expected_loss_and_the_cost_of_a_bad_debt() -> None:
    assert expected_loss(D("0.02"), D("0.45"), D(1_000_000)) == D(9_000)
    assert sales_to_recover(D(28_000), D("0.04")) == D(700_000)


def test_every_method_side_by_side() -> None:
    facts = LimitFacts(
        risk_class="A",
        net_worth=D(1_000_000),
        tangible_net_worth=D(900_000),
        working_capital=D(400_000),
        turnover=D(6_000_000),
        sales_to_it=D(365_000),
        terms_days=30,
        references=[D(10_000), D(90_000), D(40_000)],
    )
    found = propose(POLICY, facts, TODAY)
    amounts = {m.key: m.amount for m in found.methods}
    assert amounts == {
        "net_worth": D(100_000),
        "working_capital": D(40_000),
        "monthly_sales": D(50_000),
        "references": D(40_000),
        "grade": D(450_000),
        "capacity": D(136_000),
        "need": D(30_000),
    }
    assert found.aggregate == D(50_000), "the median of the five"
    assert (found.amount, found.binding) == (D(30_000), "need")
    assert found.valid_until == TODAY + timedelta(days=365)


def test_what_is_not_known_is_named_and_never_nothing() -> None:
    found = propose(POLICY, LimitFacts("C", sales_to_it=D(36_500)), TODAY)
    assert {m.key: m.missing for m in found.methods} == {
        "net_worth": "net_worth",
        "working_capital": "working_capital",
        "monthly_sales": "monthly_sales",
        "references": "references",
        "grade": "net_worth",
        "capacity": "",
        "need": "terms",
    }
    assert found.amount is None
    assert found.binding == "nothing_known"


def test_a_need_alone_gives_a_proposal_by_its_class() -> None:
    facts = LimitFacts("C", sales_to_it=D(365_000), terms_days=30)
    found = propose(POLICY, facts, TODAY)
    assert (found.amount, found.binding) == (D(21_000), "need"), "× 0.7"
    assert found.gap == D(9_000)


def test_losses_and_class_e_give_a_limit_of_nothing() -> None:
    broke = LimitFacts("B", net_worth=D(-5), working_capital=D(-5))
    assert propose(POLICY, broke, TODAY).amount == 0
    last = LimitFacts("E", sales_to_it=D(365_000), terms_days=30)
    found = propose(POLICY, last, TODAY)
    assert (found.amount, found.binding) == (D(0), "class")


def test_the_cap_and_the_group_bind() -> None:
    rich = LimitFacts("A", net_worth=D(10**9))
    assert propose(POLICY, rich, TODAY).binding == "cap"
    assert propose(POLICY, rich, TODAY).amount == POLICY.most
    owed = replace(rich, group_exposure=POLICY.most - D(1_500))
    found = propose(POLICY, owed, TODAY)
    assert (found.amount, found.binding) == (D(1_000), "group"), "rounded down"
