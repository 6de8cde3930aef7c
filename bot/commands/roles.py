"""`riskdesk role`: who may do what, granted from the terminal."""

from typing import Annotated

import typer

from bot.terminal import OPERATOR, open_desk
from workflows.roles import change_role, person_called, show_roles


def role(
    person: Annotated[str, typer.Argument(help="A Slack id or an e-mail address")],
    given: Annotated[
        str | None, typer.Argument(metavar="ROLE", help="The role to give or take")
    ] = None,
    *,
    take: Annotated[bool, typer.Option("--take", help="Take it away")] = False,
    area: Annotated[str, typer.Option(help="A region; else everywhere")] = "",
) -> None:
    """Show a person's roles; give them one, or take it away.

    Example: riskdesk role ann@example.com analyst --area EMEA
    """
    with open_desk() as services:
        slack_id = person_called(services, person)
        if given is not None:
            changed = change_role(
                services, OPERATOR, slack_id, given, give=not take, area=area
            )
            typer.echo(services.render(changed, "en").blocks[0]["text"]["text"])
        shown = show_roles(services, OPERATOR, slack_id)
        typer.echo(services.render(shown, "en").text)
