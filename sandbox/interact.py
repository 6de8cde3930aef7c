"""Clicks, choices, shortcuts and submitted forms, sent to the app and answered."""

from typing import Any

from sandbox import files, payloads, state, triggers, views
from sandbox.deliver import Ack, Delivery
from sandbox.form import mistakes
from sandbox.model import App, Json, Message, View
from sandbox.outcome import Outcome
from sandbox.refusal import Refused
from sandbox.world import Trigger, World

MAX_OPTIONS = 100
CONNECTING = "We had some trouble connecting. Try again?"
SILENT = "This app did not respond in time."
BROKEN = "This app responded with an error."
ECHOED: dict[str, tuple[str, ...]] = {
    "button": ("text", "value", "style", "url", "confirm")
}
"""What of its own fields a button's click sends along."""
ECHOED_BY_OTHERS = ("placeholder", "confirm")


class Interactions:
    """What happens when people use what an app has shown them."""

    def __init__(self, world: World, delivery: Delivery) -> None:
        """Send through `delivery` what happens in `world`."""
        self._world = world
        self._delivery = delivery

    async def shortcut(
        self, user: str, callback_id: str, message: Message | None
    ) -> Outcome:
        """Use a shortcut, on a message or anywhere."""
        kind = "message" if message else "global"
        for app in self._world.apps.values():
            for declared in app.shortcuts:
                known = (declared.get("callback_id"), declared.get("type"))
                if known == (callback_id, kind):
                    payload = payloads.shortcut_payload(
                        self._world, app, user, callback_id, message
                    )
                    return await self._ask(app, user, payload)
        raise Refused("shortcut_not_found")

    async def block_action(
        self,
        user: str,
        container: Json,
        block_id: str,
        action_id: str,
        value: Json,
        *,
        given: Json | None,
    ) -> Outcome:
        """Use an element of a message or a view."""
        holder = self._holder(user, container)
        blocks = _blocks(holder)
        block, element = state.find(blocks, block_id, action_id)
        values = holder.values or state.initial(blocks)
        if given:
            values = state.filled(blocks, values, given)
        if element["type"] in state.VALUE_FIELD:
            said = {block_id: {action_id: value}}
            values = state.filled(blocks, values, said)
            value = values[block_id][action_id]
        holder.values = values
        if block["type"] == "input" and not block.get("dispatch_action"):
            return Outcome()
        action = self._action(block, element, value)
        payload = self._payload(user, holder, "block_actions")
        payload["actions"] = [action]
        return await self._ask(self._app(holder), user, payload)

    def _action(self, block: Json, element: Json, value: Json) -> Json:
        """Return the entry of `actions` for what was used."""
        action = {
            "type": element["type"],
            "block_id": block["block_id"],
            "action_id": element["action_id"],
            "action_ts": self._world.new_ts(),
        }
        own: tuple[str, ...] = (
            *ECHOED_BY_OTHERS,
            state.VALUE_FIELD.get(element["type"], ("", ""))[1],
        )
        own = ECHOED.get(element["type"], own)
        action |= {name: element[name] for name in own if name in element}
        if element["type"] == "overflow":
            chosen = value.get("selected_option") or {}
            known = [o for o in element["options"] if o["value"] == chosen.get("value")]
            if not known:
                raise Refused("invalid_arguments", "no such option")
            return action | {"selected_option": known[0]}
        if element["type"] in {"button", "workflow_button", "icon_button"}:
            return action
        if element["type"] == "feedback_buttons":
            return action | _feedback(element, value)
        return action | value

    async def options(
        self,
        user: str,
        container: Json,
        block_id: str,
        action_id: str,
        value: str,
    ) -> Outcome:
        """Ask the app for the options that fit what was typed."""
        holder = self._holder(user, container)
        _, element = state.find(_blocks(holder), block_id, action_id)
        if "external" not in element["type"]:
            raise Refused("invalid_arguments", f"a {element['type']} has its options")
        if len(value) < element.get("min_query_length", 3):
            return Outcome(body={"options": []})
        payload = self._payload(user, holder, "block_suggestion")
        ids = {"action_id": action_id, "block_id": block_id, "value": value}
        outcome = await self._ask(self._app(holder), user, payload | ids)
        if outcome.ok and not _offers(outcome.body):
            return self._fail(user, "invalid_options", BROKEN)
        return outcome

    async def submit(self, user: str, view: View, values: Json) -> Outcome:
        """Submit a modal; what the app answers happens to it."""
        if view.kind != "modal" or view.body.get("submit_disabled"):
            raise Refused("invalid_arguments", "this view cannot be submitted")
        views.fill(view, values)
        errors = mistakes(view.body["blocks"], view.values)
        if errors:
            return Outcome(ok=False, error="invalid_form", errors=errors)
        app = self._world.apps[view.app_id]
        files.hand_over(self._world, view.user, view.values, app.id)
        payload = payloads.view_payload(self._world, app, view, "view_submission")
        ack = await self._delivery.ask(app, "interactive", payload)
        if not ack.ok:
            return self._fail(user, ack.error, CONNECTING)
        try:
            return self._after_submission(app, view, ack.body)
        except Refused as refused:
            outcome = self._fail(user, refused.error, CONNECTING)
            outcome.body = ack.body | refused.answer()
            return outcome

    def _after_submission(self, app: App, view: View, body: Json) -> Outcome:
        world, action = self._world, body.get("response_action")
        if view.id not in world.stacks.get(view.user, ()):
            return Outcome(body=body)
        if action == "errors":
            return _errors(view, body)
        if action == "clear":
            views.close(world, view, clear=True)
        elif action == "update":
            content = views.checked(world, _view_of(body), "modal", view.id)
            views.update_view(world, view, content)
        elif action == "push":
            content = views.checked(world, _view_of(body), "modal")
            trigger = Trigger("", app.id, view.user, world.now(), "", view.id)
            views.push_view(world, app, trigger, content)
        elif action:
            raise Refused("invalid_arguments", f"no response_action {action!r}")
        else:
            views.close(world, view)
        return Outcome(body=body)

    async def close(self, user: str, view: View, *, clear: bool) -> Outcome:
        """Close a modal, or the stack; tell the app of those it asked about."""
        clear = clear or bool(view.body.get("clear_on_close"))
        closed = views.close(self._world, view, clear=clear)
        outcome = Outcome()
        for each in closed:
            if each.body.get("notify_on_close"):
                app = self._world.apps[each.app_id]
                payload = payloads.view_payload(self._world, app, each, "view_closed")
                outcome = await self._ask(app, user, payload | {"is_cleared": clear})
        return outcome

    async def _ask(self, app: App, user: str, payload: Json) -> Outcome:
        if not app.is_interactive:
            return self._fail(user, "interactivity_disabled", BROKEN)
        ack: Ack = await self._delivery.ask(app, "interactive", payload)
        if ack.ok:
            return Outcome(body=ack.body)
        late = ack.error == "operation_timeout"
        return self._fail(user, ack.error, SILENT if late else BROKEN)

    def _fail(self, user: str, error: str, text: str) -> Outcome:
        self._world.changed("error", "", user, {"text": text, "error": error})
        return Outcome(ok=False, error=error, text=text)

    def _holder(self, user: str, container: Json) -> Message | View:
        """Return the message or view that the user used."""
        if container.get("type") == "view" or container.get("view_id"):
            view = self._world.views.get(container.get("view_id", ""))
            if view is None or view.user != user:
                raise Refused("view_not_found")
            return view
        channel = container.get("channel_id", "")
        message = self._world.message(channel, container.get("message_ts", ""))
        if message is None or message.to not in {"", user}:
            raise Refused("message_not_found")
        return message

    def _app(self, holder: Message | View) -> App:
        if holder.app_id not in self._world.apps:
            raise Refused("app_not_found")
        return self._world.apps[holder.app_id]

    def _payload(self, user: str, holder: Message | View, kind: str) -> Json:
        world, app = self._world, self._app(holder)
        clicked = kind == "block_actions"
        if isinstance(holder, View):
            payload = payloads.from_view(world, app, holder, kind)
            if clicked:
                where = holder.origin.get("channel", "")
                payload["trigger_id"] = triggers.issue(
                    world, app, user, channel=where, view_id=holder.id
                )
            return payload
        payload = payloads.from_message(world, app, user, holder, kind)
        if clicked:
            payload["trigger_id"] = triggers.issue(
                world, app, user, channel=holder.channel
            )
            payload["response_url"] = payloads.response_url(
                world, app, user, holder.channel, holder
            )
            payload["state"] = {"values": holder.values}
        return payload


