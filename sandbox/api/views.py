"""Modals and App Homes: views.open, push, update, publish."""

from typing import Any

from sandbox import triggers, views
from sandbox.api.call import Call, Method
from sandbox.model import Json, View
from sandbox.refusal import Refused
from sandbox.world import Trigger


def _body(call: Call) -> Json:
    body: Any = call.structure("view", dict, "invalid_arguments")
    if body is None:
        raise Refused("invalid_arguments", "[ERROR] missing required field: view")
    return dict(body)


def _trigger(call: Call) -> Trigger:
    name = "trigger_id" if call.has("trigger_id") else "interactivity_pointer"
    return triggers.exchange(call.world, call.app, call.required(name))


def open_modal(call: Call) -> Json:
    """Open a modal."""
    body = views.checked(call.world, _body(call), "modal")
    view = views.open_view(call.world, call.app, _trigger(call), body)
    return {"view": views.view_json(call.world, view)}


def push(call: Call) -> Json:
    """Put a modal on top of another."""
    body = views.checked(call.world, _body(call), "modal")
    view = views.push_view(call.world, call.app, _trigger(call), body)
    return {"view": views.view_json(call.world, view)}


def update(call: Call) -> Json:
    """Give a view other contents."""
    view = _known(call)
    body = views.checked(call.world, _body(call), view.kind, view.id)
    views.update_view(call.world, view, body, call.text("hash"))
    return {"view": views.view_json(call.world, view)}


def _known(call: Call) -> View:
    """Return the app's view named by its id or its external id."""
    if not call.has("view_id") and not call.has("external_id"):
        said = "[ERROR] missing required field: view_id or external_id"
        raise Refused("invalid_arguments", said)
    for view in call.world.views.values():
        named = (call.text("view_id"), call.text("external_id"))
        known = (view.id, view.body.get("external_id", ""))
        hit = any(n and n == k for n, k in zip(named, known, strict=True))
        if hit and view.app_id == call.app.id:
            return view
    raise Refused("not_found")


def publish(call: Call) -> Json:
    """Show a user the app's Home."""
    user = call.required("user_id")
    if not call.app.has_home:
        raise Refused("not_enabled")
    if user not in call.world.users:
        raise Refused("user_not_found")
    known = call.world.homes.get((call.app.id, user), "")
    body = views.checked(call.world, _body(call), "home", known)
    view = views.publish(call.world, call.app, user, body, call.text("hash"))
    return {"view": views.view_json(call.world, view)}


METHODS = {
    "views.open": Method(open_modal),
    "views.publish": Method(publish),
    "views.push": Method(push),
    "views.update": Method(update),
}
