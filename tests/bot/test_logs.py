"""Logs: a line of JSON each, with nothing secret in it."""

import json
import logging

import pytest

from bot.logs import JsonLines, set_up


def _fails(secret: str) -> None:
    raise ValueError(f"cannot use {secret}")


def _line(record: logging.LogRecord) -> str:
    return JsonLines().format(record)


def test_a_line_has_the_event_and_its_facts() -> None:
    facts = {"name": "bot", "msg": "desk.started", "levelno": 20, "levelname": "INFO"}
    record = logging.makeLogRecord(facts | {"channel": "C1"})
    line = json.loads(_line(record))
    assert line["event"] == "desk.started"
    assert line["channel"] == "C1"
    assert line["level"] == "info"
    assert line["at"].endswith("+00:00")


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-12-34-abcDEF",
        "xapp-1-A0-99-abcdef",
        "postgresql://desk:p@ss/word@host/db",
        "wss://wss.slack.com/link/?ticket=abc-123",
    ],
)
def test_no_token_is_written(secret: str) -> None:
    with pytest.raises(ValueError, match="cannot use") as raised:
        _fails(secret)
    info = (raised.type, raised.value, raised.tb)
    record = logging.makeLogRecord(
        {"msg": "x.failed", "exc_info": info, "facts": {"was": secret}}
    )
    line = _line(record)
    for part in ("abcDEF", "abcdef", "p@ss", "word", "abc-123"):
        assert part not in line
    assert "[redacted]" in line


def test_a_run_skipped_for_the_one_before_is_no_news(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    scheduler = logging.getLogger("apscheduler.scheduler")
    monkeypatch.setattr(scheduler, "filters", [])
    set_up("INFO")
    root.addHandler(caplog.handler)
    skipped = "Execution of job %s skipped: maximum number of running instances reached"
    scheduler.warning(f"{skipped} (%d)", "x", 1)
    scheduler.warning("Run time of job %s was missed", "x")
    assert [r.msg for r in caplog.records] == ["Run time of job %s was missed"]
