"""What the desk says about who may do what."""

from collections.abc import Sequence
from dataclasses import dataclass

from templates.messages.base import Message


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role somebody holds; the area is a region, or empty for everywhere."""

    role: str
    area: str


@dataclass(frozen=True)
class Roles(Message):
    """The roles of a person, and who may change them."""

    template = "roles.j2"
    name: str
    mine: bool
    roles: Sequence[RoleLine]
    admins: Sequence[str]
    """Slack ids."""


@dataclass(frozen=True)
class RoleChanged(Message):
    """That a role was given or taken; or that it stood so already."""

    template = "role_changed.j2"
    name: str
    role: str
    area: str
    given: bool
    changed: bool
