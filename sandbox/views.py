"""What happens to views: opened, pushed, updated, closed, published, filled in."""

import json
import secrets
from typing import Literal

from sandbox import state
from sandbox.block_ids import identified
from sandbox.blocks.limits import check_view
from sandbox.ids import new_id
from sandbox.model import App, Json, View
from sandbox.refusal import Refused
from sandbox.shape import file_json
from sandbox.world import Trigger, World

MAX_STACK = 3
MAX_BYTES = 250_000
FIELDS = (
    "title",
    "submit",
    "close",
    "private_metadata",
    "callback_id",
    "external_id",
    "clear_on_close",
    "notify_on_close",
    "submit_disabled",
)


def view_json(world: World, view: View) -> Json:
    """Return the view as Slack's payloads have it."""
    app, body = world.apps[view.app_id], view.body
    return {
        "id": view.id,
        "team_id": world.team.id,
        "type": view.kind,
        "blocks": body["blocks"],
        "private_metadata": body.get("private_metadata") or "",
        "callback_id": body.get("callback_id") or "",
        "state": {"values": _with_files(world, view.values)},
        "hash": view.hash,
        "title": body.get("title") or {"type": "plain_text", "text": "View Title"},
        "clear_on_close": bool(body.get("clear_on_close")),
        "notify_on_close": bool(body.get("notify_on_close")),
        "close": body.get("close"),
        "submit": body.get("submit"),
        "submit_disabled": bool(body.get("submit_disabled")),
        "previous_view_id": view.previous_id or None,
        "root_view_id": view.root_id,
        "app_id": view.app_id,
        "external_id": body.get("external_id") or "",
        "app_installed_team_id": world.team.id,
        "bot_id": app.bot_id,
    }


def _with_files(world: World, values: Json) -> Json:
    """Return the state, its files as `files.info` has them."""

    def whole(state: Json) -> Json:
        if "files" not in state:
            return state
        ids = [named.get("id") for named in state["files"]]
        known = [world.files[i] for i in ids if i in world.files]
        return state | {"files": [file_json(world, file) for file in known]}

    return {
        block: {action: whole(state) for action, state in actions.items()}
        for block, actions in values.items()
    }


def checked(world: World, body: Json, kind: str, replaced: str = "") -> Json:
    """Return the view's body if Slack would take it; refuse it with the reasons.

    `replaced` is the id of the view that it takes the place of.
    """
    wrong = check_view(body)
    if not wrong and body["type"] != kind:
        wrong = [f"[ERROR] type must be {kind} [json-pointer:/view/type]"]
    if wrong:
        raise Refused("invalid_arguments", *wrong)
    if len(json.dumps(body)) > MAX_BYTES:
        raise Refused("view_too_large")
    external = body.get("external_id")
    if external and any(
        v.body.get("external_id") == external and v.id != replaced
        for v in world.views.values()
    ):
        raise Refused("duplicate_external_id")
    kept = {name: body[name] for name in FIELDS if body.get(name) is not None}
    return kept | {"blocks": identified(body["blocks"])}


def open_view(world: World, app: App, trigger: Trigger, body: Json) -> View:
    """Open a modal for the user of the trigger; it takes the place of any stack."""
    for old in world.stacks.pop(trigger.user, []):
        world.views.pop(old, None)
    return _show(world, app, trigger, body, "view_opened")


def push_view(world: World, app: App, trigger: Trigger, body: Json) -> View:
    """Put a modal on top of the one that the trigger came from."""
    if trigger.view_id not in world.stacks.get(trigger.user, ()):
        raise Refused("not_found")
    if len(world.stacks[trigger.user]) >= MAX_STACK:
        raise Refused("push_limit_reached")
    return _show(world, app, trigger, body, "view_pushed")


def _show(world: World, app: App, trigger: Trigger, body: Json, change: str) -> View:
    below = world.stack(trigger.user)
    identity = new_id("V")
    view = View(
        id=identity,
        app_id=app.id,
        user=trigger.user,
        kind="modal",
        body=body,
        hash=_hash(world),
        root_id=below[0].id if below else identity,
        previous_id=below[-1].id if below else "",
        values=state.initial(body["blocks"], trigger.channel),
        origin={"channel": trigger.channel},
    )
    world.views[identity] = view
    world.stacks.setdefault(trigger.user, []).append(identity)
    _tell(world, view, change)
    return view


def update_view(world: World, view: View, body: Json, given_hash: str = "") -> View:
    """Give a view other contents; what was typed into fields that stay is kept."""
    if given_hash and given_hash != view.hash:
        raise Refused("hash_conflict")
    view.body = body
    fresh = state.initial(body["blocks"], view.origin.get("channel", ""))
    view.values = state.carried(view.values, fresh)
    view.hash = _hash(world)
    _tell(world, view, "view_updated" if view.kind == "modal" else "home_published")
    return view


def publish(world: World, app: App, user: str, body: Json, given_hash: str) -> View:
    """Show a Home to the user; the id stays from the first one on."""
    known = world.homes.get((app.id, user))
    if known:
        return update_view(world, world.views[known], body, given_hash)
    if given_hash:
        raise Refused("hash_conflict")
    identity = new_id("V")
    kind: Literal["modal", "home"] = "home"
    view = View(identity, app.id, user, kind, body, _hash(world), identity)
    view.values = state.initial(body["blocks"])
    world.views[identity] = view
    world.homes[app.id, user] = identity
    _tell(world, view, "home_published")
    return view


def close(world: World, view: View, *, clear: bool = False) -> list[View]:
    """Take the view off its stack, or all of the stack; return those closed."""
    stack = world.stacks.get(view.user, [])
    if view.id not in stack:
        raise Refused("view_not_found")
    gone = stack[:] if clear else stack[stack.index(view.id) :]
    world.stacks[view.user] = [v for v in stack if v not in gone]
    closed = [world.views.pop(identity) for identity in reversed(gone)]
    for each in closed:
        _tell(world, each, "view_closed")
    return closed


def fill(view: View, values: Json) -> View:
    """Fill in fields of a view, unseen by the app until it is told."""
    view.values = state.filled(view.body["blocks"], view.values, values)
    return view


def _tell(world: World, view: View, change: str) -> None:
    told: Json = {"view": view_json(world, view)}
    if view.kind == "modal":
        told["stack"] = list(world.stacks.get(view.user, ()))
    world.changed(change, "", view.user, told)


def _hash(world: World) -> str:
    return f"{int(world.now())}.{secrets.token_urlsafe(6)}"
