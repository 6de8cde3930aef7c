"""People's own rules: what an expression gives, and what is said when it is wrong."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import cel
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from risk.monitor.expression import TEXT_FACTS, Failure, fire_own, read
from risk.monitor.expression.faults import ExpressionFault
from risk.monitor.expression.standard import standard
from risk.monitor.facts import WATCH_FACTS
from risk.policy.expressions import OwnRulePolicy

LIMITS = OwnRulePolicy()
FACTS = {
    "overdue": np.array([0.0, 1500.0, 2500.0, np.nan]),
    "utilisation": np.array([0.5, np.nan, 0.95, 0.95]),
    "orders": np.array([0.0, 2.0, 4.0, 1.0]),
}
TEXTS = {
    "region": np.array(["North", "South", None, "北京"], object),
    "class": np.array(["A", "D", "E", ""], object),
}


def fires(text: str) -> list[int]:
    """Return the rows for which an expression fires."""
    fired, _ = fire_own({"r": text}, FACTS, TEXTS, LIMITS)
    return [row for found in fired for row in found.rows.tolist()]


def failures(text: str, limits: OwnRulePolicy = LIMITS) -> dict[str, list[int]]:
    _, failed = fire_own({"r": text}, FACTS, TEXTS, limits)
    return {failure.reason: failure.rows.tolist() for failure in failed}


def fault(text: str) -> str:
    with pytest.raises(ExpressionFault) as wrong:
        read(text, FACTS, TEXTS, LIMITS.most_characters)
    return str(wrong.value)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("overdue > 1000", [1, 2]),
        ("overdue > 1000 && utilisation >= 0.95", [2]),
        ("overdue > 2000 || orders == 1", [2, 3]),
        ('class in ["D", "E"]', [1, 2]),
        ("orders in [0, 4]", [0, 2]),
        ("!(overdue > 1000)", [0]),
        ("overdue / 2 + 250 > 1000 && class != 'E'", []),
        ("orders > 3 ? utilisation > 0.9 : overdue == 0", [0, 2]),
        ('region.startsWith("N") || region.contains("京")', [0, 3]),
        ('region.endsWith("th")', [0, 1]),
        ("known(utilisation) && !known(overdue)", [3]),
        ("-orders < -3", [2]),
        ("overdue - orders * 500 > 400 && true", [1, 2]),
        ("overdue ＞ 1000 ＆＆ class == “D”", [1]),
        ("overdue >\n  1e3", [1, 2]),
    ],
)
def test_it_fires_where_the_condition_holds(text: str, rows: list[int]) -> None:
    assert fires(text) == rows


def test_an_unknown_fact_concerns_its_customers_and_only_where_it_decides() -> None:
    assert failures("utilisation > 0.9") == {"unknown:utilisation": [1]}
    both = "utilisation > 0.9 && overdue > 2000"
    assert failures(both) == {"unknown:overdue": [3]}, "1 is no more than 2000 anyway"
    assert failures("known(utilisation) && utilisation > 0.9") == {}
    assert failures('region == "North"') == {"unknown:region": [2]}
    assert failures('class == "A"') == {"unknown:class": [3]}


def test_division_by_zero_is_told_for_whom_it_happens() -> None:
    assert failures("100 / orders > 40") == {"division": [0]}
    assert fires("100 / orders > 40") == [1, 3]
    assert failures("orders > 0 && 100 / orders > 40") == {}


def test_one_that_fails_stops_no_other() -> None:
    rules = {"broken": "overdu > 1", "zero": "1 / orders > 9", "well": "orders > 3"}
    fired, failed = fire_own(rules, FACTS, TEXTS, LIMITS)

    assert [found.rule for found in fired] == ["well"]
    assert [(f.rule, f.whole) for f in failed] == [("broken", True), ("zero", False)]
    assert "Did you mean “overdue”?" in failed[0].reason


def test_what_takes_too_long_is_stopped_across_the_pieces_of_a_sweep() -> None:
    assert failures("overdue > 1", replace(LIMITS, most_seconds=1e-9)) == {
        "slow": [0, 1, 2, 3]
    }
    spent = {"r": LIMITS.most_seconds}
    fired, failed = fire_own({"r": "overdue > 1"}, FACTS, TEXTS, LIMITS, spent)
    assert (fired, [f.reason for f in failed]) == ([], ["slow"])
    assert spent["r"] >= LIMITS.most_seconds


def test_a_signal_carries_its_figures_and_how_far_it_is_beyond() -> None:
    text = "overdue > 1000 && orders >= 1 && utilisation < 2"
    fired, _ = fire_own({"r": text}, FACTS, TEXTS, LIMITS)

    assert fired[0].rows.tolist() == [2]
    assert fired[0].strength.tolist() == [4.0]
    figures = {name: of.tolist() for name, of in fired[0].evidence.items()}
    assert figures == {"overdue": [2500.0], "orders": [4.0], "utilisation": [0.95]}


def test_what_has_no_end_has_a_strength_that_can_be_kept() -> None:
    facts = {"utilisation": np.array([np.inf, 2.0])}
    fired, _ = fire_own({"r": "utilisation > 0.5"}, facts, {}, LIMITS)
    assert fired[0].strength.tolist() == [99.0, 4.0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Write a condition"),
        ("overdue > ", "Line 1, character 11: it ends here"),
        ("overdue = 1", "character 9: write “==” instead of “=”"),
        ("overdue > 1 AND orders > 1", "write “&&” instead of “AND”"),
        ("overdue ≥ 1", "write “>=” instead of “≥”"),
        ("overdue == null", "write “known(fact)” instead of “null”"),
        ("overdue > 1 && (orders > 1", "character 16: the bracket “(”"),
        ("overdue > 1) && orders > 1", "character 12: “)” does not belong here"),
        ("overdue\n&& class > 2", "Line 2, character 10: “>” needs numbers"),
        ("overdue", "must be true or false"),
        ("overdue && orders > 1", "“&&” joins conditions"),
        ("!overdue", "“!” joins conditions"),
        ("class == 4", "“==” compares like with like"),
        ("class == D", "there is no fact “D”"),
        ("Over_due > 1", "Did you mean “overdue”?"),
        ("'North == region", "no closing quote"),
        ("size(class) > 1", "“size” cannot be called so"),
        ("class.matches('a')", "“matches” cannot be called so"),
        ("overdue.startsWith('a')", "“startsWith” cannot be called so"),
        ("known(overdue > 1)", "“known” cannot be called so"),
        ("overdue in ['a']", "“in” needs a list"),
        ("overdue in [orders]", "“in” needs a list"),
        ("overdue > 1 ? true", "the “:” is missing"),
        ("overdue > $1", "“$” means nothing here"),
        ("overdue > 0x10", "means nothing here"),
        ("1 < 2", "names no fact"),
        ("(" * 31 + "overdue > 1" + ")" * 31, "more than 30 deep"),
        ("!" * 31 + "(overdue > 1)", "more than 30 deep"),
        ("orders+" * 160 + "1 > 2", "allowed. Split"),
        ("__import__('os').system('x')", "“__import__” cannot be called so"),
        ("overdue.__class__ == 1", "“__class__” cannot be called so"),
    ],
)
def test_what_is_wrong_says_where_and_what_to_write(text: str, says: str) -> None:
    assert says in fault(text)


def test_more_words_than_can_be_sound_are_refused_however_long_it_may_be() -> None:
    with pytest.raises(ExpressionFault, match="300 words"):
        read("orders+" * 160 + "1 > 2", FACTS, TEXTS, 5000)


def test_fuzz_gives_an_answer_or_a_fault_and_nothing_else() -> None:
    @given(
        st.text(
            st.sampled_from("overdue clas.s()[]'\"<>=!&|?:,+-*/1 2\n\\“北"), max_size=40
        )
    )
    def holds(text: str) -> None:
        with suppress(ExpressionFault):
            expression = read(text, FACTS, TEXTS, 500)
            fire_own({"r": expression.text}, FACTS, TEXTS, LIMITS)

    holds()


NUMBERS = st.sampled_from([0.0, 1.0, 2.5, -3.0, 1000.0])
WORDS = st.sampled_from(["North", "South", "", "a'b", 'q"', "京"])


def _conditions() -> st.SearchStrategy[str]:
    divisor = st.sampled_from(["overdue", "orders", "2.5", "-3.0"])
    number = st.recursive(
        st.sampled_from(["overdue", "orders"]) | NUMBERS.map(repr),
        lambda below: st.one_of(
            st.tuples(below, st.sampled_from("+-*"), below),
            st.tuples(below, st.just("/"), divisor),
        ).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        max_leaves=4,
    )
    word = st.sampled_from(["region", '"North"', "'South'", '"京"'])
    order = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
    method = st.sampled_from(["startsWith", "endsWith", "contains"])
    leaves = st.one_of(
        st.tuples(number, order, number).map(" ".join),
        st.tuples(word, st.sampled_from(["==", "!="]), word).map(" ".join),
        st.tuples(word, method, word).map(lambda t: f"{t[0]}.{t[1]}({t[2]})"),
        number.map(lambda n: f"{n} in [1.0, -3, 1000]"),
        st.sampled_from(["known(overdue)", "known(region)", "true", "false"]),
    )
    return st.recursive(
        leaves,
        lambda below: st.one_of(
            st.tuples(below, st.sampled_from(["&&", "||"]), below).map(
                lambda t: f"({t[0]} {t[1]} {t[2]})"
            ),
            below.map(lambda c: f"!({c})"),
            st.tuples(below, below, below).map(lambda t: "({} ? {} : {})".format(*t)),
        ),
        max_leaves=6,
    )


def _by_library(text: str, known: Mapping[str, Any]) -> bool | None:
    """Return what CEL's library answers; None: it cannot."""
    try:
        answer = cel.evaluate(text, dict(known))
    except (TypeError, RuntimeError, ValueError):
        return None
    assert isinstance(answer, bool)
    return answer


