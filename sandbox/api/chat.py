"""Messages: chat.postMessage and its kin."""

from typing import Any

from sandbox import messages, posting
from sandbox.api.call import Call, Method
from sandbox.entities import normal
from sandbox.message_shape import message_json
from sandbox.model import Channel, Json, Message
from sandbox.refusal import Refused


def post_message(call: Call) -> Json:
    """Post a message."""
    channel = posting.destination(call.world, call.app, call.required("channel"))
    said = _contents(call)
    posting.keep_pace(call.world, channel)
    message = messages.post(call.world, _message(call, channel, said))
    shown = message_json(call.world, message, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def _contents(call: Call) -> Json:
    """Return text, blocks and attachments, if Slack would take them."""
    given: Json = {
        "text": call.text("text"),
        "blocks": call.structure("blocks", list, "invalid_blocks_format"),
        "attachments": call.structure("attachments", list, "invalid_attachments"),
    }
    if call.has("markdown_text"):
        if given["text"] or given["blocks"]:
            raise Refused("markdown_text_conflict")
        text = call.text("markdown_text")
        given |= {"text": text, "blocks": [{"type": "markdown", "text": text}]}
    return posting.contents(given)


def metadata_of(call: Call) -> Json | None:
    """Return the metadata that goes with a message, if there is any."""
    said: Any = call.structure("metadata", dict, "invalid_metadata_format")
    if not said:
        return None
    kind, payload = said.get("event_type"), said.get("event_payload")
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict):
        raise Refused("invalid_metadata_format")
    return {"event_type": kind, "event_payload": payload}


def _message(call: Call, channel: Channel, said: Json) -> Message:
    message = posting.by_app(call.world, call.app, channel.id, **said)
    message.thread_ts = call.text("thread_ts")
    message.broadcast = bool(message.thread_ts) and call.flag("reply_broadcast")
    message.metadata = metadata_of(call)
    if "chat:write.customize" in call.app.scopes:
        message.username = call.text("username")
        for name, kind in (("icon_emoji", "emoji"), ("icon_url", "image_48")):
            if call.has(name):
                message.icons[kind] = call.text(name)
    return message


def update(call: Call) -> Json:
    """Give one of the app's messages other contents."""
    message = _own(call, "cant_update_message")
    said = _contents(call)
    if not call.has("attachments"):
        said["attachments"] = message.attachments
    if call.has("metadata"):
        said["metadata"] = metadata_of(call)
    messages.edit(call.world, message, call.bot, **said)
    shown = message_json(call.world, message, metadata=True)
    found = {"channel": message.channel, "ts": message.ts, "text": message.text}
    return found | {"message": shown}


def delete(call: Call) -> Json:
    """Delete one of the app's messages."""
    message = _own(call, "cant_delete_message")
    messages.delete(call.world, message)
    return {"channel": message.channel, "ts": message.ts}


def _own(call: Call, error: str) -> Message:
    message = _found(call, "ts")
    if message.app_id != call.app.id:
        raise Refused(error)
    return message


def _found(call: Call, name: str, error: str = "message_not_found") -> Message:
    """Return a message that stands (ephemeral ones do not)."""
    message = call.channel().messages.get(call.required(name))
    if message is None:
        raise Refused(error)
    return message


def post_ephemeral(call: Call) -> Json:
    """Show a message to one user alone."""
    channel = posting.destination(call.world, call.app, call.required("channel"))
    user = call.required("user")
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    message = _message(call, channel, _contents(call))
    message.to = user
    messages.show_privately(call.world, message)
    return {"message_ts": message.ts}


def permalink(call: Call) -> Json:
    """Return a link to a message."""
    message = _found(call, "message_ts")
    path = f"/archives/{message.channel}/p{message.ts.replace('.', '')}"
    if message.thread_ts:
        path += f"?thread_ts={message.thread_ts}&cid={message.channel}"
    return {"channel": message.channel, "permalink": call.world.url + path}


def unfurl(call: Call) -> Json:
    """Add what links in a user's message lead to."""
    unfurls: Any = call.structure("unfurls", dict, "invalid_unfurls_format")
    if not unfurls:
        raise Refused("missing_unfurls")
    if call.has("unfurl_id"):
        channel, _, ts = call.text("unfurl_id").partition("-")
        call.arguments |= {"channel": channel, "ts": ts}
    message = _found(call, "ts", "cannot_find_message")
    added = []
    for url, attachment in unfurls.items():
        if not isinstance(attachment, dict):
            raise Refused("invalid_unfurls_format")
        added.append({**attachment, "from_url": url, "app_unfurl_url": url})
    posting.contents({"text": "", "attachments": added})
    added = [{"id": n, **attachment} for n, attachment in enumerate(added, start=1)]
    messages.edit(call.world, message, message.user, attachments=added)
    return {}


def me_message(call: Call) -> Json:
    """Post a message of the kind `/me` makes."""
    channel = posting.destination(call.world, call.app, call.required("channel"))
    text = normal(call.required("text"))
    message = posting.by_app(call.world, call.app, channel.id, text=text)
    message.subtype = "me_message"
    messages.post(call.world, message)
    return {"channel": channel.id, "ts": message.ts}


METHODS = {
    "chat.delete": Method(delete, ("chat:write",)),
    "chat.getPermalink": Method(permalink),
    "chat.meMessage": Method(me_message, ("chat:write",)),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",)),
    "chat.postMessage": Method(post_message, ("chat:write",)),
    "chat.unfurl": Method(unfurl, ("links:write",)),
    "chat.update": Method(update, ("chat:write",)),
}
