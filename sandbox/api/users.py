"""People: users.info and its kin."""

from sandbox.api.call import Call, Method
from sandbox.model import Json, User
from sandbox.refusal import Refused
from sandbox.shape import user_json


def info(call: Call) -> Json:
    """Return what is known of a user."""
    user = call.world.users.get(call.required("user"))
    if user is None:
        raise Refused("user_not_found")
    return {"user": _shown(call, user)}


def _shown(call: Call, user: User) -> Json:
    email = "users:read.email" in call.app.scopes
    locale = call.flag("include_locale")
    return user_json(call.world, user, locale=locale, email=email)


def listed(call: Call) -> Json:
    """Return all users."""
    users = list(call.world.users.values())
    page, metadata = call.page(users, lambda user: user.id, default=1000)
    return {
        "members": [_shown(call, user) for user in page],
        "cache_ts": int(call.world.now()),
        "response_metadata": metadata,
    }


def by_email(call: Call) -> Json:
    """Return the user of an e-mail address."""
    email = call.required("email").casefold()
    for user in call.world.users.values():
        if user.email.casefold() == email and not user.deleted:
            return {"user": _shown(call, user)}
    raise Refused("users_not_found")


def profile(call: Call) -> Json:
    """Return a user's profile."""
    user = call.world.users.get(call.text("user") or call.bot)
    if user is None:
        raise Refused("user_not_found")
    return {"profile": _shown(call, user)["profile"]}


def presence(call: Call) -> Json:
    """Return whether a user is there; in a sandbox they always are."""
    if call.required("user") not in call.world.users:
        raise Refused("user_not_found")
    return {"presence": "active"}


METHODS = {
    "users.getPresence": Method(presence, ("users:read",)),
    "users.info": Method(info, ("users:read",)),
    "users.list": Method(listed, ("users:read",)),
    "users.lookupByEmail": Method(by_email, ("users:read.email",)),
    "users.profile.get": Method(profile, ("users.profile:read", "users:read")),
}
