"""Looks at everything together: how exposure lies, what feeds and rules do."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from risk.policy.signals import PORTFOLIO_SIGNALS
from storage import scores, signals
from workflows.monitor.concentrated import Owed, concentrated
from workflows.monitor.moves import Move, Subject
from workflows.monitor.signals import FiringElsewhere, Frame, compare
from workflows.monitor.silent import rules_in_trouble, silent_feeds
from workflows.problems.feed import take_moves
from workflows.rules.effective import tuned_rules
from workflows.services import Services


def look_at_all(services: Services, owed: Sequence[Owed] | None = None) -> None:
    """Keep what is found of the portfolio, feeds and rules; hand on what moved.

    `owed` is everybody's exposure where it is known already.
    """
    with services.database.read() as session:
        rules = {
            name: rule
            for name, rule in tuned_rules(session, services.policy.policy).items()
            if rule.signal in PORTFOLIO_SIGNALS
        }
        active = {name: rule for name, rule in rules.items() if rule.mode != "off"}
        found, subjects = concentrated(services, session, active, owed)
        found |= silent_feeds(services, session, active)
        found |= rules_in_trouble(services, session, active)
    frame = Frame(services.today(), services.now(), rules, portfolio=True)
    with services.database.write() as session:
        scores.one_at_a_time(session)
        on = list(signals.on_by_rules(session, rules))
        moves = compare(services, session, frame, FiringElsewhere(found), on)
        take_moves(services, session, moves, _known(session, moves, subjects))


def _known(
    session: Session, moves: list[Move], subjects: Mapping[str, Subject]
) -> dict[str, Subject]:
    """Return whom the moves are about; of some no more is known than the name."""
    found = dict(subjects)
    for move in moves:
        key, customer = move.signal.subject, move.signal.customer_id
        if key in found:
            continue
        known = [*signals.about(session, [customer] if customer else []).values()]
        number, name, owner, region = known[0][1:] if known else ("", "", None, None)
        called = name or key.partition(":")[2] or key
        found[key] = Subject(key, customer, number, called, owner, region)
    return found
