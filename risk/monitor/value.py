"""What an alert is worth: expected loss × what acting on it can still avert."""

from decimal import Decimal

from risk.policy import CLASSES, Policy
from risk.policy.monitor import Cause

CENT = Decimal("0.01")


def alert_value(
    policy: Policy,
    risk_class: str | None,
    exposure: Decimal | None,
    cause: Cause | str,
    default_probability: float | None = None,
) -> Decimal:
    """Return PD × loss given default × exposure × what can be done, in base currency.

    A fitted policy's own `default_probability` comes before the class's. Without a
    class the policy's careful one is taken; without exposure there is nothing to lose.

    Source: the domain reference, 3.5.
    """
    rules = policy.monitor.value
    letter = (
        risk_class if risk_class in tuple(CLASSES) else policy.check.class_if_unknown
    )
    chance = next(p for c, p in rules.default_probability.items() if c == letter)
    if default_probability is not None and 0 <= default_probability <= 1:
        chance = Decimal(repr(float(default_probability)))
    act = next((a for c, a in rules.actionable.items() if c == cause), Decimal(1))
    owed = max(exposure or Decimal(0), Decimal(0))
    return (chance * rules.loss_given_default * owed * act).quantize(CENT)
