"""Every setting, read once from `.env` and the environment, and never again."""

from collections.abc import Mapping
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic import field_validator as check


class SettingsError(ValueError):
    """Settings are missing or wrong; the text names each, and what to do."""


class Settings(BaseModel):
    """The settings; `.env.example` lists the same names, and a test sees to it."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    slack_bot_token: SecretStr | None = Field(
        None,
        description="Bot User OAuth token, xoxb-…, from “OAuth & Permissions”",
    )
    slack_app_token: SecretStr | None = Field(
        None,
        description="App-level token, xapp-…, for Socket Mode (connections:write)",
    )
    slack_signing_secret: SecretStr | None = Field(
        None, description="Signing secret, for HTTP mode, from “Basic Information”"
    )
    slack_api_url: str = Field(
        "https://slack.com/api/", description="The server that speaks Slack's Web API"
    )
    database_url: str = Field(
        "sqlite:///riskdesk.db",
        description="A SQLite file, or postgresql://user:password@host/name",
    )
    riskdesk_policy: Path | None = Field(
        None, description="Policy file (TOML); empty means the one we bring"
    )
    riskdesk_timezone: str = Field(
        "UTC", description="The company's time zone (IANA), where its days begin"
    )
    riskdesk_currency: str = Field(
        "USD", description="Base currency (ISO 4217), in which exposure is counted"
    )
    riskdesk_admins: str = Field(
        "",
        description="Slack ids or e-mail addresses of who may grant roles, by comma",
    )
    port: int = Field(
        3000, ge=1, le=65535, description="Port of HTTP mode, /healthz and /metrics"
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")

    @check("slack_bot_token")
    @classmethod
    def _bot_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith("xoxb-"):
            raise ValueError("must start with xoxb-; copy the Bot User OAuth token")
        return value

    @check("slack_app_token")
    @classmethod
    def _app_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith("xapp-"):
            raise ValueError("must start with xapp-; make an App-Level Token")
        return value

    @check("slack_api_url")
    @classmethod
    def _api_url(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")):
            raise ValueError("must be a URL such as https://slack.com/api/")
        return value.rstrip("/") + "/"

    @check("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgres://", "postgresql")):
            raise ValueError("must start with sqlite:/// or postgresql://")
        return value

    @check("riskdesk_timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("is no IANA time zone; write e.g. Europe/Berlin")
        return value

    @check("riskdesk_currency")
    @classmethod
    def _currency(cls, value: str) -> str:
        if len(value) != 3 or not value.isalpha():  # noqa: PLR2004 - ISO 4217
            raise ValueError("must be three letters, e.g. EUR")
        return value.upper()

    @check("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @property
    def timezone(self) -> ZoneInfo:
        """Return the company's time zone."""
        return ZoneInfo(self.riskdesk_timezone)

    @property
    def admins(self) -> frozenset[str]:
        """Return who may grant roles: Slack ids and e-mail addresses."""
        names = (name.strip() for name in self.riskdesk_admins.split(","))
        return frozenset(name for name in names if name)

    @classmethod
    def load(cls, environ: Mapping[str, str | None], *needed: str) -> Self:
        """Return the settings in `environ`; `needed` ones must be there.

        Raises:
            SettingsError: names every missing or wrong one at once, and no value.

        """
        given = {k.lower(): v for k, v in environ.items() if v}
        wrong: list[str] = []
        for name in needed:
            if name not in given:
                about = cls.model_fields[name].description
                wrong.append(f"{name.upper()} is missing: {about}.")
        try:
            settings = cls.model_validate(
                {k: v for k, v in given.items() if k in cls.model_fields}
            )
        except ValidationError as error:
            for one in error.errors(include_input=False, include_url=False):
                text = one["msg"].removeprefix("Value error, ")
                wrong.append(f"{str(one['loc'][0]).upper()} {text}.")
        if wrong:
            raise SettingsError(
                "\n".join([*wrong, "Set them in .env or the environment."])
            )
        return settings
