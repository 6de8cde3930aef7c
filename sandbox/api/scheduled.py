"""Messages for later: chat.scheduleMessage and its kin."""

from dataclasses import asdict

from sandbox import messages, posting
from sandbox.api.call import Call, Method
from sandbox.api.chat import metadata_of
from sandbox.ids import new_id
from sandbox.message_shape import message_json
from sandbox.model import Json
from sandbox.refusal import Refused
from sandbox.world import Scheduled, World

FARTHEST_SECONDS = 120 * 24 * 3600


def schedule(call: Call) -> Json:
    """Keep a message until `post_at`."""
    channel = posting.destination(call.world, call.app, call.required("channel"))
    call.required("post_at")
    post_at, now = call.number("post_at"), call.world.now()
    if post_at <= now:
        raise Refused("time_in_past")
    if post_at > now + FARTHEST_SECONDS:
        raise Refused("time_too_far")
    said = posting.contents(
        {
            "text": call.text("text"),
            "blocks": call.structure("blocks", list, "invalid_blocks_format"),
            "attachments": call.structure("attachments", list, "invalid_attachments"),
        }
    )
    said["thread_ts"] = call.text("thread_ts")
    said["metadata"] = metadata_of(call)
    waiting = Scheduled(new_id("Q"), call.app.id, channel.id, post_at, int(now), said)
    call.world.scheduled[waiting.id] = waiting
    wait_for(call.world, waiting)
    shown = posting.by_app(call.world, call.app, channel.id, **said)
    return {
        "channel": channel.id,
        "scheduled_message_id": waiting.id,
        "post_at": post_at,
        "message": message_json(call.world, shown),
    }


def wait_for(world: World, waiting: Scheduled) -> None:
    """Post the message when its time has come, unless it was deleted."""

    async def post() -> None:
        if world.scheduled.pop(waiting.id, None) is None:
            return
        app, channel = world.apps.get(waiting.app_id), waiting.channel
        if app is None or world.channels[channel].is_archived:
            return
        message = posting.by_app(world, app, channel, **waiting.arguments)
        if message.thread_ts not in world.channels[channel].messages:
            message.thread_ts = ""
        messages.post(world, message)

    world.clock.at(waiting.post_at, post)


def delete(call: Call) -> Json:
    """Forget a message that waits."""
    identity = call.required("scheduled_message_id")
    waiting = call.world.scheduled.get(identity)
    if waiting is None or waiting.app_id != call.app.id:
        raise Refused("invalid_scheduled_message_id")
    if waiting.channel != call.required("channel"):
        raise Refused("channel_not_found")
    del call.world.scheduled[identity]
    return {}


def listed(call: Call) -> Json:
    """Return the messages that wait, the next one first."""
    mine = [
        waiting
        for waiting in call.world.scheduled.values()
        if waiting.app_id == call.app.id
        and call.text("channel", waiting.channel) == waiting.channel
    ]
    mine.sort(key=lambda waiting: waiting.post_at)
    page, metadata = call.page(mine, lambda waiting: waiting.id)
    return {
        "scheduled_messages": [_shown(waiting) for waiting in page],
        "response_metadata": metadata,
    }


def _shown(waiting: Scheduled) -> Json:
    found = asdict(waiting)
    return {
        "id": waiting.id,
        "channel_id": waiting.channel,
        "post_at": waiting.post_at,
        "date_created": waiting.created,
        "text": found["arguments"]["text"],
    }


METHODS = {
    "chat.deleteScheduledMessage": Method(delete, ("chat:write",)),
    "chat.scheduleMessage": Method(schedule, ("chat:write",)),
    "chat.scheduledMessages.list": Method(listed),
}
