"""What can be chosen for a digest, how it is kept, and what is wrong with it."""

import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from risk.errors import N_, UserError
from storage.columns import LARGEST_AMOUNT
from storage.tables import Schedule
from templates.messages.digest import LANGUAGE_NAMES, DigestChoices
from workflows.services import Actor, Services
from workflows.time_zones import time_zones


class WrongField(UserError):
    """A field of the form cannot be taken; `field` says which."""

    field = ""


@dataclass(eq=False)
class NoDay(WrongField):
    """No day is ticked."""

    field = "days"
    message = N_("Choose at least one day.")


@dataclass(eq=False)
class NoZone(WrongField):
    """The time zone is none."""

    zone: str
    field = "zone"
    message = N_("Nobody knows the time zone %(zone)s. Choose one from the list.")


@dataclass(eq=False)
class NoAmount(WrongField):
    """The least exposure is no amount."""

    amount: str
    field = "minimum"
    message = N_("%(amount)s is no amount. Write a number such as 5000.")


def first_choices(actor: Actor) -> DigestChoices:
    """Return what a new digest starts from: workdays at nine, as its maker lives."""
    return DigestChoices("12345", "09:00", _zone(actor), _language(actor))


def zones_like(text: str, most: int = 100) -> list[str]:
    """Return the time zones whose name has `text` in it, in order."""
    wanted = text.strip().casefold().replace(" ", "_")
    return sorted(z for z in time_zones() if wanted in z.casefold())[:most]


def read_metadata(metadata: str) -> tuple[str, int]:
    """Return the channel and the version that a form carries."""
    kept = json.loads(metadata)
    return str(kept["channel"]), int(kept["version"])


def written_metadata(channel: str, version: int) -> str:
    """Return what a form carries: the channel, and the version it shows."""
    return json.dumps({"channel": channel, "version": version})


def columns_of(services: Services, choices: DigestChoices) -> dict[str, Any]:
    """Return the columns that `choices` set; raise WrongField where one is wrong."""
    if not choices.days:
        raise NoDay
    if choices.timezone not in time_zones():
        raise NoZone(choices.timezone)
    hour, _, minute = choices.time.partition(":")
    now = services.now()
    return {
        "days": choices.days,
        "hour": int(hour),
        "minute": int(minute or 0),
        "timezone": choices.timezone,
        "language": choices.language,
        "scope": {
            "owners": list(choices.owners),
            "regions": list(choices.regions),
            "classes": list(choices.classes),
            "minimum": str(amount_in(choices.minimum)),
        },
        "changed_at": now,
        "active_from": now,
    }


def amount_in(text: str) -> Decimal:
    """Return the amount that was typed; raise NoAmount if it is none."""
    try:
        amount = Decimal(text or "0")
    except InvalidOperation as error:
        raise NoAmount(text) from error
    if not (amount.is_finite() and 0 <= amount <= LARGEST_AMOUNT):
        raise NoAmount(text)
    return amount


def choices_of(schedule: Schedule) -> DigestChoices:
    """Return what was chosen for `schedule`."""
    scope = schedule.scope
    return DigestChoices(
        days=schedule.days,
        time=f"{schedule.hour:02}:{schedule.minute:02}",
        timezone=schedule.timezone,
        language=schedule.language,
        owners=tuple(scope.get("owners") or ()),
        regions=tuple(scope.get("regions") or ()),
        classes=tuple(scope.get("classes") or ()),
        minimum=str(scope.get("minimum") or "0"),
    )


def _zone(actor: Actor) -> str:
    return actor.timezone if actor.timezone in time_zones() else "UTC"


def _language(actor: Actor) -> str:
    stem = actor.language.partition("-")[0]
    return next((n for n in LANGUAGE_NAMES if n.partition("-")[0] == stem), "en")
