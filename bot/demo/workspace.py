"""The demo's workspace: who is there, where they talk, what to try first."""

import json
from pathlib import Path
from typing import Any

from bot.demo.people import CHANNELS, PERSONAS, Persona

MANIFEST = Path(__file__).parents[2] / "manifest.json"
BOT_TOKEN, APP_TOKEN = "xoxb-demo-workspace", "xapp-1-demo-workspace"
"""They open a workspace on this machine's loopback, and nothing else."""

BOT = "U0RISKDESK"
TRY_FIRST = (
    ("/risk Brightwater", "C0SALES"),
    ("/risk help", "C0SALES"),
    ("/risk digest", "C0RISK"),
    ("/risk digest now", "C0RISK"),
    ("/risk 青杉精密", "C0CHINA"),
    ("/risk ylfz", "C0CHINA"),
    ("is Northgate Tooling ok?", ""),
    ("青杉精密怎么样", ""),
    ("what if Brightwater pays everything overdue", ""),
    ("如果云岚纺织付清最早的两张发票", ""),
)
"""What a first-time visitor is offered, and where; the last four go to the desk."""


def demo_workspace() -> dict[str, Any]:
    """Return the workspace's configuration, as `riskdesk sandbox --config` takes it."""
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return {
        "team": {"id": "T0DEMO", "name": "Demo company", "domain": "demo"},
        "users": [_user(person) for person in PERSONAS],
        "channels": [
            {
                "id": channel.slack_id,
                "name": channel.name,
                "topic": channel.topic,
                "members": [*channel.members, "Riskdesk"],
                "is_ext_shared": channel.shared,
                "connected_teams": ["T0INSURER"] if channel.shared else [],
            }
            for channel in CHANNELS
        ],
        "apps": [
            {
                "id": "A0RISKDESK",
                "name": "Riskdesk",
                "bot_user": BOT,
                "bot_id": "B0RISKDESK",
                "bot_token": BOT_TOKEN,
                "app_token": APP_TOKEN,
                "manifest": manifest,
            }
        ],
        "welcome": [{"text": text, "channel": channel} for text, channel in TRY_FIRST],
    }


def _user(person: Persona) -> dict[str, Any]:
    return {
        "id": person.slack_id,
        "name": person.name.split()[0].casefold(),
        "real_name": person.name,
        "title": person.title,
        "email": person.email,
        "locale": person.language,
        "tz": person.timezone,
        "is_restricted": person.guest,
    }
