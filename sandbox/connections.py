"""The server's TCP connections, so that a fault can cut one without an answer."""

from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from asyncio import Transport

Address = tuple[str, int]


class Connections:
    """Knows each open connection by its client's address."""

    def __init__(self) -> None:
        """Start with none."""
        self._open: dict[Address, Transport] = {}

    def cut(self, request: Request) -> None:
        """End the connection that `request` came by, unanswered."""
        client = request.client
        transport = self._open.get((client.host, client.port)) if client else None
        if transport is not None:
            transport.abort()

    def protocol(self) -> type[H11Protocol]:
        """Return uvicorn's HTTP protocol, which also tells us of its connections."""
        known = self._open

        class Known(H11Protocol):
            def connection_made(self, transport: Any) -> None:
                known[_address(transport)] = transport
                super().connection_made(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                known.pop(_address(self.transport), None)
                super().connection_lost(exc)

        return Known


def _address(transport: Any) -> Address:
    host, port = transport.get_extra_info("peername")[:2]
    return str(host), int(port)
