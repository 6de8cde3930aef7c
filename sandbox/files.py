"""What happens to files: announced, uploaded, completed, shared, deleted."""

import mimetypes

from sandbox import messages
from sandbox.ids import new_id
from sandbox.model import Channel, File, Json, Message
from sandbox.shape import file_json
from sandbox.world import World

MAX_BYTES = 100 * 1024 * 1024

_PRETTY = {
    "csv": "CSV",
    "docx": "Word Document",
    "jpg": "JPEG",
    "json": "JSON",
    "md": "Markdown",
    "pdf": "PDF",
    "png": "PNG",
    "text": "Plain Text",
    "xlsx": "Excel Spreadsheet",
}


def start(world: World, user: str, name: str) -> File:
    """Announce a file that is about to be uploaded."""
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    ending = name.rpartition(".")[2].lower() if "." in name else "binary"
    kind = {"txt": "text", "jpeg": "jpg"}.get(ending, ending)
    file = File(
        id=new_id("F"),
        name=name,
        title=name,
        user=user,
        created=int(world.now()),
        mimetype=mimetype,
        filetype=kind,
        pretty_type=_PRETTY.get(kind, kind.upper()),
    )
    world.files[file.id] = file
    return file


def complete(world: World, done: list[File]) -> None:
    """Make uploaded files known to the workspace."""
    for file in done:
        file.is_complete = True
        world.changed("file", "", file.user, {"file": file_json(world, file)})


def hand_over(world: World, user: str, values: Json, app_id: str) -> None:
    """Let an app read the files that `user` put into a form's fields."""
    states = [state for actions in values.values() for state in actions.values()]
    for state in states:
        for named in state.get("files") or ():
            file = world.files.get(named.get("id", ""))
            if file and file.user == user and app_id not in file.given_to:
                file.given_to.append(app_id)


def share(
    world: World,
    shared: list[File],
    channel: Channel,
    text: str,
    *,
    thread_ts: str = "",
    blocks: list[Json] | None = None,
    app_id: str = "",
) -> Message:
    """Post a message that carries the files."""
    message = Message(
        ts=world.new_ts(),
        channel=channel.id,
        user=shared[0].user,
        text=text,
        blocks=blocks or [],
        thread_ts=thread_ts,
        app_id=app_id,
        subtype="" if app_id else "file_share",
        files=[file.id for file in shared],
    )
    for file in shared:
        file.shares.setdefault(channel.id, []).append(message.ts)
    messages.post(world, message)
    for file in shared:
        told = {"file": file_json(world, file), "ts": message.ts}
        world.changed("file_shared", channel.id, file.user, told)
    return message


def delete(world: World, file: File) -> None:
    """Delete a file; messages that carried it stay."""
    del world.files[file.id]
    world.changed("file_deleted", "", file.user, {"file_id": file.id})
