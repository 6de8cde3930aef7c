"""First aid: what may be wrong with an installation, and how to mend each."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.settings import Settings, SettingsError
from storage.database import Database, DatabaseFailed
from storage.migrate import pending
from storage.policy_file import PolicyInvalid, PolicyUnreadable, load_policy

MANIFEST = Path(__file__).parent.parent / "manifest.json"
SECONDS = 10
LARGEST_SKEW = 60
"""Seconds; at 300 Slack's requests look stale to us and all are refused."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: `trouble` is empty where all is well."""

    what: str
    said: str
    trouble: str = ""
    remedy: str = ""


def check_up(environ: Mapping[str, str | None]) -> Iterator[Finding]:
    """Yield what each check finds, in the order to mend things in."""
    try:
        settings = Settings.load(environ)
    except SettingsError as error:
        remedy = "Set them in .env or the environment; .env.example has all."
        yield Finding("Settings", "", str(error).partition("\nSet them")[0], remedy)
        return
    yield Finding("Settings", "valid")
    yield from _slack(settings)
    yield _socket_mode(settings)
    yield from _database(settings.database_url)
    yield Finding("Time zone", f"{settings.riskdesk_timezone}")
    yield _policy(settings.riskdesk_policy)


def needed_scopes() -> set[str]:
    """Return the bot scopes that the manifest asks for."""
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return set(manifest["oauth_config"]["scopes"]["bot"])


def _slack(settings: Settings) -> Iterator[Finding]:
    token = settings.slack_bot_token
    if token is None:
        remedy = "Set SLACK_BOT_TOKEN: “OAuth & Permissions” of your app has it."
        yield Finding("Bot token", "", "missing", remedy)
        return
    client = _client(settings, token)
    answer = _ask(client.auth_test)
    if isinstance(answer, str):
        remedy = f"Set SLACK_BOT_TOKEN anew, or SLACK_API_URL. {_advice(answer)}"
        yield Finding("Bot token", "", answer, remedy)
        return
    yield Finding("Bot token", f"{answer.get('user')} in {answer.get('team')}")
    headers = {k.lower(): v for k, v in answer.headers.items()}
    yield _scopes(headers.get("x-oauth-scopes"))
    yield _clock(headers.get("date"), datetime.now(UTC))


def _scopes(header: str | None) -> Finding:
    if header is None:
        return Finding("Scopes", "the server does not tell")
    lacking = needed_scopes() - {scope.strip() for scope in header.split(",")}
    if not lacking:
        return Finding("Scopes", "all there")
    remedy = "Add them under “OAuth & Permissions”, then reinstall the app."
    return Finding("Scopes", "", f"missing: {', '.join(sorted(lacking))}", remedy)


def _clock(header: str | None, now: datetime) -> Finding:
    try:
        theirs = parsedate_to_datetime(header or "")
    except ValueError:
        return Finding("Clock", "the server does not tell the time")
    skew = (now - theirs).total_seconds()
    if abs(skew) <= LARGEST_SKEW:
        return Finding("Clock", "agrees with Slack's")
    remedy = "Set this machine's clock, by NTP; Slack's requests look stale to it."
    return Finding("Clock", "", f"{skew:+.0f} s off Slack's", remedy)


def _socket_mode(settings: Settings) -> Finding:
    token = settings.slack_app_token
    if token is None:
        if settings.slack_signing_secret:
            return Finding("Socket Mode", "off: requests come signed, over HTTP")
        remedy = (
            "Set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for --http."
        )
        return Finding("Socket Mode", "", "no way for requests to come in", remedy)
    client = _client(settings, None)
    answer = _ask(
        lambda: client.apps_connections_open(app_token=token.get_secret_value())
    )
    if isinstance(answer, str):
        remedy = "Make an app-level token with connections:write, switch it on."
        return Finding("Socket Mode", "", answer, f"{remedy} {_advice(answer)}")
    return Finding("Socket Mode", "opens")


def _database(url: str) -> Iterator[Finding]:
    database = Database(url)
    try:
        lacking = pending(database.engine)
    except DatabaseFailed as error:
        why = str(error.orig).strip().partition("\n")[0]
        remedy = "Set DATABASE_URL, see that the server runs and lets us in."
        yield Finding("Database", "", why, remedy)
        return
    finally:
        database.close()
    yield Finding("Database", database.dialect)
    if lacking:
        text = f"not applied: {', '.join(lacking)}"
        yield Finding("Migrations", "", text, "Run `riskdesk db upgrade`.")
    else:
        yield Finding("Migrations", "up to date")


def _policy(file: Path | None) -> Finding:
    try:
        policy = load_policy(file) if file else load_policy()
    except PolicyInvalid as error:
        remedy = "Mend these lines, then `riskdesk policy check`."
        return Finding("Policy", "", str(error), remedy)
    except PolicyUnreadable as error:
        return Finding("Policy", "", f"{file}: {error.why}", "Set RISKDESK_POLICY.")
    return Finding("Policy", policy.version)


def _client(settings: Settings, token: SecretStr | None) -> WebClient:
    return WebClient(
        token.get_secret_value() if token else None,
        settings.slack_api_url,
        timeout=SECONDS,
        retry_handlers=[],
    )


def _ask(call: Callable[[], SlackResponse]) -> SlackResponse | str:
    """Return the answer, or the name of what went wrong."""
    try:
        return call()
    except SlackApiError as error:
        response: Any = error.response
        said = response.get("error")
        return str(said or f"HTTP {getattr(response, 'status_code', 'error')}")
    except (OSError, HTTPException, ValueError) as error:
        return f"cannot be reached ({type(error).__name__})"


_ADVICE = {
    "invalid_auth": "The token is not one of this workspace's.",
    "token_revoked": "It was revoked: reinstall the app.",
    "account_inactive": "The app was removed: install it again.",
    "not_allowed_token_type": "It is a token of another kind.",
}


def _advice(error: str) -> str:
    return _ADVICE.get(error, "")
