"""The command line as an operator meets it: what it prints, and its exit code.

Called here, in this process, where nothing needs one of its own: Python and the
libraries of a command take longer to start than most commands take.
"""

import contextlib
import io
import logging
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from bot.main import main

SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-1111-hush-hush",
    "SLACK_APP_TOKEN": "xapp-1-2222-hush-hush",
    "SLACK_SIGNING_SECRET": "hush-hush-signing",
}
COMMAND = [sys.executable, "-c", "from bot.main import main; main()"]
ROOT = Path(__file__).parents[2]

Done = subprocess.CompletedProcess[str]


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """Return all that a command is told by its environment."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": f"sqlite:///{folder}/desk.db",
        "COLUMNS": "200",
        **settings,
    }


def process(folder: Path, *words: str, **settings: str) -> Done:
    """Run a command as a process of its own."""
    return subprocess.run(
        [*COMMAND, *words],
        cwd=folder,
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def riskdesk(folder: Path, *words: str, **settings: str) -> Done:
    """Run a command here; what a process would print and return comes back."""
    out, wrong = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with (
        _as_in_a_process(folder, ["riskdesk", *words], settings),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(wrong),
    ):
        code = _exit_code()
    return subprocess.CompletedProcess(words, code, _text(out), _text(wrong))


@contextlib.contextmanager
def _as_in_a_process(
    folder: Path, words: list[str], settings: dict[str, str]
) -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        with (
            patch.dict(os.environ, environment(folder, **settings), clear=True),
            patch.object(sys, "argv", words),
            contextlib.chdir(folder),
        ):
            yield
    finally:  # a command logs to the standard error that was its own
        root.handlers[:] = handlers
        root.setLevel(level)


def _exit_code() -> int:
    """Call the command; return what a process that does so exits with."""
    try:
        main()
    except SystemExit as ended:
        if isinstance(ended.code, str):
            sys.stderr.write(f"{ended.code}\n")
            return 1
        return ended.code or 0
    except Exception:  # noqa: BLE001 - as Python does at the end of a process
        traceback.print_exc()
        return 1
    return 0


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    written = stream.detach()
    assert isinstance(written, io.BytesIO)
    return written.getvalue().decode()
