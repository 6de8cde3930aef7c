"""What a person can do in the workspace; the page and the control API call these.

Every method raises `Refused` with Slack's name of the error where Slack's own
client would not let the person do it. Those that reach an app return an `Outcome`
once the app has acknowledged or failed to; what the person is then shown is an
`error` change in the world too.
"""

from typing import Any

from sandbox import conversations, files, messages, views
from sandbox.commands import run_command
from sandbox.deliver import Delivery
from sandbox.interact import Interactions
from sandbox.model import Channel, File, Json, Message, View
from sandbox.outcome import Outcome
from sandbox.refusal import Refused
from sandbox.typed import as_sent
from sandbox.world import World

__all__ = ["Actions", "Outcome"]


class Actions:
    """What users do, by their ids."""

    def __init__(self, world: World, delivery: Delivery) -> None:
        """Act in `world`; `delivery` carries to the apps what concerns them."""
        self.world = world
        self._delivery = delivery
        self._interactions = Interactions(world, delivery)

    async def say(
        self,
        user: str,
        channel: str,
        text: str,
        thread_ts: str | None = None,
        *,
        broadcast: bool = False,
    ) -> Message:
        """Post what the user typed; @names and #channels become links."""
        place = self.place(user, channel)
        message = Message(
            ts=self.world.new_ts(),
            channel=place.id,
            user=user,
            text=as_sent(self.world, text),
            thread_ts=thread_ts or "",
            broadcast=broadcast,
        )
        return messages.post(self.world, message)

    async def edit(self, user: str, channel: str, ts: str, text: str) -> Message:
        """Change the text of the user's own message."""
        message = self._own(user, channel, ts)
        text = as_sent(self.world, text)
        return messages.edit(self.world, message, user, text=text, blocks=[])

    async def delete(self, user: str, channel: str, ts: str) -> None:
        """Delete the user's own message; an ephemeral one is dismissed."""
        message = self._seen(user, channel, ts)
        if message.to == user:
            messages.replace_private(self.world, message, None)
            return
        messages.delete(self.world, self._own(user, channel, ts))

    async def react(self, user: str, channel: str, ts: str, name: str) -> None:
        """Add a reaction, an emoji's name with or without colons."""
        message = self._seen(user, channel, ts)
        messages.react(self.world, message, user, name.strip(":"))

    async def unreact(self, user: str, channel: str, ts: str, name: str) -> None:
        """Take the user's reaction away."""
        message = self._seen(user, channel, ts)
        messages.unreact(self.world, message, user, name.strip(":"))

    async def mark_read(self, user: str, channel: str, ts: str) -> None:
        """Mark the conversation read up to `ts`."""
        place = self.place(user, channel)
        place.read[user] = ts
        self.world.changed("read", place.id, user, {"ts": ts})

    async def upload(
        self,
        user: str,
        channel: str,
        name: str,
        content: bytes,
        text: str = "",
        *,
        thread_ts: str | None = None,
    ) -> File:
        """Share a file in the conversation."""
        place = self.place(user, channel)
        file = await self.keep(user, name, content)
        text = as_sent(self.world, text)
        files.share(self.world, [file], place, text, thread_ts=thread_ts or "")
        return file

    async def keep(self, user: str, name: str, content: bytes) -> File:
        """Upload a file for a form: nobody sees it but the app that gets the form."""
        if user not in self.world.users:
            raise Refused("user_not_found")
        file = files.start(self.world, user, name)
        file.content = content
        files.complete(self.world, [file])
        return file

    async def open_dm(self, user: str, other: str) -> Channel:
        """Return the direct message with `other`: a user's id, or an app's."""
        app = self.world.apps.get(other)
        partner = app.bot_user if app else other
        if user not in self.world.users or partner not in self.world.users:
            raise Refused("user_not_found")
        return self.world.direct(user, partner)

    async def join(self, user: str, channel: str) -> Channel:
        """Join a public channel."""
        return conversations.join(self.world, channel, user)

    async def leave(self, user: str, channel: str) -> None:
        """Leave a channel."""
        conversations.leave(self.world, channel, user)

    async def invite(self, user: str, channel: str, others: list[str]) -> Channel:
        """Bring other users into a channel."""
        place = self.place(user, channel)
        return conversations.invite(self.world, place.id, others, user)

    async def command(self, user: str, channel: str, text: str) -> Outcome:
        """Type a slash command, `/risk acme`; the ack's message is shown."""
        place = self.place(user, channel)
        return await run_command(self.world, self._delivery, user, place, text)

    async def shortcut(
        self,
        user: str,
        callback_id: str,
        channel: str | None = None,
        message_ts: str | None = None,
    ) -> Outcome:
        """Use a global shortcut, or with a message's place a message shortcut."""
        message = None
        if channel and message_ts:
            message = self._seen(user, channel, message_ts)
        return await self._interactions.shortcut(user, callback_id, message)

    async def block_action(
        self,
        user: str,
        container: Json,
        block_id: str,
        action_id: str,
        value: Json | None = None,
        *,
        state: Json | None = None,
    ) -> Outcome:
        """Use an interactive element.

        `container` is `{"type": "message", "channel_id", "message_ts"}` or
        `{"type": "view", "view_id"}`; `value` is the part of Slack's action that the
        user chose, as `{"selected_option": {…}}` or `{"value": "…"}`, nothing for a
        button; `state` is the whole state of the container's inputs, if known.
        """
        return await self._interactions.block_action(
            user, container, block_id, action_id, value or {}, given=state
        )

    async def options(
        self, user: str, container: Json, block_id: str, action_id: str, value: str
    ) -> Outcome:
        """Type `value` into an external select.

        The outcome's body holds `options` or `option_groups` as the app gave them.
        """
        return await self._interactions.options(
            user, container, block_id, action_id, value
        )

    async def set_state(self, user: str, view_id: str, values: Json) -> View:
        """Fill in fields of the user's view: block id → action id → state value."""
        return views.fill(self._view(user, view_id), values)

    async def submit_view(
        self, user: str, view_id: str, values: Json | None = None
    ) -> Outcome:
        """Submit the modal on top; `values` are filled in first.

        `errors` of the outcome are by block id: the client's own (a required field
        left empty) or the app's answer.
        """
        view = self._view(user, view_id)
        return await self._interactions.submit(user, view, values or {})

    async def close_view(
        self, user: str, view_id: str, *, clear: bool = False
    ) -> Outcome:
        """Close the modal on top, or with `clear` the whole stack."""
        view = self._view(user, view_id)
        return await self._interactions.close(user, view, clear=clear)

    async def open_home(self, user: str, app_id: str, tab: str = "home") -> Channel:
        """Open the app's Home (or `messages`) tab; returns their direct message."""
        app = self.world.apps.get(app_id)
        if app is None:
            raise Refused("app_not_found")
        channel = self.world.direct(user, app.bot_user)
        self._delivery.events.home_opened(app, user, channel, tab)
        return channel

    async def start_assistant(
        self, user: str, app_id: str, context_channel: str | None = None
    ) -> dict[str, Any]:
        """Open a new thread of the app's assistant pane: channel and thread_ts."""
        app = self.world.apps.get(app_id)
        if app is None or not app.is_assistant:
            raise Refused("app_not_found")
        place = conversations.start_assistant(self.world, app, user, context_channel)
        channel, thread_ts = place
        self._delivery.events.assistant_started(app, user, channel, thread_ts)
        return {"channel": channel.id, "thread_ts": thread_ts}

    def place(self, user: str, channel: str) -> Channel:
        """Return a conversation that the user may write in."""
        return conversations.writable(self.world, channel, user)

    def _seen(self, user: str, channel: str, ts: str) -> Message:
        conversations.visible(self.world, channel, user)
        message = self.world.message(channel, ts)
        if message is None or message.to not in {"", user}:
            raise Refused("message_not_found")
        return message

    def _own(self, user: str, channel: str, ts: str) -> Message:
        message = self._seen(user, channel, ts)
        if message.user != user or message.to:
            raise Refused("cant_update_message")
        return message

    def _view(self, user: str, view_id: str) -> View:
        view = self.world.views.get(view_id)
        if view is None or view.user != user:
            raise Refused("view_not_found")
        return view
