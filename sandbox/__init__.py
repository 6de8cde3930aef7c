"""A Slack-compatible workspace in the browser."""
