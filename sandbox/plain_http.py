"""Clients of servers on this machine's loopback, which speak no TLS and need no proxy.

To load the certificates of the world would take longer than most of their calls.
"""

from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from typing import Any

import httpx


def plain_client(**given: Any) -> httpx.Client:
    """Return a client that trusts no certificate, as `given` otherwise."""
    return httpx.Client(trust_env=False, verify=_trusting_nobody(), **given)


def plain_async_client() -> httpx.AsyncClient:
    """Return an asynchronous client that trusts no certificate."""
    return httpx.AsyncClient(trust_env=False, verify=_trusting_nobody())


def _trusting_nobody() -> SSLContext:
    return SSLContext(PROTOCOL_TLS_CLIENT)
