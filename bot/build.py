"""Builds, once, what every workflow is given."""

from collections.abc import Callable
from datetime import UTC, datetime

from bot.settings import Settings
from storage.database import Database
from storage.policy_file import load_policy
from templates.engine import Renderer
from workflows.services import Services


def build_services(
    settings: Settings,
    *,
    wake_delivery: Callable[[], None] = lambda: None,
    afterwards: Callable[[Callable[[], None]], None] = lambda task: task(),
) -> Services:
    """Return the services that `settings` ask for; the database is not yet touched.

    Raises:
        PolicyInvalid, PolicyUnreadable: the policy file is of no use; no other takes
            its place.

    """
    file = settings.riskdesk_policy
    return Services(
        database=Database(settings.database_url),
        render=Renderer(),
        now=_now,
        timezone=settings.timezone,
        currency=settings.riskdesk_currency,
        admins=settings.admins,
        policy=load_policy(file) if file else load_policy(),
        afterwards=afterwards,
        wake_delivery=wake_delivery,
    )


def _now() -> datetime:
    return datetime.now(UTC)
