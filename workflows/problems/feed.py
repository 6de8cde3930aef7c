"""Takes what a sweep found to the problems it is about, and those to who must hear."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from workflows.monitor.moves import Move, Subject
from workflows.services import Services


def take_moves(
    services: Services,
    session: Session,
    moves: Sequence[Move],
    subjects: Mapping[str, Subject],
) -> None:
    """Bring problems up to what moved."""
