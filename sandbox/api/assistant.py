"""The assistant pane: assistant.threads.setStatus, setTitle, setSuggestedPrompts."""

from typing import Any

from sandbox.api.call import Call, Method
from sandbox.model import Assistant, Channel, Json
from sandbox.refusal import Refused

MAX_PROMPTS = 4
SCOPES = ("assistant:write", "chat:write")


def _thread(call: Call) -> tuple[Channel, str, Assistant | None]:
    """Return the channel, the thread, and what the pane holds (None: no pane)."""
    channel, thread_ts = call.channel("channel_id"), call.required("thread_ts")
    if call.bot not in channel.members:
        raise Refused("not_in_channel")
    if thread_ts not in channel.messages:
        raise Refused("invalid_thread_ts")
    return channel, thread_ts, channel.assistants.get(thread_ts)


def _in_pane(call: Call) -> tuple[Channel, str, Assistant]:
    channel, thread_ts, assistant = _thread(call)
    if assistant is None:
        raise Refused("invalid_thread_ts")
    return channel, thread_ts, assistant


def set_status(call: Call) -> Json:
    """Say what the assistant is doing; an empty status takes it away."""
    channel, thread_ts, assistant = _thread(call)
    status = call.text("status")
    if assistant is not None:
        assistant.status = status
    told: Json = {"thread_ts": thread_ts, "status": status}
    told |= {"loading_messages": call.listed("loading_messages")[:10]}
    call.world.changed("typing_status", channel.id, call.bot, told)
    return {}


def set_title(call: Call) -> Json:
    """Name the thread."""
    channel, thread_ts, assistant = _in_pane(call)
    assistant.title = call.required("title")
    told = {"thread_ts": thread_ts, "title": assistant.title}
    call.world.changed("title", channel.id, call.bot, told)
    return {}


def set_prompts(call: Call) -> Json:
    """Suggest what the user may ask."""
    channel, thread_ts, assistant = _in_pane(call)
    prompts: Any = call.structure("prompts", list, "invalid_arguments")
    if not prompts or len(prompts) > MAX_PROMPTS or not all(map(_is_prompt, prompts)):
        said = f"[ERROR] must be 1 to {MAX_PROMPTS} prompts [json-pointer:/prompts]"
        raise Refused("invalid_arguments", said)
    assistant.prompts, assistant.prompts_title = prompts, call.text("title")
    told = {"thread_ts": thread_ts, "title": call.text("title"), "prompts": prompts}
    call.world.changed("prompts", channel.id, call.bot, told)
    return {}


def _is_prompt(said: Any) -> bool:
    texts = (
        (said.get(n) for n in ("title", "message")) if isinstance(said, dict) else ()
    )
    found = list(texts)
    return bool(found) and all(isinstance(text, str) and text for text in found)


METHODS = {
    "assistant.threads.setStatus": Method(set_status, SCOPES),
    "assistant.threads.setSuggestedPrompts": Method(set_prompts, SCOPES),
    "assistant.threads.setTitle": Method(set_title, SCOPES),
}