@given(
    _conditions(),
    st.fixed_dictionaries(
        {
            "overdue": NUMBERS | st.none(),
            "orders": NUMBERS | st.none(),
            "region": WORDS | st.none(),
        }
    ),
)
def test_it_answers_as_the_library_does(text: str, row: dict[str, Any]) -> None:
    # CEL's number for ÷ 0 is no figure to us: such a rule is not decided.
    assume(not any(f"/ {name})" in text and n == 0 for name, n in row.items()))
    known = {name: value for name, value in row.items() if value not in {None, ""}}
    facts = {n: np.array([known.get(n, np.nan)]) for n in ("overdue", "orders")}
    texts = {"region": np.array([known.get("region")], object)}
    try:
        expression = read(text, facts, texts, 5000)
    except ExpressionFault as wrong:
        assume(False)
        raise AssertionError from wrong
    fired, failed = fire_own(
        {"r": text}, facts, texts, replace(LIMITS, most_characters=5000)
    )
    assume(not any(f.reason == "overflow" for f in failed))

    ours = None if failed else bool(fired)
    assert ours == _by_library(standard(expression.root, known), known)


def test_a_failure_of_some_is_not_one_of_the_rule() -> None:
    assert not Failure("r", "unknown:overdue", np.array([1])).whole
    assert Failure("r", "slow", np.array([1])).whole


def test_the_manual_names_every_fact_with_what_it_is() -> None:
    manual = (Path(__file__).parents[2] / "docs/rules.md").read_text(encoding="utf-8")
    for name, doc in WATCH_FACTS.items():
        if name not in TEXT_FACTS:
            assert re.search(
                rf"\| `{name}` \| [^|]+ \| {re.escape(doc.about)} \|", manual
            )
    for name in TEXT_FACTS:
        assert f"| `{name}` | text |" in manual
