"""`/risk role`: who may do what."""

import re
from dataclasses import dataclass

from slack_bolt import BoltResponse

from handlers.reply import Reply
from risk.errors import N_, UserError
from workflows.roles import change_role, show_roles
from workflows.services import Actor, Services

_PERSON = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_SIGNS = {"+": True, "-": False, "−": False}


@dataclass(eq=False)
class RoleUsage(UserError):
    """What follows `/risk role` cannot be read."""

    message = N_(
        "Name a person and a role, for example “/risk role @ann +analyst”, or"
        " “/risk role @ann -analyst” to take it away."
    )


def role_command(
    text: str, *, services: Services, actor: Actor, reply: Reply, **_: object
) -> BoltResponse:
    """Answer `/risk role [@person] [+role | -role] [region]`."""
    person = _PERSON.search(text)
    words = _PERSON.sub(" ", text).split(maxsplit=1)
    if not words:
        whose = person[1] if person else None
        return reply.in_ack(show_roles(services, actor, whose))
    if person is None:
        raise RoleUsage
    sign, role = words[0][0], words[0].lstrip("+-−").casefold()
    changed = change_role(
        services,
        actor,
        person[1],
        role,
        give=_SIGNS.get(sign, True),
        area=words[1].strip() if len(words) > 1 else "",
    )
    return reply.in_ack(changed)
