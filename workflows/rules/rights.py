"""Who may write rules, and who may switch them live; what is said to others."""

from dataclasses import dataclass

from risk.errors import N_, UserError
from workflows.finding import let_in
from workflows.rights import named
from workflows.services import Actor, Services


@dataclass(eq=False)
class RuleNotYours(UserError):
    """Somebody changes rules who holds none of the roles that may."""

    roles: str
    message = N_(
        "This needs the role %(roles)s. `/risk role` shows yours, and who can give you"
        " another."
    )


def may_write(services: Services, actor: Actor) -> bool:
    """Return whether somebody may draft rules and try them in shadow."""
    roles = services.policy.policy.monitor.own_rules.writers
    return not actor.guest and not actor.roles.isdisjoint(roles)


def may_switch(services: Services, actor: Actor) -> bool:
    """Return whether somebody may switch rules live, and change those that are."""
    roles = services.policy.policy.monitor.own_rules.switchers
    return not actor.guest and not actor.roles.isdisjoint(roles)


def writer(services: Services, actor: Actor) -> None:
    """Raise unless somebody may draft rules."""
    let_in(actor)
    if not may_write(services, actor):
        raise RuleNotYours(named(services.policy.policy.monitor.own_rules.writers))


def switcher(services: Services, actor: Actor) -> None:
    """Raise unless somebody may switch rules live."""
    let_in(actor)
    if not may_switch(services, actor):
        raise RuleNotYours(named(services.policy.policy.monitor.own_rules.switchers))
