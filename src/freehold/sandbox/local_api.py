"""The local API of one environment: what its programs reach at AWS_LAMBDA_RUNTIME_API.

One idea: one socket, and behind it four APIs told apart by the version that begins a path. The socket stays while the
environment does; the APIs behind it are made anew for each life. It may not know processes or what the APIs do.
"""

import asyncio
from socket import socket

from freehold.sandbox import extensions_api, runtime_api
from freehold.sandbox.extensions_api import ExtensionsApi
from freehold.sandbox.http1 import Connection, Request
from freehold.sandbox.runtime_api import MODE_HEADER, RESPONSE_BYTES_MAX, RuntimeApi, not_found
from freehold.sandbox.telemetry_api import DIALECTS, TelemetryApi

PORT = 9001
CONNECTIONS_MAX = 256
PING = f"{runtime_api.PREFIX}ping"


class LocalApi:
    """Serves the programs of one environment: `listen` once, `enter` for each life."""

    def __init__(self) -> None:
        self.address = ""
        self._runtime: RuntimeApi | None = None
        self._extensions: ExtensionsApi | None = None
        self._telemetry: TelemetryApi | None = None
        self._server: asyncio.Server | None = None
        self._connections: set[Connection] = set()

    async def listen(self, door: socket) -> None:
        """Serve at a socket that listens. Afterwards `address` is the value of AWS_LAMBDA_RUNTIME_API."""
        self._server = await asyncio.get_running_loop().create_server(self._connect, sock=door)
        host, port = self._server.sockets[0].getsockname()
        self.address = f"{host}:{port}"

    def enter(self, runtime: RuntimeApi, extensions: ExtensionsApi, telemetry: TelemetryApi) -> None:
        """A new life begins: these answer from now on."""
        self._runtime, self._extensions, self._telemetry = runtime, extensions, telemetry

    def hang_up(self) -> None:
        """Close every connection; who still calls is not served until the next life."""
        self._runtime = self._extensions = self._telemetry = None
        for connection in self._connections:
            connection.close()
        self._connections.clear()

    def close(self) -> None:
        """Hang up and shut the door."""
        self.hang_up()
        if self._server is not None:
            self._server.close()

    def _connect(self) -> Connection:
        """A new connection. One too many is hung up on, so that no program can use up the server's descriptors."""
        connection = Connection(self, RESPONSE_BYTES_MAX)
        if len(self._connections) >= CONNECTIONS_MAX:
            self._connections = {known for known in self._connections if not known.closed}
        if len(self._connections) >= CONNECTIONS_MAX:
            connection.close()
        else:
            self._connections.add(connection)
        return connection

    def meet(self, request: Request) -> None:
        """The head of a request is there."""
        if MODE_HEADER in request.headers and self._runtime is not None and request.path.startswith(runtime_api.PREFIX):
            self._runtime.meet(request, request.path.removeprefix(runtime_api.PREFIX))

    def serve(self, request: Request) -> None:
        """A request is whole: let its API answer it."""
        if self._runtime is None or self._extensions is None or self._telemetry is None:
            request.hang_up()
            return
        path = request.path.partition("?")[0]
        if path.startswith(runtime_api.PREFIX):
            if path == PING:
                request.answer(200, b"pong", content_type="text/plain; charset=utf-8")
            else:
                self._runtime.serve(request, path.removeprefix(runtime_api.PREFIX))
        elif path.startswith(extensions_api.PREFIX):
            self._extensions.serve(request, path.removeprefix(extensions_api.PREFIX))
        elif path.rstrip("/") in DIALECTS:
            self._telemetry.serve(request, path.rstrip("/"))
        else:
            not_found(request)
