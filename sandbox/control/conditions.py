"""Verbs that set what goes wrong, what time it is, and how strict Slack is."""

from sandbox.control.fields import NUMBER, number, typed
from sandbox.control.meant import Meant
from sandbox.faults import Fault
from sandbox.model import Json
from sandbox.refusal import Refused

_RULES: Json = {
    "ack_seconds": NUMBER,
    "trigger_seconds": NUMBER,
    "one_message_a_second": bool,
}
_FAULT: Json = {
    "kind": str,
    "method": str,
    "channel": str,
    "times": int | None,
    "chance": NUMBER,
    "seconds": NUMBER,
    "status": int,
}
"""What rules and faults are made of."""
LONGEST_MOVE = 366 * 24 * 3600.0


class Conditions(Meant):
    """Change what the workspace is like."""

    async def fault(self, body: Json) -> Json:
        """Set a fault; without `kind`, list those that stand."""
        if "kind" in body:
            unknown = body.keys() - _FAULT.keys()
            if unknown:
                raise Refused("invalid_arguments", f"a fault has no {sorted(unknown)}")
            self.space.faults.add(Fault(**typed(body, _FAULT)))
        return {"faults": [f.as_json() for f in self.space.faults.standing]}

    async def calm(self, _: Json) -> Json:
        """Take all faults away."""
        self.space.faults.clear()
        return {}

    async def seed(self, body: Json) -> Json:
        """Make what happens by chance the same again."""
        self.space.faults.seed(int(number(body, "seed", 0)))
        return {}

    async def rules(self, body: Json) -> Json:
        """Switch ack_seconds, trigger_seconds, one_message_a_second."""
        unknown = body.keys() - _RULES.keys()
        if unknown:
            raise Refused("invalid_arguments", f"no rules {sorted(unknown)}")
        for name, value in typed(body, _RULES).items():
            setattr(self.world.rules, name, value)
        return {name: getattr(self.world.rules, name) for name in sorted(_RULES)}

    async def disconnect(self, body: Json) -> Json:
        """End an app's sockets; with `politely`, after asking it to connect anew."""
        ended = await self.space.delivery.sockets.disconnect(
            self.app(body).id, politely=bool(body.get("politely"))
        )
        return {"ended": ended}

    async def clock(self, body: Json) -> Json:
        """Move the clock ahead by `seconds`."""
        seconds = number(body, "seconds", 0)
        if not 0 <= seconds <= LONGEST_MOVE:
            raise Refused("invalid_arguments", "a clock moves ahead, a year at most")
        self.world.clock.move(seconds)
        return {"time": self.world.now()}

    async def reset(self, _: Json) -> Json:
        """Return to the workspace as it was at first, without what was said."""
        self.space.reset()
        return {}
