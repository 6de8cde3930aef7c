"""A candidate is learnt from our own outcomes, held to others, and run in shadow."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest

from risk.backtest import Question
from storage.policy_file import parse_policy
from tests.workflows.test_backtest import company
from workflows.backtest import HorizonNotOver
from workflows.calibrate import TooFewToLearn, TrialTooEarly, Windows, fit
from workflows.services import Services
from workflows.shadow import shadow

ASKED = Question()
LEARN = Windows(date(2024, 6, 1), date(2024, 12, 31))


def _firm(services: Services) -> list[int]:
    """Add 40 customers, some of whom pay ever so late."""
    chance = Random(3)
    lates = [chance.choice([-5, 0, 1, 3, 6, 9, 13, 15, 18, 24]) for _ in range(40)]
    return company(services, lates, months=20)


def test_a_candidate_is_learnt_tested_and_held_side_by_side(
    services: Services,
) -> None:
    ids = _firm(services)
    when = replace(LEARN, test_first=date(2025, 3, 31), test_last=date(2025, 6, 30))

    found = fit(services, when, ASKED, rounds=30)

    assert found.rows == 7 * len(ids)
    assert 30 <= found.events < found.rows
    assert found.candidate.policy.version.startswith(services.policy.policy.version)
    assert parse_policy(found.candidate.text).policy == found.candidate.policy
    assert found.unseen.value > 0.9
    assert found.trial is not None
    assert found.trial.candidate.months[0] == date(2025, 3, 31)
    assert found.trial.gain.low <= found.trial.gain.value <= found.trial.gain.high
    assert found.shadow.scored == len(ids)
    assert sum(found.shadow.classes.values()) == len(ids)
    assert found.shadow.moved == len(found.shadow.moves)
    for move in found.shadow.moves:
        better = (move.after or "") < (move.before or "")
        assert (move.points > 0) == better, move
        assert all((reason.points > 0) == better for reason in move.why)


def test_a_policy_in_the_shadow_of_itself_moves_nobody(services: Services) -> None:
    ids = company(services, [0, 5, 20], months=12)
    found = shadow(services, services.policy.policy)
    assert (found.moved, found.moves, found.scored) == (0, (), len(ids))


def test_what_cannot_be_learnt_is_refused_in_words(services: Services) -> None:
    company(services, [0, 2, 30], months=20)
    with pytest.raises(TooFewToLearn, match="policy in force stays"):
        fit(services, LEARN, ASKED)
    with pytest.raises(TrialTooEarly, match="2025-03-31"):
        fit(services, replace(LEARN, test_first=date(2025, 2, 28)), ASKED)
    with pytest.raises(HorizonNotOver):
        fit(services, replace(LEARN, last=date(2026, 2, 28)), ASKED)
