"""`riskdesk doctor`: what is wrong with this installation, and how to mend it."""

import os
from pathlib import Path

import typer
from dotenv import dotenv_values

from bot.checkup import Finding, check_up
from bot.logs import redact
from bot.settings import Settings


def doctor() -> None:
    """Check tokens, scopes, Socket Mode, database, time zone and policy.

    Fails if anything must be mended. Prints nothing secret.

    Example: riskdesk doctor
    """
    environ = {**dotenv_values(Path.cwd() / ".env"), **os.environ}
    secrets = _secrets(environ)
    findings = []
    for finding in check_up(environ):
        typer.echo(_without(secrets, _words(finding)))
        findings.append(finding)
    if any(finding.trouble for finding in findings):
        raise typer.Exit(1)


def _words(finding: Finding) -> str:
    if not finding.trouble:
        return f"ok     {finding.what}: {finding.said}"
    text = finding.trouble.replace("\n", "\n       ")
    return f"wrong  {finding.what}: {text}\n       → {finding.remedy}".rstrip()


def _secrets(environ: dict[str, str | None]) -> list[str]:
    """Return every value that must not be printed, also where it is ill-formed."""
    names = [name for name in Settings.model_fields if name.startswith("slack_")]
    names.remove("slack_api_url")
    values = (environ.get(name.upper()) for name in names)
    return [value for value in values if value]


def _without(secrets: list[str], text: str) -> str:
    for secret in secrets:
        text = text.replace(secret, "[redacted]")
    return redact(text)
