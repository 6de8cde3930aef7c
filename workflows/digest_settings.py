"""Sets a channel's digest up, and pauses, resumes, ends or hurries it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlmodel import Session

from risk.errors import N_, UserError
from storage import digests, outbox, schedules
from storage.tables import Schedule
from templates.messages.digest import (
    LANGUAGE_NAMES,
    DigestChoices,
    DigestForm,
    DigestSet,
)
from workflows.digest import weekly
from workflows.digest_choices import (
    WrongField,
    choices_of,
    columns_of,
    first_choices,
    read_metadata,
    written_metadata,
)
from workflows.services import Actor, Services

MOST_REGIONS = 100


@dataclass(eq=False)
class NoDigest(UserError):
    """There is nothing to pause, resume or end."""

    message = N_("This channel has no digest. Type `/risk digest` to set one up.")


@dataclass(eq=False)
class DigestChanged(UserError):
    """Somebody else changed it while the form stood open."""

    message = N_(
        "Somebody changed this digest meanwhile. Type `/risk digest` to see it now."
    )


@dataclass(eq=False)
class NotForGuests(UserError):
    """A guest, or somebody of another company, asks."""

    message = N_(
        "Digests are set up by our own people. Ask one of them in the channel."
    )


def form_for(services: Services, actor: Actor, channel: str) -> DigestForm:
    """Return the form as the channel's digest is set, or as a new one would be."""
    _refuse_guests(actor)
    with services.database.read() as session:
        schedule = schedules.schedule_of(session, channel)
        regions = digests.regions(session, MOST_REGIONS)
    if schedule is None:
        choices = first_choices(actor)
        return _form(services, channel, choices, 0, regions)
    form = _form(services, channel, choices_of(schedule), schedule.version, regions)
    return replace(form, state=schedule.state, trouble=schedule.trouble)


def form_again(services: Services, metadata: str, choices: DigestChoices) -> DigestForm:
    """Return the form as somebody fills it in, with the run that would come next."""
    channel, version = read_metadata(metadata)
    with services.database.read() as session:
        schedule = schedules.schedule_of(session, channel)
        regions = digests.regions(session, MOST_REGIONS)
    form = _form(services, channel, choices, version, regions)
    if schedule is None:
        return form
    return replace(form, state=schedule.state, trouble=schedule.trouble)


def save(
    services: Services, actor: Actor, metadata: str, choices: DigestChoices
) -> DigestSet:
    """Set the digest as chosen and owe its creator a word, in their language.

    Raises:
        WrongField: a field cannot be taken.
        DigestChanged: somebody else changed it since the form was opened.

    """
    _refuse_guests(actor)
    channel, version = read_metadata(metadata)
    values = columns_of(services, choices) | {"created_by": actor.slack_id}
    with services.database.write() as session:
        known = schedules.schedule_of(session, channel)
        if not _store(session, channel, version, known, values):
            raise DigestChanged
        said = DigestSet("set", channel, _next_of(services, choices))
        _owe_word(services, session, actor, version, said)
    services.wake_delivery()
    return said


def pause(services: Services, actor: Actor, channel: str) -> DigestSet:
    """Stop the digest until it is resumed; raise NoDigest if there is none."""
    return _turn(services, actor, channel, state="paused")


def end(services: Services, actor: Actor, channel: str) -> DigestSet:
    """End the digest; raise NoDigest if there is none."""
    return _turn(services, actor, channel, state="off")


def resume(services: Services, actor: Actor, channel: str) -> DigestSet:
    """Go on with the digest from now on; raise NoDigest if there is none."""
    now = services.now()
    return _turn(
        services,
        actor,
        channel,
        state="on",
        trouble=None,
        active_from=now,
        readers_checked_at=None,
    )


def ask_now(services: Services, actor: Actor, channel: str) -> DigestSet:
    """Ask for a digest now; where none is set up, of all customers."""
    _refuse_guests(actor)
    asked = uuid4().hex
    with services.database.write() as session:
        schedule = schedules.schedule_of(session, channel)
        if schedule is None:
            choices = first_choices(actor)
            values = columns_of(services, choices)
            values |= {"state": "off", "asked": asked, "created_by": actor.slack_id}
            _store(session, channel, 0, None, values)
        elif schedule.id is not None:
            schedules.change(session, schedule.id, schedule.version, asked=asked)
    return DigestSet("soon", channel, None)


def digests_of(
    services: Services, slack_id: str
) -> list[tuple[Schedule, datetime | None]]:
    """Return the digests a person set up, each with its next run in its own zone."""
    with services.database.read() as session:
        found = schedules.set_up_by(session, slack_id)
    return [
        (schedule, _next(services, schedule) if schedule.state == "on" else None)
        for schedule in found
    ]


def _turn(
    services: Services, actor: Actor, channel: str, *, state: str, **more: Any
) -> DigestSet:
    _refuse_guests(actor)
    with services.database.write() as session:
        schedule = schedules.schedule_of(session, channel)
        if schedule is None or schedule.id is None or schedule.state == "off":
            raise NoDigest
        values = {"state": state, "asked": None, "changed_at": services.now()} | more
        schedules.change(session, schedule.id, schedule.version, **values)
    what = "resumed" if state == "on" else state
    return DigestSet(what, channel, _next(services, schedule))


def _form(
    services: Services,
    channel: str,
    choices: DigestChoices,
    version: int,
    regions: Any,
) -> DigestForm:
    return DigestForm(
        channel=channel,
        choices=choices,
        metadata=written_metadata(channel, version),
        next_run=_next_of(services, choices),
        state="new",
        trouble=None,
        regions=regions,
        languages=LANGUAGE_NAMES,
        currency=services.currency,
    )


def _next_of(services: Services, choices: DigestChoices) -> datetime | None:
    try:
        values = columns_of(services, choices)
    except WrongField:
        return None
    unsaved = Schedule(channel="", created_by="", **values)
    return _next(services, unsaved)


def _next(services: Services, schedule: Schedule) -> datetime | None:
    due = weekly(schedule).next(services.now())
    return due.moment.astimezone(ZoneInfo(schedule.timezone)) if due else None


def _store(
    session: Session,
    channel: str,
    version: int,
    known: Schedule | None,
    values: dict[str, Any],
) -> bool:
    """Add or change the schedule; return False if `version` is not the newest."""
    fresh = {"state": "on", "trouble": None, "readers_checked_at": None} | values
    if known is None:
        new = {"channel": channel, "version": 1}
        return version == 0 and schedules.add(session, new | fresh)
    if known.id is None or known.version != version:
        return False
    if known.state == "on" and _same_hours(known, values):
        fresh.pop("active_from")  # a run that is due just now is not lost
    return schedules.change(session, known.id, version, **fresh)


def _same_hours(known: Schedule, values: dict[str, Any]) -> bool:
    names = ("days", "hour", "minute", "timezone")
    return all(getattr(known, name) == values[name] for name in names)


def _owe_word(
    services: Services,
    session: Session,
    actor: Actor,
    version: int,
    said: DigestSet,
) -> None:
    words = services.render(said, actor.language)
    outbox.put(
        session,
        key=f"digest-set:{said.channel}:{version}",
        channel=said.channel,
        method="ephemeral",
        user=actor.slack_id,
        text=words.text,
        blocks=words.blocks,
        at=services.now(),
    )


def _refuse_guests(actor: Actor) -> None:
    if actor.guest:
        raise NotForGuests
