"""What came of a request to an app, as the person who caused it sees it."""

from dataclasses import asdict, dataclass, field

from sandbox.model import Json


@dataclass
class Outcome:
    """How the app answered; `ok` means within time and in good form."""

    ok: bool = True
    error: str = ""
    """Slack's name for what went wrong, as `operation_timeout`."""
    text: str = ""
    """What the person reads then."""
    body: Json = field(default_factory=dict)
    """The body of the app's ack."""
    errors: dict[str, str] = field(default_factory=dict)
    """What is wrong in a form, by block id."""

    def as_json(self) -> Json:
        """Return all of it as JSON."""
        return asdict(self)
