"""The running desk: what listens, what happens by itself, what delivers."""

import logging
import threading
from typing import Self

from pydantic import SecretStr
from slack_bolt import App
from slack_sdk import WebClient

from bot.afterwards import Afterwards
from bot.app import build_app
from bot.build import build_services
from bot.delivery import Delivery
from bot.fetch import Fetcher
from bot.metrics import Metrics
from bot.readers import Readers
from bot.schedule import build_schedule
from bot.settings import Settings
from bot.slack import SlackPost
from bot.socket_mode import Socket
from workflows.services import Services

log = logging.getLogger(__name__)

CALL_SECONDS = 2
"""How long a call to Slack may take while somebody waits for an answer."""

STOP_SECONDS = 25
"""What orchestrators leave between SIGTERM and SIGKILL, less a little."""


class Desk:
    """All parts of one replica; `start` and `stop` them together."""

    def __init__(
        self,
        *,
        services: Services,
        app: App,
        delivery: Delivery,
        readers: Readers,
        fetch: Fetcher,
        socket: Socket | None,
        metrics: Metrics,
        afterwards: Afterwards,
    ) -> None:
        """Hold the parts; nothing runs until `start`."""
        self.services, self.app, self.metrics = services, app, metrics
        self._delivery, self._socket = delivery, socket
        self._afterwards = afterwards
        self._stopping = threading.Event()
        self._schedule = build_schedule(services, readers, fetch, self._stopping.is_set)

    @classmethod
    def build(cls, settings: Settings, *, http: bool) -> Self:
        """Return a desk that listens over HTTP, or by Socket Mode."""
        wake = threading.Event()
        afterwards = Afterwards()
        services = build_services(
            settings, wake_delivery=wake.set, afterwards=afterwards
        )
        token, url = _reveal(settings.slack_bot_token), settings.slack_api_url
        client = WebClient(token, url, timeout=CALL_SECONDS)
        secret = _reveal(settings.slack_signing_secret) if http else ""
        app = build_app(services, client, signing_secret=secret)
        metrics = Metrics(services.database)
        socket = None
        if not http:
            app_token = _reveal(settings.slack_app_token)
            socket = Socket(app, metrics, app_token=app_token, base_url=url)
        delivery = Delivery(services, SlackPost(token, url, services.now), wake)
        return cls(
            services=services,
            app=app,
            delivery=delivery,
            readers=Readers(services, client),
            fetch=Fetcher(client),
            socket=socket,
            metrics=metrics,
            afterwards=afterwards,
        )

    def start(self) -> None:
        """Begin: first what we owe, then what comes in."""
        self._delivery.start()
        self._schedule.start()
        if self._socket:
            self._socket.connect()
        log.info("desk.started", extra={"socket_mode": self._socket is not None})

    def stop(self) -> None:
        """Take nothing new, finish what is in hand, and leave the rest stored."""
        self._stopping.set()
        answered = self._socket is None or self._socket.close(STOP_SECONDS)
        self._afterwards.close()
        self._schedule.shutdown(wait=True)
        delivered = self._delivery.stop(STOP_SECONDS)
        self.services.database.close()
        log.info("desk.stopped", extra={"answered": answered, "delivered": delivered})

    @property
    def troubles(self) -> list[str]:
        """Return what does not run as it should; empty while all is well."""
        states = {
            "delivery": self._delivery.alive,
            "schedule": bool(self._schedule.running),
            "socket": self._socket is None or self._socket.connected,
        }
        return [name for name, well in states.items() if not well]


def _reveal(secret: SecretStr | None) -> str:
    """Return a secret's value; empty where there is none."""
    return secret.get_secret_value() if secret else ""
