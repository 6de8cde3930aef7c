"""Verbs that do what a person does in Slack."""

import base64
import binascii

from sandbox import conversations, finding
from sandbox.control.fields import text
from sandbox.control.meant import Meant
from sandbox.message_shape import message_json
from sandbox.model import Json
from sandbox.refusal import Refused
from sandbox.views import view_json


class People(Meant):
    """Act as anyone."""

    async def say(self, body: Json) -> Json:
        """Post a message; `thread_ts` replies in a thread."""
        message = await self.act.say(
            self.user(body),
            self.channel(body).id,
            text(body, "text"),
            body.get("thread_ts"),
        )
        return {"message": message_json(self.world, message)}

    async def edit(self, body: Json) -> Json:
        """Change one's own message."""
        where = self.channel(body).id, text(body, "ts")
        message = await self.act.edit(self.user(body), *where, text(body, "text"))
        return {"message": message_json(self.world, message)}

    async def delete(self, body: Json) -> Json:
        """Delete one's own message, or dismiss one only visible to oneself."""
        where = self.channel(body).id, text(body, "ts")
        await self.act.delete(self.user(body), *where)
        return {}

    async def react(self, body: Json) -> Json:
        """Add a reaction; with `remove`, take it away."""
        do = self.act.unreact if body.get("remove") else self.act.react
        where = self.channel(body).id, text(body, "ts")
        await do(self.user(body), *where, text(body, "name"))
        return {}

    async def command(self, body: Json) -> Json:
        """Type a slash command."""
        outcome = await self.act.command(
            self.user(body), self.channel(body).id, text(body, "text")
        )
        return {"outcome": outcome.as_json()}

    async def shortcut(self, body: Json) -> Json:
        """Use a shortcut; with `channel` and `ts`, on that message."""
        channel = self.channel(body).id if body.get("channel") else None
        outcome = await self.act.shortcut(
            self.user(body), text(body, "callback_id"), channel, body.get("ts")
        )
        return {"outcome": outcome.as_json()}

    async def click(self, body: Json) -> Json:
        """Press the button, or use the control, that is called `name`."""
        user, control = self.user(body), self.control(body)
        value = finding.chosen(self.world, control.element, body.get("value"))
        outcome = await self.act.block_action(
            user,
            control.container,
            control.block["block_id"],
            control.element["action_id"],
            value,
        )
        return {"outcome": outcome.as_json()}

    async def type(self, body: Json) -> Json:
        """Type into an external select; returns the options that the app offers."""
        user, control = self.user(body), self.control(body)
        outcome = await self.act.options(
            user,
            control.container,
            control.block["block_id"],
            control.element["action_id"],
            text(body, "value"),
        )
        return {"outcome": outcome.as_json()}

    async def fill(self, body: Json) -> Json:
        """Fill in fields of the modal on top, by label or block id."""
        view = self.modal(body)
        await self.act.set_state(view.user, view.id, self.values(view, body))
        return {"view": view_json(self.world, view)}

    async def submit(self, body: Json) -> Json:
        """Submit the modal on top, its fields filled in first."""
        view = self.modal(body)
        values = self.values(view, body)
        outcome = await self.act.submit_view(view.user, view.id, values)
        return {"outcome": outcome.as_json()}

    async def close(self, body: Json) -> Json:
        """Close the modal on top; with `clear`, the whole stack."""
        view, clear = self.modal(body), bool(body.get("clear"))
        outcome = await self.act.close_view(view.user, view.id, clear=clear)
        return {"outcome": outcome.as_json()}

    async def home(self, body: Json) -> Json:
        """Open an app's Home (`tab`: home or messages)."""
        app, user = self.app(body), self.user(body)
        channel = await self.act.open_home(user, app.id, body.get("tab", "home"))
        return {"channel": channel.id}

    async def dm(self, body: Json) -> Json:
        """Open the direct message with a person or an app (`with`)."""
        name = text(body, "with")
        app = self.app_called(name)
        other = app.id if app else self.named(name)
        channel = await self.act.open_dm(self.user(body), other)
        return {"channel": channel.id}

    async def upload(self, body: Json) -> Json:
        """Share a file: `name`, and `content` as text or `base64`.

        Without `channel` it is shared with nobody, for a form's field.
        """
        try:
            coded = base64.b64decode(str(body.get("base64", "")), validate=True)
        except (binascii.Error, ValueError) as error:
            raise Refused("invalid_arguments", "base64 is not base64") from error
        content = str(body.get("content", "")).encode() or coded
        who, name = self.user(body), text(body, "name")
        if not body.get("channel"):
            return {"file": (await self.act.keep(who, name, content)).id}
        where, said = self.channel(body).id, str(body.get("text", ""))
        return {"file": (await self.act.upload(who, where, name, content, said)).id}

    async def assistant(self, body: Json) -> Json:
        """Open a thread of an app's assistant pane."""
        app, user = self.app(body), self.user(body)
        return await self.act.start_assistant(user, app.id, body.get("context"))

    async def join(self, body: Json) -> Json:
        """Join a channel; with `leave`, leave it."""
        do = self.act.leave if body.get("leave") else self.act.join
        await do(self.user(body), self.channel(body).id)
        return {}

    async def invite(self, body: Json) -> Json:
        """Bring `others` into a channel; an app by its name."""
        others = [self.named(str(name)) for name in body.get("others", [])]
        channel = await self.act.invite(self.user(body), self.channel(body).id, others)
        return {"members": channel.members}

    async def archive(self, body: Json) -> Json:
        """Archive a channel."""
        conversations.archive(self.world, self.channel(body), self.user(body))
        return {}
