"""“What would make this a B?”: the least that would, each way tried on the score."""

from risk.case import Case
from risk.errors import N_, UserError
from risk.explain import CustomerScore
from risk.policy import CLASSES
from risk.uplift import Uplift, Way, better_than, ways_up
from templates.messages.whatif import Scored, WayLine, WayUp
from workflows.finding import let_in
from workflows.score import case_within, score_within
from workflows.services import Actor, Services
from workflows.whatif import scored
from workflows.whatif_lines import change_line


class NoClassYet(UserError):
    """A way up for a customer of whom too little is known."""

    message = N_(
        "There is no class yet: too few of its points rest on facts. Payments, accounts"
        " or a rating would give one."
    )


def way_up(
    services: Services, actor: Actor, customer_id: int, letter: str | None = None
) -> WayUp:
    """Return what would make the customer's class `letter` (the next better) or better.

    Raises:
        OursOnly: a guest asks.
        CustomerGone: there is no such customer.
        NoClassYet: too little is known of it for any class.

    """
    let_in(actor)
    with services.database.read() as session:
        stands = score_within(services, session, customer_id)
        case = case_within(services, session, customer_id)
    if stands.computed_class is None:
        raise NoClassYet
    target = letter or better_than(stands.risk_class or stands.computed_class)
    if target is None:
        return _message(services, stands, case, Uplift("", stands.explained, (), None))
    found = ways_up(services.policy.policy, case, target)
    return _message(services, stands, case, found)


def _message(
    services: Services, stands: CustomerScore, case: Case, found: Uplift
) -> WayUp:
    now, override = stands.explained, stands.override
    reached = not found.target or (
        CLASSES.index(now.risk_class or CLASSES[-1]) <= CLASSES.index(found.target)
    )
    return WayUp(
        customer_id=stands.customer_id,
        name=stands.name,
        currency=services.currency,
        target=found.target,
        now=scored(now),
        in_force=stands.risk_class,
        reached=reached,
        ways=[_line(services, case, way) for way in found.ways],
        best=_line(services, case, found.best) if found.best else None,
        bounds=found.best.after.bounds if found.best else now.bounds,
        override_until=override.expires_on if override else None,
        cool_down_days=services.policy.policy.score.cool_down_days,
        policy_version=services.policy.version,
    )


def _line(services: Services, case: Case, way: Way) -> WayLine:
    lines = []
    for change in way.changes:
        lines.append(change_line(services, change, change, case))
        case = change.apply(case)
    after: Scored = scored(way.after)
    return WayLine(lines, after)
