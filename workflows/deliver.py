"""Takes messages from the outbox to Slack, each one exactly once as readers see it.

A row is claimed in one transaction, sent outside any, and settled in another. If we die
or lose the connection in between, nobody knows whether Slack has it: the row is *in
doubt*, and is looked up by its key before it is sent again. A message that only one
person sees cannot be looked up; in doubt it is sent again, since a private answer that
comes twice does less harm than one that never comes.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from storage import events, outbox
from storage.tables import OutboxMessage
from workflows.alerts.trouble import report_lost_places
from workflows.digest_trouble import report_lost_channel
from workflows.services import Services

log = logging.getLogger(__name__)

STRANDED_AFTER = timedelta(minutes=2)
"""A claim this old is nobody's: it must exceed the longest call (30 s) by far."""

GIVE_UP_AFTER = timedelta(days=1)
LONGEST_WAIT = timedelta(minutes=5)
EVENTS_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Sent:
    """Where Slack has a message; an ephemeral one has a timestamp nobody can use."""

    channel: str
    ts: str


class Busy(Exception):
    """Slack wants us to wait (HTTP 429); nothing was posted."""

    def __init__(self, wait: timedelta) -> None:
        """Wait at least `wait`, in this channel."""
        super().__init__(f"wait {wait}")
        self.wait = wait


class NotNow(Exception):
    """Slack refused for a reason that is not the message's: a token, an outage."""


class Unclear(Exception):
    """The call was cut short, or Slack broke: the message may stand or not."""


class Refused(Exception):
    """Slack will never take this message; the text is Slack's name for why."""


class Post(Protocol):
    """The two things delivery asks of Slack. Neither retries by itself."""

    def send(self, message: OutboxMessage, thread_ts: str | None) -> Sent:
        """Send `message`; raise Busy, NotNow, Unclear or Refused where it fails."""

    def find(self, message: OutboxMessage, thread_ts: str | None) -> Sent | None:
        """Return where `message` stands, or None; raise as `send` does."""


def deliver(
    services: Services,
    post: Post,
    *,
    by: str,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Send all that may leave now; return how many were. `by` names this worker."""
    sent = 0
    while not stopping():
        message = _claimed(services, by)
        if message is None:
            break
        sent += _attempt(services, post, message)
    return sent


def _claimed(services: Services, by: str) -> OutboxMessage | None:
    """Return the next message, now ours; who finds none has held nobody up."""
    with services.database.read() as session:
        if not outbox.is_any_due(session, at=services.now()):
            return None
    with services.database.write() as session:
        return outbox.claim(session, at=services.now(), by=by)


def recover(services: Services, after: timedelta = STRANDED_AFTER) -> int:
    """Free the claims of workers that died; return how many there were."""
    now = services.now()
    with services.database.write() as session:
        keys = outbox.release_stranded(session, before=now - after, at=now)
    for key in keys:
        log.warning("outbox.recovered", extra={"key": key})
    return len(keys)


def forget_events(services: Services) -> int:
    """Drop the record of events that Slack will not send again; return how many."""
    with services.database.write() as session:
        return events.forget(session, services.now() - EVENTS_KEPT)


def _attempt(services: Services, post: Post, message: OutboxMessage) -> bool:
    """Send a claimed message, or settle why not; return whether Slack has it."""
    try:
        sent = _once(services, post, message)
    except Busy as busy:
        _wait(services, message, busy)
    except NotNow as error:
        _again(services, message, str(error), in_doubt=message.in_doubt)
    except Unclear as error:
        _again(services, message, str(error), in_doubt=True)
    except Refused as error:
        _give_up(services, message, str(error))
    else:
        if sent is None:
            return False
        with services.database.write() as session:
            outbox.mark(session, message, channel=sent.channel, ts=sent.ts)
        log.info("outbox.sent", extra={"key": message.key, "ts": sent.ts})
        return True
    return False


def _once(services: Services, post: Post, message: OutboxMessage) -> Sent | None:
    """Send `message` unless Slack has it; None if another worker took it over."""
    thread_ts = _thread_ts(services, message)
    if message.in_doubt and message.method in {"post", "broadcast"}:
        found = post.find(message, thread_ts)
        if found:
            log.warning("outbox.found", extra={"key": message.key, "ts": found.ts})
            return found
        # The search may have been long: make sure that nobody thinks us dead.
        with services.database.write() as session:
            if not outbox.renew(session, message, at=services.now()):
                return None
    return post.send(message, thread_ts)


def _thread_ts(services: Services, message: OutboxMessage) -> str | None:
    if message.thread_key is None:
        return message.thread_ts
    with services.database.read() as session:
        ts = outbox.slack_ts_of(session, message.thread_key)
    if ts is None:
        raise Refused("parent_failed")
    return ts


def _wait(services: Services, message: OutboxMessage, busy: Busy) -> None:
    until = services.now() + busy.wait
    with services.database.write() as session:
        outbox.hold_channel(session, message.channel, until=until)
        outbox.reschedule(
            session,
            message,
            at=until,
            error="ratelimited",
            in_doubt=message.in_doubt,
        )
    facts = {"key": message.key, "seconds": busy.wait.total_seconds()}
    log.warning("outbox.busy", extra=facts)


def _again(
    services: Services, message: OutboxMessage, error: str, *, in_doubt: bool
) -> None:
    """Try again, ever later; after a day, give up."""
    now = services.now()
    if now - message.queued_at > GIVE_UP_AFTER:
        _give_up(services, message, f"gave_up: {error}")
        return
    wait = min(timedelta(seconds=2 ** min(message.attempts, 10)), LONGEST_WAIT)
    with services.database.write() as session:
        outbox.reschedule(
            session, message, at=now + wait, error=error, in_doubt=in_doubt
        )
    facts = {"key": message.key, "error": error, "attempts": message.attempts}
    log.warning("outbox.again", extra=facts)


def _give_up(services: Services, message: OutboxMessage, error: str) -> None:
    """Fail a message for good; a place that is gone is reported."""
    with services.database.write() as session:
        if outbox.fail(session, message, error=error):
            report_lost_channel(services, session, message.channel, error)
            report_lost_places(services, session, message.channel, error)
    log.error("outbox.failed", extra={"key": message.key, "error": error})
