"""Lets a place hear of problems, and pauses, resumes or ends that."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from risk.errors import N_, UserError
from risk.monitor.budget import price
from storage import alerts, digests, outbox, schedules
from storage.tables import AlertChannel
from templates.messages.alerts import AlertChoices, AlertForm, AlertsSet, AlertUse
from templates.messages.digest import LANGUAGE_NAMES
from workflows.alerts.choices import (
    alert_choices_of,
    alert_columns,
    first_alert_choices,
)
from workflows.alerts.deciding import account_of
from workflows.alerts.hours import quiet_times
from workflows.alerts.places import let_set
from workflows.calendars import calendar_name
from workflows.digest_choices import WrongField, read_metadata, written_metadata
from workflows.digest_settings import MOST_REGIONS
from workflows.naming import is_person
from workflows.services import Actor, Services


@dataclass(eq=False)
class NoAlerts(UserError):
    """There is nothing to pause, resume or end."""

    message = N_("No alerts are set up here. Type `/risk alerts` to set them up.")


@dataclass(eq=False)
class AlertsChanged(UserError):
    """Somebody else changed it while the form stood open."""

    message = N_(
        "Somebody changed these alerts meanwhile. Type `/risk alerts` to see them now."
    )


def alert_form(services: Services, actor: Actor, place: str) -> AlertForm:
    """Return the form as a place is set, or as a new one would be."""
    let_set(actor, place)
    with services.database.read() as session:
        known = alerts.at(session, place)
        is_set = known is not None and known.state != "test"
        choices = (
            alert_choices_of(known)
            if known and is_set
            else first_alert_choices(services, actor)
        )
        return _form(services, session, place, choices, language=actor.language)


def alert_form_again(
    services: Services, actor: Actor, metadata: str, choices: AlertChoices
) -> AlertForm:
    """Return the form as somebody fills it in, with when it would open next."""
    place, version = read_metadata(metadata)
    with services.database.read() as session:
        form = _form(services, session, place, choices, language=actor.language)
    return replace(form, metadata=written_metadata(place, version))


def save_alerts(
    services: Services, actor: Actor, metadata: str, choices: AlertChoices
) -> AlertsSet:
    """Set a place as chosen and owe its maker a word, in their language.

    Raises:
        WrongField: a field cannot be taken.
        AlertsChanged: somebody else changed it since the form was opened.

    """
    place, version = read_metadata(metadata)
    let_set(actor, place)
    values = alert_columns(services, choices) | {
        "state": "on",
        "trouble": None,
        "readers_checked_at": None,
        "created_by": actor.slack_id,
    }
    with services.database.write() as session:
        if not _store(session, place, version, values):
            raise AlertsChanged
        said = _said(services, session, "set", place)
        _owe_word(services, session, actor, version, said)
    services.wake_delivery()
    return said


def pause_alerts(services: Services, actor: Actor, place: str) -> AlertsSet:
    """Let a place hear nothing until it is resumed; raise NoAlerts if it does not."""
    return _turn(services, actor, place, "paused", state="paused")


def end_alerts(services: Services, actor: Actor, place: str) -> AlertsSet:
    """Let a place hear nothing any more; raise NoAlerts if it does not."""
    return _turn(services, actor, place, "off", state="off")


def resume_alerts(services: Services, actor: Actor, place: str) -> AlertsSet:
    """Let a place hear of problems again, of new ones; raise NoAlerts if none is."""
    return _turn(
        services,
        actor,
        place,
        "resumed",
        state="on",
        trouble=None,
        readers_checked_at=None,
    )


def _turn(
    services: Services, actor: Actor, place: str, what: str, **values: Any
) -> AlertsSet:
    let_set(actor, place)
    with services.database.write() as session:
        known = alerts.at(session, place, lock=True)
        if known is None or known.id is None or known.state in {"off", "test"}:
            raise NoAlerts
        changed = values | {"changed_at": services.now()}
        alerts.change(session, known.id, known.version, **changed)
        return _said(services, session, what, place)


def _store(session: Session, place: str, version: int, values: dict[str, Any]) -> bool:
    """Add or change a place; return False if `version` is not the newest."""
    known = alerts.at(session, place, lock=True)
    if known is None:
        new = {"place": place, "version": 1} | values
        return version == 0 and alerts.add(session, new)
    if known.id is None or known.version != version:
        return False
    return alerts.change(session, known.id, version, **values)


def _form(
    services: Services,
    session: Session,
    place: str,
    choices: AlertChoices,
    *,
    language: str,
) -> AlertForm:
    known = alerts.at(session, place)
    opens = _opens_if(services, choices)
    where = place.partition("/")[0]
    is_set = known is not None and known.state != "test"
    return AlertForm(
        place=place,
        choices=choices,
        metadata=written_metadata(place, known.version if known else 0),
        opens=opens,
        is_open=opens is not None and opens <= services.now(),
        state=known.state if known and is_set else "new",
        trouble=known.trouble if known else None,
        use=_use(services, session, known) if known and is_set else None,
        has_digest=_has_digest(session, where),
        others=[
            one.place
            for one in alerts.within(session, where)
            if one.place != place and one.state in {"on", "paused"}
        ],
        country_name=calendar_name(choices.country, language),
        regions=digests.regions(session, MOST_REGIONS),
        languages=LANGUAGE_NAMES,
        currency=services.currency,
    )


def _use(services: Services, session: Session, channel: AlertChannel) -> AlertUse:
    account = account_of(services, session, channel)
    return AlertUse(
        spent=account.spent,
        budget=account.budget,
        price=price(account.past, account.rank),
        held=alerts.count_untold(session, channel.place),
    )


def _has_digest(session: Session, channel: str) -> bool:
    schedule = schedules.schedule_of(session, channel)
    return schedule is not None and schedule.state == "on"


def _opens_if(services: Services, choices: AlertChoices) -> datetime | None:
    """Return when a place would open next, as somebody fills the form in."""
    try:
        values = alert_columns(services, choices)
    except WrongField:
        return None
    return _opens(services, AlertChannel(place="", created_by="", **values))


def _opens(services: Services, channel: AlertChannel) -> datetime:
    opens = quiet_times(channel).open_from(services.now())
    return opens.astimezone(ZoneInfo(channel.timezone))


def _said(services: Services, session: Session, what: str, place: str) -> AlertsSet:
    channel = alerts.at(session, place, lock=True)
    if channel is None:
        raise NoAlerts
    opens = _opens(services, channel)
    return AlertsSet(
        what=what,
        place=place,
        budget=channel.budget,
        opens=opens,
        is_open=opens <= services.now(),
        has_digest=_has_digest(session, place.partition("/")[0]),
        standing=alerts.count_open(session),
    )


def _owe_word(
    services: Services, session: Session, actor: Actor, version: int, said: AlertsSet
) -> None:
    words = services.render(said, actor.language)
    where = said.place.partition("/")[0]
    in_person = is_person(where)
    outbox.put(
        session,
        key=f"alerts-set:{said.place}:{version}",
        channel=actor.slack_id if in_person else where,
        method="post" if in_person else "ephemeral",
        user=None if in_person else actor.slack_id,
        text=words.text,
        blocks=words.blocks,
        at=services.now(),
    )
