"""Slack's requests, each to one workflow. `register` is the table of contents."""

from slack_bolt import App

from handlers import digest, errors, risk


def register(app: App) -> None:
    """Connect every listener to `app`."""
    app.error(errors.show_error)
    digest.register(app)
    risk.register(app)
