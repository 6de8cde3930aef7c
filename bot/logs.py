"""Logs: one JSON object a line, an event's name and its facts; nothing secret."""

import json
import logging
import re
import sys
from datetime import UTC, datetime

_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

_SECRET = re.compile(
    r"xox[a-z]-[\w-]+|xapp-[\w-]+|(?<=hooks\.slack\.com/)[\w/]+"
    r"|(?<=://)[^\s:/@]+:[^\s\"]+(?=@)"  # name:password@host
    r"|(?<=[?&]ticket=)[\w-]+"  # opens a Socket Mode connection
)
REDACTED = "[redacted]"


def redact(text: str) -> str:
    """Return `text` without anything that looks like a token or a password."""
    return _SECRET.sub(REDACTED, text)


class JsonLines(logging.Formatter):
    """Writes the event's name first, then each fact given as `extra=`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return `record` as one line of JSON, tokens blotted out."""
        line = {
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "logger": record.name,
        }
        line |= {k: v for k, v in vars(record).items() if k not in _STANDARD}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return redact(json.dumps(line, ensure_ascii=False, default=str))


def set_up(level: str) -> None:
    """Send every log to standard error, ours from `level` on, others' warnings."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in ("bot", "handlers", "workflows", "storage", "connectors"):
        logging.getLogger(name).setLevel(level)
    logging.getLogger("apscheduler.scheduler").addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    """Return False of a run skipped while the one before is still at work.

    Jobs ask what is due and not yet done, so the next run makes up for it.
    """
    return "maximum number of running instances" not in str(record.msg)
