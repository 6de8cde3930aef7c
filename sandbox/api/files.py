"""Files: uploaded in two steps, looked up, deleted."""

from typing import Any

from sandbox import files
from sandbox.api.call import Call, Method
from sandbox.model import Channel, File, Json
from sandbox.posting import contents, destination
from sandbox.refusal import Refused
from sandbox.shape import file_json


def upload_url(call: Call) -> Json:
    """Return where to send a file's bytes."""
    name, length = call.required("filename"), call.number("length")
    call.required("length")
    if length < 1:
        raise Refused("invalid_arguments", "[ERROR] length must be more than 0")
    if length > files.MAX_BYTES:
        raise Refused("file_upload_size_restricted")
    file = files.start(call.world, call.bot, name)
    return {"upload_url": f"{call.world.url}/upload/v1/{file.id}", "file_id": file.id}


def complete_upload(call: Call) -> Json:
    """Finish uploads; share the files where the app says."""
    done = [_uploaded(call, said) for said in _named(call)]
    places = call.listed("channels") or call.listed("channel_id")
    channels = [destination(call.world, call.app, place) for place in places]
    said: Json = {"text": call.text("initial_comment")}
    said |= {"blocks": call.structure("blocks", list, "invalid_blocks_format")}
    said = contents(said) if any(said.values()) else {"text": "", "blocks": []}
    thread_ts = call.text("thread_ts")
    if thread_ts and any(thread_ts not in c.messages for c in channels):
        raise Refused("thread_not_found")
    files.complete(call.world, done)
    for channel in channels:
        _share(call, done, channel, said | {"thread_ts": thread_ts})
    return {"files": [file_json(call.world, file) for file in done]}


def _share(call: Call, done: list[File], channel: Channel, said: Json) -> None:
    files.share(
        call.world,
        done,
        channel,
        said["text"],
        thread_ts=said["thread_ts"],
        blocks=said["blocks"],
        app_id=call.app.id,
    )


def _named(call: Call) -> list[Json]:
    said: Any = call.structure("files", list, "invalid_arguments")
    good = said and all(isinstance(each, dict) and "id" in each for each in said)
    if not good:
        raise Refused("invalid_arguments", "[ERROR] missing required field: files")
    return list(said)


def _uploaded(call: Call, said: Json) -> File:
    file = call.world.files.get(str(said["id"]))
    if file is None or file.user != call.bot or file.is_complete:
        raise Refused("file_not_found")
    if not file.content:
        raise Refused("file_update_failed")
    if isinstance(said.get("title"), str) and said["title"]:
        file.title = said["title"]
    return file


def _known(call: Call) -> File:
    file = call.world.files.get(call.required("file"))
    if file is None or not file.is_complete or not may_read(call, file):
        raise Refused("file_not_found")
    return file


def may_read(call: Call, file: File) -> bool:
    """Return whether the bot is where it was shared, got it in a form, or sent it."""
    places = [call.world.channels[c] for c in file.shares]
    own = file.user == call.bot or call.app.id in file.given_to
    return own or any(call.bot in p.members for p in places)


def info(call: Call) -> Json:
    """Return what is known of a file."""
    return {"file": file_json(call.world, _known(call)), "comments": []}


def listed(call: Call) -> Json:
    """Return the files that the bot may read, the newest first."""
    channel, user = call.text("channel"), call.text("user")
    found = [
        file
        for file in reversed(call.world.files.values())
        if file.is_complete
        and may_read(call, file)
        and (not channel or channel in file.shares)
        and (not user or user == file.user)
    ]
    count, page = call.number("count", 100), call.number("page", 1)
    if count < 1 or page < 1:
        raise Refused("invalid_arguments")
    shown = found[(page - 1) * count : page * count]
    paging = {"count": count, "total": len(found), "page": page}
    paging["pages"] = -(-len(found) // count)
    return {"files": [file_json(call.world, f) for f in shown], "paging": paging}


def delete(call: Call) -> Json:
    """Delete one of the bot's own files."""
    file = _known(call)
    if file.user != call.bot:
        raise Refused("cant_delete_file")
    files.delete(call.world, file)
    return {}


METHODS = {
    "files.completeUploadExternal": Method(complete_upload, ("files:write",)),
    "files.delete": Method(delete, ("files:write",)),
    "files.getUploadURLExternal": Method(upload_url, ("files:write",)),
    "files.info": Method(info, ("files:read",)),
    "files.list": Method(listed, ("files:read",)),
}
