"""Validation figures, scaling and losses give the published values."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.logistic import fit_logistic, fit_with_signs
from risk.loss import (
    US_BANDS_2010,
    concentration,
    expected_loss,
    herfindahl,
    loss_rates,
    provision,
    sales_to_recover,
)
from risk.scorecard import Scaling, fit_scorecard
from risk.validation import (
    auc,
    auc_interval,
    calibration,
    gini,
    ks,
    precision_at_top,
    psi,
    psi_meaning,
    psi_of_scores,
)
from risk.woe import monotone_bins, weights_of

D = Decimal
GOODS, BADS = [5, 15, 30, 50, 100], [20, 12, 8, 6, 4]
SAFETY = np.repeat(np.arange(5.0), np.add(GOODS, BADS))
BAD = np.concatenate(
    [np.arange(g + b) < b for g, b in zip(GOODS, BADS, strict=True)]
).astype(np.bool_)


def test_ks_auc_and_gini_of_the_worked_example() -> None:
    assert ks(SAFETY, BAD) == pytest.approx(0.55)
    assert auc(SAFETY, BAD) == pytest.approx(0.847)
    assert gini(SAFETY, BAD) == pytest.approx(0.694)


def test_psi_of_the_worked_example() -> None:
    expected = np.array([0.10, 0.20, 0.40, 0.20, 0.10])
    actual = np.array([0.08, 0.15, 0.35, 0.25, 0.17])
    value = psi(expected, actual)
    assert value == pytest.approx(0.073825, abs=5e-7)
    assert psi_meaning(value) == "stable"
    assert [psi_meaning(v) for v in (0.1, 0.25, 0.26)] == ["watch", "watch", "shifted"]


def test_an_empty_bin_does_not_break_the_index() -> None:
    assert np.isfinite(psi(np.array([1.0, 0.0]), np.array([0.5, 0.5])))


def test_the_index_of_scores_sees_a_shift() -> None:
    scores = np.arange(1000.0)
    assert psi_of_scores(scores, scores) == pytest.approx(0)
    assert psi_of_scores(scores, scores + 400) > 0.25


def test_one_kind_of_outcome_says_nothing() -> None:
    alike = np.zeros(5, np.bool_)
    assert np.isnan(auc(np.arange(5.0), alike))
    assert np.isnan(ks(np.arange(5.0), alike))
    assert np.isnan(auc_interval(np.arange(5.0), alike, np.arange(5)).low)


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=2, max_size=60))
def test_auc_is_the_share_of_pairs_told_apart(rows: list[tuple[int, bool]]) -> None:
    safety = np.array([float(s) for s, _ in rows])
    bad = np.array([b for _, b in rows])
    pairs = [
        1.0 if g > b else 0.5 if g == b else 0.0
        for g in safety[~bad]
        for b in safety[bad]
    ]
    found = auc(safety, bad)
    assert np.isnan(found) if not pairs else found == pytest.approx(np.mean(pairs))


def test_an_interval_holds_its_figure_and_is_wider_over_fewer_customers() -> None:
    rng = np.random.default_rng(1)
    order = rng.permutation(len(BAD))
    each = auc_interval(SAFETY[order], BAD[order], np.arange(len(BAD)))
    few = auc_interval(SAFETY[order], BAD[order], np.arange(len(BAD)) % 20)
    assert each.low < each.value < each.high
    assert few.low < few.value < few.high


def test_precision_among_the_riskiest_tenth_shares_ties() -> None:
    safety = np.array([0, 0, 1, 1, 1, 1, 1, 1, 1, 1], np.float64)
    bad = np.array([True, False] + [False] * 8)
    assert precision_at_top(safety, bad) == pytest.approx(0.5)
    assert precision_at_top(np.arange(10.0), bad) == pytest.approx(1.0)


def test_calibration_counts_everybody_once_riskiest_first() -> None:
    bands = calibration(SAFETY, BAD, np.full(len(BAD), 0.2))
    assert sum(b.count for b in bands) == len(BAD)
    assert sum(b.bad for b in bands) == BAD.sum()
    assert bands[0].bad / bands[0].count > bands[-1].bad / bands[-1].count
    assert all(b.expected == pytest.approx(0.2) for b in bands)


def test_scaling_as_published() -> None:
    scaling = Scaling(target=600, odds=50, pdo=20)
    assert scaling.factor == pytest.approx(28.8539, abs=5e-5)
    assert scaling.offset == pytest.approx(487.1229, abs=5e-5)
    assert scaling.chance(600) == pytest.approx(0.01961, abs=5e-6)
    assert scaling.chance(580) == pytest.approx(0.03846, abs=5e-6)
    assert scaling.chance(500) == pytest.approx(0.3902, abs=5e-5)
    assert scaling.score(19) == pytest.approx(572.08, abs=5e-3)
    assert scaling.score_of(0.2) == pytest.approx(527.13, abs=0.01)


def test_points_of_attributes_sum_to_the_score_of_their_odds() -> None:
    scaling, slopes, weights = Scaling(), [0.8, 1.1], [0.4, -0.7]
    odds = np.exp(2.0 + np.dot(slopes, weights))
    points = [
        scaling.points(w, b, 2.0, 2) for w, b in zip(weights, slopes, strict=True)
    ]
    assert sum(points) == pytest.approx(scaling.score(float(odds)))


def test_weight_of_evidence_is_the_log_of_shares() -> None:
    good, bad = np.array([900.0, 100.0]), np.array([50.0, 50.0])
    assert weights_of(good, bad)[0] == pytest.approx(np.log(0.9 / 0.5), abs=0.02)


@given(st.integers(0, 2**32 - 1), st.sampled_from([1.0, -1.0]))
def test_bins_are_monotone_and_point_the_right_way(seed: int, sign: float) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=400)
    bad = rng.random(400) < 1 / (1 + np.exp(1 + 2 * sign * values))
    bins = monotone_bins(values, bad)
    assert (np.diff(bins.weights) * sign >= 0).all()
    assert bins.weigh(np.array([np.nan]))[0] == bins.missing


def test_the_fit_finds_the_slopes_that_made_the_data() -> None:
    rng = np.random.default_rng(1)
    columns = rng.normal(size=(20_000, 2))
    odds = 1.5 + columns @ np.array([1.0, 0.5])
    bad = rng.random(20_000) > 1 / (1 + np.exp(-odds))
    fit = fit_logistic(columns, bad)
    assert fit.intercept == pytest.approx(1.5, abs=0.08)
    assert fit.slopes == pytest.approx([1.0, 0.5], abs=0.08)
    turned = fit_with_signs(columns * [1, -1], bad)
    assert turned.slopes[1] == 0


def test_a_scorecard_scores_others_and_leaves_noise_out() -> None:
    rng = np.random.default_rng(2)
    figure, noise = rng.normal(size=2000), rng.normal(size=2000)
    kind = rng.choice(["shop", "mill"], 2000)
    odds = 1 + 1.5 * figure + np.where(kind == "mill", 1.0, 0.0)
    bad = rng.random(2000) > 1 / (1 + np.exp(-odds))
    columns = {"figure": figure, "kind": kind, "always": np.full(2000, "same")}
    card = fit_scorecard(columns, bad)
    assert set(card.weights) == {"figure", "kind"}
    others = card.log_odds(
        {
            "figure": np.array([-2.0, 2.0, 2.0, np.nan]),
            "kind": np.array(["shop", "shop", "mill", "never seen"]),
        }
    )
    assert others[0] < others[1] < others[2]
    assert np.isfinite(others[3])
    with pytest.raises(ValueError, match="one kind"):
        fit_scorecard({"noise": noise}, np.zeros(2000, np.bool_))


def test_losses_as_published() -> None:
    assert expected_loss(D("0.02"), D("0.45"), D(1_000_000)) == D(9000)
    assert sales_to_recover(D(28_000), D("0.04")) == D(700_000)
    assert sales_to_recover(D(28_000), D(0)) is None


def test_the_provision_matrix_of_ifrs_9() -> None:
    millions = ["15", "7.5", "4", "2.5", "1"]
    rates = ["0.003", "0.016", "0.036", "0.066", "0.106"]
    matrix = [(D(m) * 1_000_000, D(r)) for m, r in zip(millions, rates, strict=True)]
    assert provision(matrix) == D(580_000)


def test_the_roll_rates_of_the_worked_example() -> None:
    rates = loss_rates(D(100_000), [D(50_000), D(23_000), D(8_000)], D(2_000))
    assert [round(r, 6) for r in rates] == [
        D("0.02"),
        D("0.04"),
        D("0.086957"),
        D("0.25"),
        D(1),
    ]
    amounts = map(D, (300_000, 140_000, 60_000, 23_000, 5_000))
    found = provision(zip(amounts, rates, strict=True))
    assert round(found, 2) == D("27567.39")


def test_concentration() -> None:
    assert herfindahl(map(D, (30, 30, 20, 20))) == D(2600)
    assert herfindahl(map(D, (70, 30))) == D(5800)
    assert herfindahl([]) is None
    assert concentration(D(2600)) == concentration(D(2600), US_BANDS_2010) == "high"
    assert concentration(D(1600)) == "moderate"
    assert concentration(D(1499), US_BANDS_2010) == concentration(D(999)) == "low"
    assert concentration(D(1000)) == concentration(D(1800)) == "moderate"
