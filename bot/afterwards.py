"""Does what need not be done before an answer, in the background and in order."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from slack_sdk.errors import SlackApiError, SlackClientError

from storage.database import DatabaseFailed

log = logging.getLogger(__name__)


class Afterwards:
    """One thread that works tasks off; a task that fails is logged and given up.

    Only what may be lost belongs here, as what a reader last saw. What must not be
    lost belongs into the outbox.
    """

    def __init__(self) -> None:
        """Wait for the first task."""
        self._thread = ThreadPoolExecutor(1, "afterwards")

    def __call__(self, task: Callable[[], None]) -> None:
        """Do `task` soon."""
        self._thread.submit(_guarded, task)

    def close(self) -> None:
        """Finish what is waiting, and take no more."""
        self._thread.shutdown(wait=True)


def _guarded(task: Callable[[], None]) -> None:
    try:
        task()
    except (DatabaseFailed, SlackApiError, SlackClientError, OSError) as error:
        log.warning("afterwards.failed", extra={"error": type(error).__name__})
