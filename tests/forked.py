"""Processes forked from one that has all modules and no threads.

Started anew each time, they would spend half their lives importing.
"""

import multiprocessing
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import Any

_FORK = multiprocessing.get_context("forkserver")
_FORK.set_forkserver_preload(
    [
        "tests.bot.desk_process",
        "tests.bot.terminal",
        "tests.chaos.watching_desk",
        "bot.commands.demo",
        "bot.commands.importing",
    ]
)


def forked(target: Callable[..., None], *args: Any) -> BaseProcess:
    """Return a running process that calls `target`, of a module named here."""
    process = _FORK.Process(target=target, args=args, daemon=True)
    process.start()
    return process


def kill(process: BaseProcess) -> None:
    """End a process in the midst of what it does, and wait until it is gone."""
    process.kill()
    process.join()
