"""Does what need not be done before an answer, in the background and in order."""

import logging
from collections.abc import Callable
from queue import SimpleQueue
from threading import Event, Thread

from slack_sdk.errors import SlackApiError, SlackClientError

from storage.database import DatabaseFailed

log = logging.getLogger(__name__)

PAUSE = 0.05
"""Seconds a task waits, so that it does not compete with the answer it comes after."""


class Afterwards:
    """One thread that works tasks off; a task that fails is logged and given up.

    Only what may be lost belongs here, as what a reader last saw. What must not be
    lost belongs into the outbox.
    """

    def __init__(self) -> None:
        """Wait for the first task."""
        self._tasks: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._closing = Event()
        self._thread = Thread(target=self._work, name="afterwards", daemon=True)
        self._thread.start()

    def __call__(self, task: Callable[[], None]) -> None:
        """Do `task` soon."""
        if not self._closing.is_set():
            self._tasks.put(task)

    def close(self) -> None:
        """Finish what is waiting, and take no more."""
        self._closing.set()
        self._tasks.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            self._closing.wait(PAUSE)
            _guarded(task)
            while not self._tasks.empty():
                if (task := self._tasks.get()) is None:
                    return
                _guarded(task)


def _guarded(task: Callable[[], None]) -> None:
    try:
        task()
    except (DatabaseFailed, SlackApiError, SlackClientError, OSError) as error:
        log.warning("afterwards.failed", extra={"error": type(error).__name__})
