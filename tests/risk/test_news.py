"""Events, notes, promises and outside ratings become facts; the future is unknown."""

from datetime import date

import numpy as np
import pytest

from risk.news import (
    News,
    Ratings,
    defaulted,
    event_facts,
    note_facts,
    rating_facts,
    worth_of,
)
from storage.policy_file import load_policy

POLICY = load_policy().policy
RULES = POLICY.score
TODAY = date(2026, 3, 4).toordinal()


def news(*rows: tuple[int, int, str, float, int]) -> News:
    """Return (customer, days ago, kind, weight, half-life) rows as columns."""
    return News(
        np.array([r[0] for r in rows], np.int64),
        np.array([TODAY - r[1] for r in rows], np.int64),
        [r[2] for r in rows],
        np.array([r[3] for r in rows], np.float64),
        np.array([r[4] for r in rows], np.float64),
    )


def events(*rows: tuple[int, int, str]) -> News:
    """Return (customer, days ago, kind) rows as events."""
    return news(*((*row, 0.0, 1) for row in rows))


def ratings(*rows: tuple[int, str, str]) -> Ratings:
    """Return (days ago, scale, value) rows of one customer as ratings."""
    return Ratings(
        np.zeros(len(rows), np.int64),
        np.array([TODAY - r[0] for r in rows], np.int64),
        [r[1] for r in rows],
        [r[2] for r in rows],
    )


@pytest.mark.parametrize(
    ("kind", "severity"),
    [("insolvency", 1.0), ("default", 1.0), ("write_off", 0.8), ("suit", 0.5)],
)
def test_each_kind_of_event_is_as_grave_as_the_policy_says(
    kind: str, severity: float
) -> None:
    assert event_facts(events((0, 0, kind)), 1, TODAY, RULES)["credit_events"] == [
        severity
    ]


def test_events_fade_and_the_worst_of_today_counts() -> None:
    told = events((0, 730, "default"), (0, 0, "hold"), (1, 1460, "suit"))
    found = event_facts(told, 3, TODAY, RULES)["credit_events"]
    assert found[0] == pytest.approx(0.5), "a default half as grave, not the hold"
    assert found[1] == pytest.approx(0.125)
    assert np.isnan(found[2]), "that nobody told us proves nothing"


def test_what_happens_tomorrow_is_not_known_and_a_kind_not_listed_is_nothing() -> None:
    found = event_facts(
        events((0, -1, "insolvency"), (1, 0, "gossip")), 2, TODAY, RULES
    )
    assert np.isnan(found["credit_events"][0])
    assert np.isnan(found["insolvent"]).all()
    assert found["credit_events"][1] == 0


def test_a_default_told_by_others_lasts_a_probation() -> None:
    told = events((0, 89, "default"), (1, 90, "default"), (2, 0, "suit"))
    found = defaulted(told, 3, TODAY, RULES)
    assert found[0] == 1
    assert np.isnan(found[1:]).all()


def test_notes_weigh_less_with_their_own_half_life() -> None:
    told = news((0, 30, "rumour", 8.0, 30), (0, 0, "rumour", 1.0, 30))
    assert note_facts(told, 1, TODAY)["notes"][0] == pytest.approx(5.0)
    nothing = note_facts(news((0, 0, "visit", 0.0, 30)), 1, TODAY)
    assert np.isnan(nothing["notes"][0])


def test_broken_promises_are_a_share_of_last_years() -> None:
    told = news(
        (0, 10, "promise_broken", 0, 1),
        (0, 20, "promise_kept", 0, 1),
        (0, 366, "promise_broken", 0, 1),
        (1, 5, "promise_kept", 0, 1),
        (2, 5, "visit", 0, 1),
    )
    found = note_facts(told, 3, TODAY)["broken_promises"]
    assert found[:2].tolist() == [0.5, 0.0]
    assert np.isnan(found[2])


@pytest.mark.parametrize(
    ("scale", "value", "worth"),
    [
        ("creditsafe", "100", 1.0),
        ("creditsafe", "71", 0.9),
        ("creditsafe", "51", 0.65),
        ("creditsafe", "30", 0.35),
        ("creditsafe", "21", 0.15),
        ("creditsafe", "0", 0.0),
        ("creditsafe_band", "E", 0.0),
        ("dnb_failure_percentile", "85", 0.85),
        ("dnb_failure_percentile", "10", 0.2),
        ("dnb_failure_class", "1", 1.0),
        ("dnb_failure_class", "5", 0.0),
        ("dnb_failure_score", "1001", 0.0),
        ("dnb_failure_score", "1875", 1.0),
        ("dnb_delinquency", "101", 0.0),
        ("dnb_delinquency", "670", 1.0),
        ("dnb_viability", "1", 1.0),
        ("dnb_viability", "9", 0.0),
        ("paydex", "80", 0.85),
        ("creditreform", "100", 1.0),
        ("creditreform", "500", 0.0),
        ("sp", "BBB-", 0.68),
        ("moodys", "Caa1", 0.1),
    ],
)
def test_each_scale_has_its_direction_and_table(
    scale: str, value: str, worth: float
) -> None:
    found = worth_of(POLICY.scales[scale], value)
    assert found == pytest.approx(worth, abs=0.01)


@pytest.mark.parametrize(
    ("scale", "value"),
    [("creditsafe", "101"), ("creditsafe", "-1"), ("sp", "AAAA"), ("paydex", "good")],
)
def test_a_value_that_its_scale_does_not_know_is_no_rating(
    scale: str, value: str
) -> None:
    assert worth_of(POLICY.scales[scale], value) is None
    found = rating_facts(ratings((0, scale, value)), 1, TODAY, POLICY.scales)
    assert np.isnan(found["rating"][0])


def test_scales_are_never_averaged_the_worst_fresh_one_counts() -> None:
    told = ratings((5, "sp", "AAA"), (10, "creditsafe", "21"), (600, "sp", "D"))
    found = rating_facts(told, 1, TODAY, POLICY.scales)
    assert found["rating"][0] == pytest.approx(0.15)
    assert found["rating_age_days"][0] == 10


def test_a_rating_of_tomorrow_or_of_a_scale_nobody_knows_does_not_count() -> None:
    told = ratings((-1, "sp", "AAA"), (0, "astrology", "Leo"))
    assert np.isnan(rating_facts(told, 1, TODAY, POLICY.scales)["rating"][0])
