"""What every workflow is given: built once, passed down, never global."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from storage.database import Database
from storage.policy_file import LoadedPolicy, load_policy
from templates.messages.base import Render


@dataclass(frozen=True, slots=True)
class Services:
    """The database, how messages are laid out, the clock, the company's own ways."""

    database: Database
    render: Render
    now: Callable[[], datetime]
    """The moment, aware and UTC."""
    timezone: ZoneInfo
    """Where the company's days begin."""
    currency: str
    """What exposure is counted in."""
    admins: frozenset[str] = frozenset()
    """Slack ids and e-mail addresses of who may grant roles."""
    afterwards: Callable[[Callable[[], None]], None] = lambda task: task()
    """Does what need not be done before the answer, and may wait for the database."""
    policy: LoadedPolicy = field(default_factory=load_policy)
    """Every weight, threshold and rule; the default policy where none is given."""
    wake_delivery: Callable[[], None] = lambda: None
    """Called after a message was put into the outbox, so that it leaves at once."""

    def today(self) -> date:
        """Return the company's date."""
        return self.now().astimezone(self.timezone).date()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, and how they read: in which language and whose time."""

    slack_id: str
    language: str = "en"
    timezone: str = "UTC"
    roles: frozenset[str] = frozenset({"sales"})
    guest: bool = False
    name: str = ""
    email: str | None = None

    @property
    def names(self) -> frozenset[str]:
        """Return what an owner field may call this person."""
        known = {self.slack_id, self.name, self.email or ""}
        return frozenset(name for name in known if name)
