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
)


def register(app: App) -> None:
    """Connect every listener to `app`."""
    app.error(errors.show_error)
    risk.register(app)  # first: Bolt asks one listener after another
    check.register(app)
    decide.register(app)
    digest.register(app)
    files.register(app)
    home.register(app)
    limit.register(app)
    lookup.register(app)
    overrides.register(app)
    talk.register(app)
