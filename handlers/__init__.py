"""Slack's requests, each to one workflow. `register` is the table of contents."""

from slack_bolt import App

from handlers import (
    check,
    decide,
    digest,
    errors,
    files,
    home,
    limit,
    lookup,
    overrides,
    risk,
    talk,
    whatif,
    why,
)


def register(app: App) -> None:
    """Connect every listener to `app`."""
    app.error(errors.show_error)
    check.register(app)
    decide.register(app)
    digest.register(app)
    files.register(app)
    home.register(app)
    limit.register(app)
    lookup.register(app)
    overrides.register(app)
    risk.register(app)
    talk.register(app)
    whatif.register(app)
    why.register(app)
