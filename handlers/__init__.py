"""Slack's requests, each to one workflow."""
