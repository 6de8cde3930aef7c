"""What can be chosen for a place that hears of problems, and how that is kept."""

import re
from dataclasses import dataclass
from typing import Any

from risk.errors import N_
from risk.policy.monitor import CAUSES
from storage.tables import AlertChannel
from templates.messages.alerts import AlertChoices
from workflows.calendars import WEEKENDS, is_known
from workflows.digest_choices import NoZone, WrongField, amount_in, first_choices
from workflows.services import Actor, Services
from workflows.time_zones import time_zones

MOST_A_WEEK = 500
COUNTRY = "country"
VERBOSITIES = ("card", "changes", "all")


@dataclass(eq=False)
class NoBudget(WrongField):
    """The budget is no whole number, or one that nobody reads."""

    budget: str
    most: int = MOST_A_WEEK
    field = "budget"
    message = N_("%(budget)s is no number of alerts. Write one from 0 to %(most)s.")


@dataclass(eq=False)
class NoCountry(WrongField):
    """Holidays of a country are to be quiet, and none is chosen."""

    field = "country"
    message = N_("Choose the country whose weekends and holidays are quiet.")


def first_alert_choices(services: Services, actor: Actor) -> AlertChoices:
    """Return what a new place starts from: the policy's ways, as its maker lives."""
    policy = services.policy.policy.monitor.alerts
    as_for_digests = first_choices(actor)
    return AlertChoices(
        budget=str(policy.budget),
        quiet_from=policy.quiet_from,
        quiet_to=policy.quiet_to,
        timezone=as_for_digests.timezone,
        language=as_for_digests.language,
        days=WEEKENDS,
    )


def alert_columns(services: Services, choices: AlertChoices) -> dict[str, Any]:
    """Return the columns that `choices` set; raise WrongField where one is wrong."""
    if choices.timezone not in time_zones():
        raise NoZone(choices.timezone)
    causes = [cause for cause in choices.causes if cause in CAUSES]
    return {
        "budget": _budget(choices.budget),
        "quiet_from": choices.quiet_from,
        "quiet_to": choices.quiet_to,
        "holidays": _holidays(choices),
        "timezone": choices.timezone,
        "language": choices.language,
        "verbosity": choices.verbosity,
        "scope": {
            "owners": list(choices.owners),
            "regions": list(choices.regions),
            "classes": list(choices.classes),
            "causes": causes,
            "minimum": str(amount_in(choices.minimum)),
        },
        "changed_at": services.now(),
    }


def alert_choices_of(channel: AlertChannel) -> AlertChoices:
    """Return what was chosen for a place."""
    scope, off = channel.scope, channel.holidays
    has_country = off not in {"", WEEKENDS}
    return AlertChoices(
        budget=str(channel.budget),
        quiet_from=channel.quiet_from,
        quiet_to=channel.quiet_to,
        timezone=channel.timezone,
        language=channel.language,
        days=COUNTRY if has_country else off,
        country=off if has_country else "",
        verbosity=channel.verbosity,
        owners=tuple(scope.get("owners") or ()),
        regions=tuple(scope.get("regions") or ()),
        classes=tuple(scope.get("classes") or ()),
        causes=tuple(scope.get("causes") or ()),
        minimum=str(scope.get("minimum") or "0"),
    )


def _budget(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or int(text) > MOST_A_WEEK:
        raise NoBudget(text)
    return int(text)


def _holidays(choices: AlertChoices) -> str:
    if choices.days != COUNTRY:
        return choices.days if is_known(choices.days) else ""
    if not choices.country or not is_known(choices.country):
        raise NoCountry
    return choices.country
