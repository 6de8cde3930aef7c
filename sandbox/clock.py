"""The workspace's clock: real time, moved ahead on demand, and what is due by it."""

import asyncio
import heapq
import itertools
import time
from collections.abc import Awaitable, Callable

Job = Callable[[], Awaitable[None]]
LONGEST_NAP = 3600.0


class Clock:
    """Tells the time (seconds since 1970) and runs jobs when it has come."""

    def __init__(self) -> None:
        """Start at the present."""
        self._ahead = 0.0
        self._jobs: list[tuple[float, int, Job]] = []
        self._numbers = itertools.count()
        self._woken = asyncio.Event()

    def now(self) -> float:
        """Return the present moment of the workspace."""
        return time.time() + self._ahead

    def move(self, seconds: float) -> None:
        """Move the clock ahead; what has become due meanwhile runs at once."""
        if seconds < 0:
            raise ValueError("the clock moves ahead only")
        self._ahead += seconds
        self._woken.set()

    def at(self, moment: float, job: Job) -> None:
        """Run `job` at `moment`."""
        heapq.heappush(self._jobs, (moment, next(self._numbers), job))
        self._woken.set()

    def clear(self) -> None:
        """Forget all jobs and return to real time."""
        self._jobs.clear()
        self._ahead = 0.0
        self._woken.set()

    async def run(self) -> None:
        """Run each job when it is due, until cancelled."""
        while True:
            self._woken.clear()
            while self._jobs and self._jobs[0][0] <= self.now():
                await heapq.heappop(self._jobs)[2]()
            wait = self._jobs[0][0] - self.now() if self._jobs else LONGEST_NAP
            try:
                await asyncio.wait_for(self._woken.wait(), max(min(wait, 60), 0.001))
            except TimeoutError:
                continue
