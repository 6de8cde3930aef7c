"""Files dropped into our direct messages, and the questions they raise."""

from typing import Any

from slack_bolt import Ack, App, BoltResponse

from handlers.reply import Reply
from workflows.dropped_files import FORMS, Dropped, go_on, owe_imports
from workflows.services import Actor, Services

_ACTION = "import_"


def register(app: App) -> None:
    """Connect dropped files to `app`, before other messages."""
    app.event({"type": "message", "subtype": "file_share"})(take_files)
    app.action("import_dmy")(answer_question)
    app.action("import_mdy")(answer_question)
    app.action("import_comma")(answer_question)
    app.action("import_dot")(answer_question)
    app.action("import_net0")(answer_question)
    app.action("import_net14")(answer_question)
    app.action("import_net30")(answer_question)
    app.action("import_net60")(answer_question)
    app.action("import_net90")(answer_question)


def take_files(
    body: dict[str, Any], event: dict[str, Any], services: Services, actor: Actor
) -> BoltResponse:
    """Take the files of a direct message in hand; say so at once."""
    files = [_dropped(file) for file in event.get("files") or ()]
    if files and event.get("channel_type") == "im" and not event.get("bot_id"):
        owe_imports(
            services,
            actor,
            files,
            event_id=body["event_id"],
            channel=event["channel"],
            thread_ts=event.get("thread_ts"),
        )
    return BoltResponse(status=200)


def answer_question(
    ack: Ack, action: dict[str, Any], services: Services, actor: Actor, reply: Reply
) -> BoltResponse:
    """Read the file as its owner says."""
    form = str(action["action_id"]).removeprefix(_ACTION)
    if form in FORMS:
        started = go_on(services, actor, int(action["value"]), form)
        reply.privately(started, replace=True)
    return ack()


def _dropped(file: dict[str, Any]) -> Dropped:
    return Dropped(
        file_id=str(file["id"]),
        name=str(file.get("name") or file["id"]),
        url=str(file.get("url_private_download") or file.get("url_private") or ""),
        size=int(file.get("size") or 0),
    )
