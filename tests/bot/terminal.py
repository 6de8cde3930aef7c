"""The command line as an operator meets it: what it prints, and its exit code.

Called here, in this process, where nothing needs one of its own: Python and the
libraries of a command take longer to start than most commands take.
"""

import contextlib
import io
import logging
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

from bot.main import main
from storage.database import Database
from storage.migrate import migrate
from tests.forked import forked, kill

SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-1111-hush-hush",
    "SLACK_APP_TOKEN": "xapp-1-2222-hush-hush",
    "SLACK_SIGNING_SECRET": "hush-hush-signing",
}
COMMAND = [sys.executable, "-c", "from bot.main import main; main()"]
ROOT = Path(__file__).parents[2]

LOOK_AFTER_IT = {"db", "doctor"}
"""Commands that may find no database."""

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


class Running:
    """A command at work in a process that was forked."""

    def __init__(self, folder: Path, *words: str, **settings: str) -> None:
        """Start it in `folder`."""
        self._words = words
        self._said = [folder / f"{uuid4().hex}.{name}" for name in ("out", "err")]
        told = environment(folder, **settings)
        self._process = forked(_be, str(folder), words, told, self._said)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self._process.pid or 0, number)

    def end(self, seconds: float = 60) -> Done:
        """Wait until it ends by itself; return what it said and exits with.

        What takes longer is killed.
        """
        self._process.join(seconds)
        if self._process.exitcode is None:
            kill(self._process)
        code = self._process.exitcode or 0
        out, wrong = (said.read_text(encoding="utf-8") for said in self._said)
        return subprocess.CompletedProcess(self._words, code, out, wrong)


def _be(
    folder: str, words: tuple[str, ...], told: dict[str, str], said: list[Path]
) -> None:
    """Be a command from here on; what it says goes into files."""
    for number, file in enumerate(said, 1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
    os.environ.clear()
    os.environ.update(told)
    os.chdir(folder)
    sys.argv = ["riskdesk", *words]
    main()


def riskdesk(folder: Path, *words: str, **settings: str) -> Done:
    """Run a command here; what a process would print and return comes back."""
    if words[0] not in LOOK_AFTER_IT and not (folder / "desk.db").exists():
        (folder / "desk.db").write_bytes(_empty_database())
    out, wrong = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with (
        _as_in_a_process(folder, ["riskdesk", *words], settings),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(wrong),
    ):
        code = _exit_code()
    return subprocess.CompletedProcess(words, code, _text(out), _text(wrong))


@cache
def _empty_database() -> bytes:
    """Return a migrated database: to make one takes longer than most commands."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/desk.db")
        migrate(database.engine)
        database.close()
        return Path(folder, "desk.db").read_bytes()


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
