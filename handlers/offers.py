"""Lists of choices that Slack asks for while somebody types into a field."""

from collections.abc import Iterable
from typing import Any

from slack_bolt import Ack, App, BoltResponse

from workflows.calendars import calendars_like
from workflows.digest_choices import zones_like
from workflows.finding import find_options
from workflows.services import Actor, Services

LONGEST = 75
"""Letters of an option's text."""


def register(app: App) -> None:
    """Connect the fields that ask, of whichever form, to `app`."""
    for field in ("check_customer", "evidence_customer"):
        app.options(field)(offer_customers)
    for field in ("alerts_zone", "digest_zone"):
        app.options(field)(offer_zones)
    app.options("alerts_country")(offer_countries)


def offer_customers(
    ack: Ack, body: dict[str, Any], services: Services, actor: Actor
) -> BoltResponse:
    """Offer the customers that are called like what was typed."""
    return _offered(ack, find_options(services, actor, _typed(body)))


def offer_zones(ack: Ack, body: dict[str, Any]) -> BoltResponse:
    """Offer the time zones that are like what was typed."""
    return _offered(ack, ((zone, zone) for zone in zones_like(_typed(body))))


def offer_countries(ack: Ack, body: dict[str, Any], actor: Actor) -> BoltResponse:
    """Offer the countries, and their parts, that are called like what was typed."""
    return _offered(ack, calendars_like(_typed(body), actor.language))


def _typed(body: dict[str, Any]) -> str:
    return str(body.get("value") or "")


def _offered(ack: Ack, found: Iterable[tuple[str, str]]) -> BoltResponse:
    """Answer with (value, text) pairs as options."""
    return ack(
        options=[
            {"text": {"type": "plain_text", "text": text[:LONGEST]}, "value": value}
            for value, text in found
        ]
    )
