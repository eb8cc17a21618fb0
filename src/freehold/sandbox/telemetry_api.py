"""The Telemetry API, version 2022-07-01, and the older Logs API, version 2020-08-15: subscriptions.

One idea: the two are one API under two names; what differs stands in one table. A subscription that holds is a value,
handed to whoever delivers. It may not know deliveries, processes or logs.

https://docs.aws.amazon.com/lambda/latest/dg/telemetry-api-reference.html
https://docs.aws.amazon.com/lambda/latest/dg/runtimes-logs-api.html
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import msgspec
import orjson

from freehold.sandbox.extensions_api import Extension, ExtensionsApi
from freehold.sandbox.http1 import Request
from freehold.sandbox.runtime_api import not_found, refuse

TYPES = ("platform", "function", "extension")
HOSTS = ("sandbox.localdomain", "sandbox", "127.0.0.1", "localhost")
RESERVED_PORT = 9001
PORT_MAX = 65_535
OK = b'"OK"'


class Dialect(msgspec.Struct, frozen=True):
    """How one of the two APIs calls things. `event` is the platform's own event that tells of a subscription."""

    path: str
    title: str
    schemas: tuple[str, ...]
    invalid: str
    closed: str
    event: str


DIALECTS = {
    dialect.path: dialect
    for dialect in (
        Dialect(
            path="/2022-07-01/telemetry",
            title="Telemetry API",
            schemas=("2022-07-01", "2022-12-13", "2025-01-29"),
            invalid="ValidationError",
            closed="Telemetry.SubscriptionClosed",
            event="platform.telemetrySubscription",
        ),
        Dialect(
            path="/2020-08-15/logs",
            title="Logs API",
            schemas=("2020-08-15", "2021-03-18"),
            invalid="Logs.ValidationError",
            closed="Logs.SubscriptionClosed",
            event="platform.logsSubscription",
        ),
    )
}


class Range(msgspec.Struct, frozen=True):
    """What a buffering setting may be, and what it is where nobody says."""

    default: int
    least: int
    most: int


BUFFERING = {
    "maxItems": Range(10_000, 1_000, 10_000),
    "maxBytes": Range(262_144, 262_144, 1_048_576),
    "timeoutMs": Range(1_000, 25, 30_000),
}


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """Who wants which events, where, and in what batches. `path` is None for TCP."""

    name: str
    dialect: Dialect
    schema: str
    types: tuple[str, ...]
    port: int
    path: str | None
    method: str
    items_max: int
    bytes_max: int
    timeout_ms: int


class TelemetryApi:
    """Takes subscriptions of registered extensions until it is closed. `on_subscribe` gets each that holds."""

    def __init__(self, extensions: ExtensionsApi, on_subscribe: Callable[[Subscription], None]) -> None:
        self.open = True
        self._extensions = extensions
        self._on_subscribe = on_subscribe
        self._chosen: Dialect | None = None

    def serve(self, request: Request, path: str) -> None:
        """Answer one subscription; `path` is whole, without its query."""
        dialect = DIALECTS.get(path)
        if dialect is None or request.method != "PUT":
            not_found(request)
        elif (extension := self._extensions.identify(request)) is not None:
            self._subscribe(request, dialect, extension)

    def _subscribe(self, request: Request, dialect: Dialect, extension: Extension) -> None:
        if not self.open:
            refuse(request, 403, dialect.closed, f"{dialect.title} subscription is closed")
            return
        problems: list[str] = []
        subscription = read(request.body, dialect, extension.name, problems)
        if subscription is None:
            refuse(request, 400, dialect.invalid, "; ".join(problems))
        elif self._chosen not in (None, dialect):
            refuse(request, 400, dialect.invalid, "Logs API and Telemetry API can not be subscribed to both")
        else:
            self._chosen = dialect
            request.answer(200, OK)
            self._on_subscribe(subscription)


def read(body: bytes, dialect: Dialect, name: str, problems: list[str]) -> Subscription | None:
    """A subscription out of a request's body; None where there are problems, all of which are noted."""
    try:
        told: Any = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        problems.append(f"invalid JSON: {error}")
        return None
    if not isinstance(told, dict):
        problems.append("the body should be a JSON object")
        return None
    schema = _schema(told.get("schemaVersion"), dialect, problems)
    types = _types(told.get("types"), problems)
    port, path, method = _destination(told.get("destination"), problems)
    buffering = _buffering(told.get("buffering"), problems)
    if problems:
        return None
    return Subscription(
        name=name, dialect=dialect, schema=schema, types=types, port=port, path=path, method=method,
        items_max=buffering["maxItems"], bytes_max=buffering["maxBytes"], timeout_ms=buffering["timeoutMs"],
    )  # fmt: skip


def _schema(told: Any, dialect: Dialect, problems: list[str]) -> str:
    if told is None and dialect.title == "Logs API":
        return dialect.schemas[0]
    if told not in dialect.schemas:
        problems.append("schemaVersion is not provided" if told is None else f"schemaVersion {told!r} is not supported")
    return str(told)


def _types(told: Any, problems: list[str]) -> tuple[str, ...]:
    if not isinstance(told, list) or not told:
        problems.append("types should not be empty")
        return ()
    problems += [f"type {kind!r} is not supported" for kind in told if kind not in TYPES]
    return tuple(kind for kind in TYPES if kind in told)


def _destination(told: Any, problems: list[str]) -> tuple[int, str | None, str]:
    """Port, path and method; HTTP names them in a URI, TCP has a port only."""
    if not isinstance(told, dict):
        problems.append("destination is not provided")
        return 0, None, ""
    method = str(told.get("method") or "POST")
    path: str | None = None
    match told.get("protocol"):
        case "HTTP":
            port, path = _uri(str(told.get("URI") or ""), problems)
        case "TCP":
            port = told.get("port") if isinstance(told.get("port"), int) else None
            if port is None:
                problems.append("port is not provided")
        case other:
            port = RESERVED_PORT + 1
            problems.append(f"protocol {other!r} is not supported")
    if method not in ("POST", "PUT"):
        problems.append(f"method {method!r} is not supported")
    if port is not None and not 0 < port <= PORT_MAX:
        problems.append(f"port {port} is not a port")
    if port == RESERVED_PORT:
        problems.append(f"port {port} is reserved")
    return port or 0, path, method


def _uri(uri: str, problems: list[str]) -> tuple[int | None, str]:
    try:
        parts = urlsplit(uri)
        host, port = parts.hostname, parts.port
    except ValueError:
        problems.append("URI is malformed")
        return None, "/"
    if parts.scheme != "http" or host not in HOSTS:
        problems.append(f"URI host should be {HOSTS[0]}")
    if port is None:
        problems.append("URI port is not provided")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return port, path


def _buffering(told: Any, problems: list[str]) -> dict[str, int]:
    told = told if isinstance(told, dict) else {}
    settings = {}
    for name, bounds in BUFFERING.items():
        value = told.get(name, bounds.default)
        if type(value) is not int or not bounds.least <= value <= bounds.most:
            problems.append(f"{name} should be between {bounds.least} and {bounds.most}")
        settings[name] = value
    return settings
