"""Socket Mode: Slack's requests over a connection that we open."""

import contextlib
import threading
from socket import SHUT_RDWR
from time import monotonic, time

from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode.internals import build_headers, send_response
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.metrics import Metrics


class Socket:
    """Answers what comes over the connection, until closed."""

    def __init__(
        self, app: App, metrics: Metrics, *, app_token: str, base_url: str
    ) -> None:
        """Ask `base_url` for a connection, not Slack's own as the SDK would."""
        self._app = app
        self._metrics = metrics
        self._idle = threading.Condition()
        self._running = 0
        self._stopping = False
        self._client = SocketModeClient(
            app_token=app_token, web_client=WebClient(base_url=base_url)
        )
        self._client.socket_mode_request_listeners.append(self._handle)

    def connect(self) -> None:
        """Open the connection; it is opened again whenever it drops."""
        self._client.connect()

    @property
    def connected(self) -> bool:
        """Return whether the connection stands."""
        return self._client.is_connected()

    def close(self, timeout: float) -> bool:
        """Take nothing new, answer what is in hand, hang up.

        What came in meanwhile is not acknowledged, so Slack gives it to another
        connection. Returns whether all was answered within `timeout` seconds.
        """
        until = monotonic() + timeout
        with self._idle:
            self._stopping = True
            while self._running and monotonic() < until:
                self._idle.wait(until - monotonic())
            done = not self._running
        self._hang_up()
        return done

    def _hang_up(self) -> None:
        """End the connection now: the SDK would first wait for what may still come."""
        client = self._client
        client.closed, client.auto_reconnect_enabled = True, False
        client.message_queue.put(None)
        session = client.current_session
        if session is not None and session.sock is not None:
            with contextlib.suppress(OSError):  # it has dropped already
                session.sock.shutdown(SHUT_RDWR)
        client.close()

    def _handle(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        with self._idle:
            if self._stopping:
                return
            self._running += 1
        try:
            started = time()
            asked = BoltRequest(
                mode="socket_mode", body=request.payload, headers=build_headers(request)
            )
            answer = self._metrics.dispatch(self._app, asked)
            send_response(client, request, answer, started)
        finally:
            with self._idle:
                self._running -= 1
                self._idle.notify_all()
