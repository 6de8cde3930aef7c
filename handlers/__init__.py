"""Slack's requests, each to one workflow. `register` is the table of contents."""

from slack_bolt import App

from handlers import (
    alerts,
    check,
    decide,
    digest,
    errors,
    evidence,
    files,
    home,
    limit,
    lookup,
    offers,
    overrides,
    problems,
    risk,
    rule_score,
    rules,
    talk,
    watch,
    whatif,
    why,
)


def register(app: App) -> None:
    """Connect every listener to `app`."""
    app.error(errors.show_error)
    risk.register(app)  # first: Bolt asks one listener after another
    alerts.register(app)
    check.register(app)
    decide.register(app)
    digest.register(app)
    evidence.register(app)
    files.register(app)
    home.register(app)
    limit.register(app)
    lookup.register(app)
    offers.register(app)
    overrides.register(app)
    problems.register(app)
    rule_score.register(app)
    rules.register(app)
    talk.register(app)
    whatif.register(app)
    watch.register(app)
    why.register(app)
