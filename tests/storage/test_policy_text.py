"""A policy's text is rewritten in place: comments stay, and it says what it should."""

from dataclasses import replace

import pytest

from risk.policy import Measure, Policy
from storage.policy_file import load_policy, parse_policy, policy_diff
from storage.policy_text import CannotRewrite, rewritten, with_score_of

BASE = load_policy()

TEXT = """\
# above
name = "a # b"  # beside
[one]
list = [[1, 2],  # first
  [3, 4],
]
next = 1

[one.two]
x = 'it''s'
"""


def test_a_value_is_replaced_and_its_comment_stays() -> None:
    made = rewritten(TEXT, {("name",): 'c "d"'})
    assert 'name = "c \\"d\\""  # beside\n' in made
    assert made.replace('"c \\"d\\""', '"a # b"') == TEXT


def test_a_list_over_several_lines_is_replaced_whole() -> None:
    made = rewritten(TEXT, {("one", "list"): ((5.0, 0.5), (6.0, 1.0))})
    assert "list = [[5.0, 0.5], [6.0, 1.0]]\nnext = 1\n" in made


def test_a_new_key_goes_into_its_table() -> None:
    made = rewritten(TEXT, {("one", "new"): 7, ("one", "two", "y"): 0.5})
    assert "[one]\nnew = 7\n" in made
    assert "[one.two]\ny = 0.5\n" in made


def test_a_key_of_a_table_that_is_not_there_is_refused() -> None:
    with pytest.raises(CannotRewrite):
        rewritten(TEXT, {("three", "x"): 1})


def _candidate() -> Policy:
    """Return the default with ten points moved between two measures."""
    payment = BASE.policy.score.factors["payment"]
    measures = dict(payment.measures)
    curve = ((-8.02, 1.0), (0.5, 0.5), (16.3, 0.0))
    measures["days_beyond_terms"] = Measure(160, curve)
    measures["on_time_share"] = replace(measures["on_time_share"], points=70)
    factors = BASE.policy.score.factors | {
        "payment": replace(payment, measures=measures)
    }
    rules = replace(
        BASE.policy.score,
        factors=factors,
        odds_intercept=-4.1,
        odds_slope=1e-05,
        classes={"A": 700, "B": 600, "C": 400, "D": 300},
    )
    return replace(BASE.policy, version="next", score=rules)


def test_a_candidate_is_written_so_that_it_reads_as_itself() -> None:
    made = with_score_of(BASE, _candidate())
    assert parse_policy(made.text).policy == _candidate()
    assert {c.key for c in policy_diff(BASE.text, made.text)} == {
        "version",
        "score.odds_intercept",
        "score.odds_slope",
        *(f"score.classes.{letter}" for letter in "ABCD"),
        "score.factors.payment.measures.days_beyond_terms.points",
        "score.factors.payment.measures.days_beyond_terms.curve",
        "score.factors.payment.measures.on_time_share.points",
    }
    assert made.text.count("#") == BASE.text.count("#")


def test_a_file_laid_out_otherwise_is_refused_not_garbled() -> None:
    marked = "[score.factors.payment.measures.on_time_share]"
    assert marked in BASE.text
    old = BASE.text.index(marked)
    end = BASE.text.index("[score.factors.payment.measures.worst_late]")
    table = (
        "[score.factors.payment.measures]\n"
        "on_time_share = { points = 80, curve = [[0.0, 0.0], [1.0, 1.0]] }\n"
    )
    inline = parse_policy(BASE.text[:old] + table + BASE.text[end:])
    with pytest.raises(CannotRewrite, match="laid out"):
        with_score_of(inline, _candidate())
