"""Who and what a request means: people, places, apps and controls, by their names."""

from typing import TYPE_CHECKING

from sandbox import finding
from sandbox.control.fields import text
from sandbox.model import App, Channel, Json, View
from sandbox.refusal import Refused

if TYPE_CHECKING:
    from sandbox.server import Workspace


class Meant:
    """Finds what is named; what all groups of verbs begin with."""

    def __init__(self, workspace: "Workspace") -> None:
        """Find in this workspace."""
        self.space = workspace
        self.world, self.act = workspace.world, workspace.actions

    def user(self, body: Json) -> str:
        """Return the id of the person named."""
        user = self.world.user_named(text(body, "user"))
        if user is None:
            raise Refused("user_not_found", f"nobody is called {body['user']!r}")
        return user.id

    def named(self, name: str) -> str:
        """Return the id of a person, or of an app's bot."""
        app, user = self.app_called(name), self.world.user_named(name)
        if app is None and user is None:
            raise Refused("user_not_found", f"nobody is called {name!r}")
        return app.bot_user if app else user.id if user else ""

    def channel(self, body: Json) -> Channel:
        """Return the conversation named."""
        name = text(body, "channel")
        channel = self.world.channel_named(name)
        if channel is None:
            raise Refused("channel_not_found", f"no channel is called {name!r}")
        return channel

    def app_called(self, name: str) -> App | None:
        """Return the app of this name or id; None where there is none."""
        known = self.world.apps.values()
        return next((a for a in known if name in {a.id, a.name, a.bot_user}), None)

    def app(self, body: Json) -> App:
        """Return the app named; the only one, where none is."""
        name = str(body.get("app") or "")
        apps = list(self.world.apps.values())
        app = self.app_called(name) if name else (apps[0] if apps else None)
        if app is None:
            raise Refused("app_not_found", f"no app is called {name!r}")
        return app

    def modal(self, body: Json) -> View:
        """Return the modal on top of a person's stack."""
        stack = self.world.stack(self.user(body))
        if not stack:
            raise Refused("view_not_found", "no modal is open")
        return stack[-1]

    def control(self, body: Json) -> finding.Control:
        """Return the control called `name`: of a message, a Home, or what is newest."""
        user, name = self.user(body), text(body, "name")
        if body.get("home"):
            known = self.world.homes.get((self.app(body).id, user))
            if known is None:
                raise Refused("view_not_found", "no Home is published")
            return finding.find([self.world.views[known]], name)
        channel = self.channel(body).id if body.get("channel") else ""
        if body.get("ts"):
            message = self.world.message(channel, str(body["ts"]))
            if message is None:
                raise Refused("message_not_found")
            return finding.find([message], name)
        return finding.find(finding.latest_first(self.world, user, channel), name)

    def values(self, view: View, body: Json) -> Json:
        """Return `body`'s fields, named by label or block id, as Slack's state."""
        values: Json = {}
        for name, value in (body.get("fields") or {}).items():
            control = finding.find([view], name)
            said = finding.chosen(self.world, control.element, value)
            mine = values.setdefault(control.block["block_id"], {})
            mine[control.element["action_id"]] = said
        return values
