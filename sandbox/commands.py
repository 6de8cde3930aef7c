"""Slash commands: typed, sent to the app that has them, answered."""

from sandbox import replies
from sandbox.deliver import Ack, Delivery
from sandbox.model import App, Channel, Json
from sandbox.outcome import Outcome
from sandbox.payloads import command_payload
from sandbox.refusal import Refused
from sandbox.typed import as_command
from sandbox.world import World


async def run_command(
    world: World, delivery: Delivery, user: str, channel: Channel, text: str
) -> Outcome:
    """Send the command that `text` starts with; show what the app answers."""
    command, _, rest = text.strip().partition(" ")
    app, declared = _owner(world, command)
    if app is None:
        said = f"`{command}` is not a valid command."
        return _failed(world, user, channel, "unknown_command", said)
    escaped = bool(declared.get("should_escape"))
    typed = as_command(world, rest.strip(), should_escape=escaped)
    payload = command_payload(world, app, user, channel, command=command, text=typed)
    ack = await delivery.ask(app, "slash_commands", payload)
    if not ack.ok:
        error = "dispatch_failed" if ack.error.startswith("http_") else ack.error
        said = f'{command} failed with the error "{error}"'
        return _failed(world, user, channel, error, said)
    return _answered(world, user, channel, payload, ack)


def _owner(world: World, command: str) -> tuple[App | None, Json]:
    for app in world.apps.values():
        for declared in app.commands:
            if declared.get("command") == command and "commands" in app.scopes:
                return app, declared
    return None, {}


def _answered(
    world: World, user: str, channel: Channel, payload: Json, ack: Ack
) -> Outcome:
    """Show the message in the ack's body, if there is one."""
    body = ack.body
    if not any(body.get(name) for name in ("text", "blocks", "attachments")):
        return Outcome(body=body)
    reply = world.replies[payload["response_url"].rpartition("/")[2]]
    try:
        replies.answer(world, reply, body)
    except Refused as refused:
        said = f'{payload["command"]} failed with the error "{refused.error}"'
        outcome = _failed(world, user, channel, refused.error, said)
        outcome.body = body | {"response_metadata": {"messages": refused.messages}}
        return outcome
    return Outcome(body=body)


def _failed(
    world: World, user: str, channel: Channel, error: str, said: str
) -> Outcome:
    world.changed("error", channel.id, user, {"text": said, "error": error})
    return Outcome(ok=False, error=error, text=said)
