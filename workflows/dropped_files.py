"""Imports files that people drop into our direct messages: asked once, done durably."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from risk.errors import N_, UserError
from storage import events, import_jobs, outbox
from storage.tables import ImportJob
from templates.messages.base import Message
from templates.messages.importing import (
    ImportAsk,
    ImportDone,
    ImportFailed,
    ImportStarted,
    RejectedLine,
    Tally,
)
from workflows.import_files import import_file
from workflows.importing import ImportResult, Source
from workflows.services import Actor, Services

log = logging.getLogger(__name__)

MAY_IMPORT = frozenset({"analyst", "finance", "lead", "admin"})
MOST_BYTES = 100 * 1024**2
MOST_TRIES, MOST_SHOWN, LONGEST = 3, 10, 200
RETRY_AFTER = timedelta(seconds=20)

FORMS = (*("dmy", "mdy", "comma", "dot"), *("net0", "net14", "net30", "net60", "net90"))
"""What a person can say of all columns, as `--map` takes it."""

Fetch = Callable[[ImportJob, Path], None]
"""Puts a dropped file's bytes at a path; raises `NotFetched`, or OSError to retry."""

Open = Callable[[Path, str], Source]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file in a direct message, as the event names it."""

    file_id: str
    name: str
    url: str
    size: int


@dataclass(eq=False)
class MayNotImport(UserError):
    """Somebody without the role drops a file."""

    message = N_(
        "Files are imported by analysts, finance, leads and admins. Ask one of them, or"
        " an admin for the role (`/risk role` shows who that is)."
    )


@dataclass(eq=False)
class NotFetched(UserError):
    """Slack does not give us the file."""

    why: str
    message = N_("Slack did not give me the file (%(why)s). Drop it again.")


@dataclass(eq=False)
class TooLarge(UserError):
    """A file larger than we take."""

    message = N_("It is larger than 100 MB. Send it in parts, or as .zip or .gz.")


@dataclass(eq=False)
class AnsweredAlready(UserError):
    """A button of a question that does not wait any more, or is another's."""

    message = N_("This question is answered already, or it is somebody else's file.")


def owe_imports(
    services: Services,
    actor: Actor,
    files: Sequence[Dropped],
    *,
    event_id: str,
    channel: str,
    thread_ts: str | None,
) -> None:
    """Ask for the import of files, once an event; say that it is under way.

    Raises:
        MayNotImport: the actor has none of the roles.

    """
    if not MAY_IMPORT & actor.roles:
        raise MayNotImport
    now = services.now()
    said = services.render(ImportStarted([f.name for f in files]), actor.language)
    with services.database.write() as session:
        for file in files:
            row: dict[str, Any] = {
                "key": f"{event_id}:{file.file_id}",
                "slack_id": actor.slack_id,
                "language": actor.language,
                "channel": channel,
                "thread_ts": thread_ts,
                "file_id": file.file_id,
                "name": file.name,
                "url": file.url,
                "size": file.size,
                "mapping": {},
                "state": "waiting",
                "attempts": 0,
                "asked_at": now,
                "not_before": now,
            }
            import_jobs.add(session, row)
        outbox.put(
            session,
            key=f"event:{event_id}",
            channel=channel,
            text=said.text,
            blocks=said.blocks,
            at=now,
            thread_ts=thread_ts,
        )
        events.mark_processed(session, event_id, now)
    services.wake_delivery()


def go_on(services: Services, actor: Actor, job_id: int, form: str) -> ImportStarted:
    """Go on with a file now that the actor said how to read it.

    Raises:
        AnsweredAlready: the file does not wait for the actor's answer.

    """
    with services.database.write() as session:
        job = import_jobs.answer(session, job_id, actor.slack_id, form, services.now())
        if job is None:
            raise AnsweredAlready
        return ImportStarted([job.name])


def import_dropped(services: Services, fetch: Fetch, open_file: Open) -> int:
    """Import every dropped file that is due; return how many were dealt with."""
    count = 0
    while job := import_jobs.QUEUE.take(services.database, services.now()):
        _work(services, job, fetch, open_file)
        count += 1
    return count


def _work(services: Services, job: ImportJob, fetch: Fetch, open_file: Open) -> None:
    try:
        message = _imported(services, job, fetch, open_file)
    except OSError as error:
        log.warning("import.unfetched", extra={"error": type(error).__name__})
        if job.attempts < MOST_TRIES:
            with services.database.write() as session:
                later = services.now() + RETRY_AFTER
                import_jobs.QUEUE.settle(
                    session, job, state="waiting", not_before=later
                )
            return
        failed = NotFetched(type(error).__name__)
        message = ImportFailed(job.name, failed.message, vars(failed))
    except UserError as error:
        message = _answer_to(error, job)
    state = "asked" if isinstance(message, ImportAsk) else "done"
    _settle(services, job, state, message)


def _imported(
    services: Services, job: ImportJob, fetch: Fetch, open_file: Open
) -> Message:
    if job.size > MOST_BYTES:
        raise TooLarge
    with TemporaryDirectory() as folder:
        path = Path(folder) / "dropped"
        fetch(job, path)
        source = open_file(path, job.name)
        result = import_file(
            services, source, by=job.slack_id, mapping=dict(job.mapping)
        )
    return _done(job.name, result)


def _answer_to(error: UserError, job: ImportJob) -> Message:
    """Return the question that an ambiguous column asks, or what is wrong."""
    facts: dict[str, Any] = {k: str(v)[:LONGEST] for k, v in vars(error).items()}
    if {"column", "day_first", "month_first"} <= facts.keys():
        return ImportAsk(job.id or 0, job.name, "dates", **facts)
    if facts.keys() == {"column", "value"}:
        return ImportAsk(job.id or 0, job.name, "amounts", **facts)
    if facts.keys() == {"column"}:
        return ImportAsk(job.id or 0, job.name, "terms", **facts, value="")
    return ImportFailed(job.name, error.message, facts)


def _done(name: str, result: ImportResult) -> ImportDone:
    return ImportDone(
        name=name,
        tallies=[
            Tally(kind, n.new, n.changed, n.same)
            for kind, n in result.counts.items()
            if n.new or n.changed or n.same
        ],
        rejected=[
            RejectedLine(row.line, row.column, row.value, row.reason, row.details)
            for row in result.rejected[:MOST_SHOWN]
        ],
        rejected_total=result.rejected_total,
        ignored=[heading for sheet in result.sheets for heading in sheet.ignored],
    )


def _settle(services: Services, job: ImportJob, state: str, message: Message) -> None:
    """Owe the answer and close the job in one transaction, if it is still ours."""
    said = services.render(message, job.language)
    with services.database.write() as session:
        if not import_jobs.QUEUE.settle(session, job, state=state):
            return
        answers = len(job.mapping.get("*", "").split())
        outbox.put(
            session,
            key=f"import:{job.id}:{answers}",
            channel=job.channel,
            text=said.text,
            blocks=said.blocks,
            at=services.now(),
            thread_ts=job.thread_ts,
        )
    services.wake_delivery()
