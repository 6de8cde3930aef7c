"""The methods of the Web API, a module a family."""

from sandbox.api import (
    assistant,
    auth,
    chat,
    conversations,
    files,
    membership,
    reactions,
    scheduled,
    users,
    views,
)
from sandbox.api.call import Method

METHODS: dict[str, Method] = {
    **assistant.METHODS,
    **auth.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **membership.METHODS,
    **reactions.METHODS,
    **scheduled.METHODS,
    **users.METHODS,
    **views.METHODS,
}
"""Every method that is known, by name; `api.test` needs no token and stands apart."""
