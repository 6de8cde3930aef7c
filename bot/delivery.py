"""The thread that takes what is owed to Slack: woken at once, else each second."""

import logging
import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from workflows.deliver import Post, deliver
from workflows.services import Services

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0


class Delivery:
    """Sends what the outbox holds, until it is stopped; then finishes what it began."""

    def __init__(self, services: Services, post: Post, wake: threading.Event) -> None:
        """Send by `post`; `wake` is set when something new is owed."""
        self._services = services
        self._post = post
        self._wake = wake
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="delivery")
        self.name = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        """Names this worker in the claims it makes."""

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self, timeout: float | None = None) -> bool:
        """Finish the message in hand and stop; return whether that is done."""
        self._stopping.set()
        self._wake.set()
        self._thread.join(timeout)
        return not self._thread.is_alive()

    @property
    def alive(self) -> bool:
        """Return whether it is at work: `/healthz` asks."""
        return self._thread.is_alive()

    def _run(self) -> None:
        with ThreadPoolExecutor(1, "deliver") as worker:
            while not self._stopping.is_set():
                self._wake.wait(POLL_SECONDS)
                self._wake.clear()
                done = worker.submit(
                    deliver,
                    self._services,
                    self._post,
                    by=self.name,
                    stopping=self._stopping.is_set,
                )
                # A fault of ours in one message must not stop all the others.
                if error := done.exception():
                    log.error("delivery.failed", exc_info=error)
