"""What the last sweeps left on."""

from storage import signals
from workflows.services import Services


def signals_on(services: Services) -> dict[str, int]:
    """Return how many signals of each rule are on, the most first."""
    with services.database.read() as session:
        return signals.counts(session)
