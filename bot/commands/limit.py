"""`riskdesk limit`: a customer's credit limit, shown or set, as in Slack."""

import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.terminal import OPERATOR, CannotGoOn, open_desk
from templates.messages.limit import LimitView, Worth
from templates.messages.lookup import Choices
from workflows.limit import limit_of
from workflows.limit_decision import put_limit
from workflows.limit_wish import LimitWish
from workflows.services import Actor, Services


def limit(
    customer: Annotated[str, typer.Argument(help="A name or a number")],
    *,
    amount: Annotated[
        str | None, typer.Option("--set", help="The limit; 0 is cash only")
    ] = None,
    currency: Annotated[
        str | None, typer.Option(help="Of the limit; else the company's")
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Else as long as the policy lets it"),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; kept with the decision")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Show every method of a customer's credit limit; or set it.

    Example: riskdesk limit "acme trading" --set 40000 --reason "pays on time"

    At the terminal you act as admin, with every role of the policy's steps; what needs
    four eyes still waits for a second person, who is asked in Slack.
    """
    with open_desk() as services:
        admin = _admin(services)
        view = limit_of(services, admin, customer)
        if isinstance(view, Choices):
            names = ", ".join(f"{c.number} {c.name}" for c in view.candidates)
            raise CannotGoOn(f"Several may be meant: {names}. Give the number.")
        if amount is None:
            _show(services, view, as_json=as_json)
            return
        wish = LimitWish(
            customer_id=view.customer_id,
            amount=amount,
            currency=currency or services.currency,
            reason=reason,
            until=until.date() if until else None,
            origin="terminal",
        )
        done = put_limit(services, admin, wish)
        if as_json:
            said = {"done": done.what, "number": done.number, "until": done.until}
            _print_json(said | _worth(done.worth))
        else:
            typer.echo(services.render(done, "en").text)


def _admin(services: Services) -> Actor:
    """Return the operator with the roles of all steps: nothing is kept from them."""
    steps = services.policy.policy.approval.steps
    return replace(OPERATOR, roles=OPERATOR.roles | {step.role for step in steps})


def _show(services: Services, view: LimitView, *, as_json: bool) -> None:
    if as_json:
        _print_json(_as_json(view))
        return
    rendered = services.render(view, "en")
    typer.echo(rendered.text)
    [cells] = [block["rows"] for block in rendered.blocks if block["type"] == "table"]
    head, *rows = [[cell["text"] for cell in row] for row in cells]
    table = Table(*head[:-1])
    table.add_column(head[-1], justify="right")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def _as_json(view: LimitView) -> dict[str, Any]:
    """Return the view; amounts are exact text in base currency, null is unknown."""
    made, standing = view.proposal, view.standing
    in_force = standing if standing and not standing.expired else None
    return {
        "number": view.number,
        "name": view.name,
        "currency": view.currency,
        "class": made.risk_class if made.class_known else None,
        "exposure": view.exposure,
        "methods": {
            row.key: {"amount": row.amount, "missing": row.missing or None}
            for row in view.rows
        },
        "proposed": {
            "amount": made.amount,
            "binding": made.binding,
            "need": made.need,
            "gap": made.gap,
            "until": made.until,
        },
        "limit": in_force
        and _worth(in_force.worth)
        | {"until": in_force.until, "used": in_force.used, "set_by": in_force.set_by},
        "group": view.group
        and {
            "name": view.group.name,
            "exposure": view.group.own + view.group.others,
            "limits": view.group.limits,
            "without_limit": view.group.without_limit,
        },
        "without_rate": list(view.without_rate),
    }


def _worth(worth: Worth) -> dict[str, Any]:
    return {
        "amount": worth.amount,
        "currency": worth.currency,
        "in_base": worth.base,
        "rate_of": worth.rate_of,
    }


def _print_json(said: dict[str, Any]) -> None:
    typer.echo(json.dumps(said, ensure_ascii=False, default=_plain))


def _plain(value: object) -> str:
    """Return a decimal or a date as JSON text."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value)