def _feedback(element: Json, value: Json) -> Json:
    """Return which of the two buttons was pressed."""
    for button in (element["positive_button"], element["negative_button"]):
        if button["value"] == value.get("value"):
            return {"text": button["text"], "value": button["value"]}
    raise Refused("invalid_arguments", "no such button")


def _blocks(holder: Message | View) -> list[Json]:
    """Return all blocks of a message, its attachments' too, or of a view."""
    if isinstance(holder, View):
        return list(holder.body["blocks"])
    inner = [a.get("blocks") or [] for a in holder.attachments]
    return [*holder.blocks, *(block for blocks in inner for block in blocks)]


def _errors(view: View, body: Json) -> Outcome:
    """Return the app's errors, which must name inputs of the view."""
    errors: Any = body.get("errors")
    inputs = {b["block_id"] for b in view.body["blocks"] if b.get("type") == "input"}
    if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
        raise Refused("invalid_arguments", "errors must be by input blocks' ids")
    said = {block: str(text) for block, text in errors.items()}
    return Outcome(ok=False, error="form_errors", errors=said, body=body)


def _view_of(body: Json) -> Json:
    view = body.get("view")
    if not isinstance(view, dict):
        raise Refused("invalid_arguments", "the answer has no view")
    return view


def _offers(body: Json) -> bool:
    """Return whether the app's answer holds options in good form."""
    options: Any = body.get("options")
    if options is None:
        groups: Any = body.get("option_groups")
        return isinstance(groups, list)
    return isinstance(options, list) and len(options) <= MAX_OPTIONS
