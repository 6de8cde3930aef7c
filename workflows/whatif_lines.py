"""Changes of “what if” as messages show them, each with what it covers just then."""

from decimal import Decimal

from risk.case import Case
from risk.whatif import Cover, Later, Limit, OnTime, Pay, Ship, Wait
from risk.whatif_told import Accounts, Change, Event, Rated
from templates.messages.whatif import ChangeLine
from workflows.services import Services


def change_line(
    services: Services, said: Change, change: Change, case: Case
) -> ChangeLine:
    """Return a change in words: `said` as typed, `change` as applied to `case`."""
    match change:
        case Pay(what):
            line = _payment(services, what, said, change, case)
        case OnTime(count):
            line = ChangeLine("on_time", count=count, until=change.apply(case).on)
        case Later(days):
            line = ChangeLine("later" if days >= 0 else "earlier", days=abs(days))
        case Wait(days):
            line = ChangeLine("wait", days=days, until=change.apply(case).on)
        case Accounts(figure, share):
            line = ChangeLine("accounts", name=figure, share=share)
        case Rated(scale, value):
            line = ChangeLine("rated", name=scale, value=value)
        case Event(kind):
            line = ChangeLine("event", name=kind)
        case Cover() | Limit() | Ship():
            line = _amount(services, said, change)
    return line


def _payment(
    services: Services, what: str, said: Change, change: Pay, case: Case
) -> ChangeLine:
    covered = change.covers(case)
    amount, currency = covered.amount, services.currency
    if what == "amount" and isinstance(said, Pay):
        amount, currency = said.amount, said.currency or services.currency
    return ChangeLine(f"pay_{what}", covered.count, amount, currency)


def _amount(
    services: Services, said: Change, change: Cover | Limit | Ship
) -> ChangeLine:
    kind = {Cover: "cover", Limit: "limit", Ship: "ship"}[type(change)]
    amount, currency = change.amount, services.currency
    if isinstance(said, Cover | Limit | Ship):
        amount, currency = said.amount, said.currency or services.currency
    days = change.terms_days or 0 if isinstance(change, Ship) else 0
    return ChangeLine(kind, 0, Decimal(amount), currency, days=days)
