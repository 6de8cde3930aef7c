"""`riskdesk sandbox`: a Slack-compatible workspace in the browser, by itself."""

from pathlib import Path
from typing import Annotated

import typer

from bot.terminal import CannotGoOn
from sandbox.config import Config, WrongConfig, read_config
from sandbox.server import PortBusy, Workspace, bind, is_loopback, server_of


def sandbox(
    config: Annotated[
        Path | None, typer.Option(help="Users, channels and apps: TOML or JSON")
    ] = None,
    *,
    host: Annotated[str, typer.Option(help="Where to listen")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one")] = 3000,
    keep: Annotated[
        Path | None, typer.Option(help="Keep the workspace in this file between runs")
    ] = None,
) -> None:
    """Run a workspace for bots and people: Web API, Socket Mode, a page to act on.

    Example: riskdesk sandbox --config workspace.toml
    """
    try:
        workspace = Workspace.of(read_config(config) if config else Config(), keep)
        listening = bind(host, port)
    except (WrongConfig, PortBusy) as error:
        raise CannotGoOn(str(error)) from error
    server = server_of(workspace, listening)
    typer.echo(f"The workspace is at {workspace.world.url}/")
    typer.echo(f"Bots reach it with SLACK_API_URL={workspace.world.url}/api/")
    for app in workspace.world.apps.values():
        typer.echo(f"{app.name}: SLACK_BOT_TOKEN={app.bot_token}")
        typer.echo(f"{app.name}: SLACK_APP_TOKEN={app.app_token}")
        typer.echo(f"{app.name}: SLACK_SIGNING_SECRET={app.signing_secret}")
    if not is_loopback(host):
        typer.echo(
            f"It listens on {host}: whoever reaches this machine can act as anyone in"
            " it.",
            err=True,
        )
    server.run(sockets=[listening])
