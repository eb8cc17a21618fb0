"""Waiting until the web server is ready. It may not know invocations.

One idea: ask again every few milliseconds until the answer is a healthy one. Nobody but the owner's settings and the
function's own limits says how long that may take.

https://awslabs.github.io/aws-lambda-web-adapter/configuration/readiness-check.html
"""

from __future__ import annotations

import socket
import time

from .http1 import Broken, Connection
from .settings import Settings

EVERY_S = 0.005
NOTICE_EVERY_S = 2.0  # the default timeout of a function is 3 s: its owner should hear before that
ASYNC_INIT_S = 9.8  # of the 10 s that an Init phase may take


def wait(settings: Settings, app: Connection, within_s: float | None = None) -> bool:
    """Wait until the web server is ready, at most `within_s`. Whether it is."""
    began = time.monotonic()
    notice_at = began + NOTICE_EVERY_S
    until = began + within_s if within_s is not None else None
    port = settings.check_port
    connection = app if (settings.host, port) == app.address else Connection(settings.host, port)
    while not _ready(settings, connection, until):
        now = time.monotonic()
        if until is not None and now >= until:
            return False
        if now >= notice_at:
            print(f"app is not ready after {(now - began) * 1000:.0f}ms url={_url(settings)}", flush=True)
            notice_at += NOTICE_EVERY_S
        time.sleep(EVERY_S)
    return True


def _url(settings: Settings) -> str:
    return f"http://{settings.host}:{settings.check_port}{settings.check_path}"


def _ready(settings: Settings, connection: Connection, until: float | None) -> bool:
    """One look. The connection stays open for the first request where it is the server's own port."""
    timeout_s = None if until is None else max(until - time.monotonic(), EVERY_S)
    try:
        if settings.check_protocol == "tcp":
            socket.create_connection(connection.address, timeout_s).close()
            return True
        connection.timeout_s = timeout_s
        response = connection.ask("GET", settings.check_path, [("host", _host(settings))])
        response.read()
        return response.status in settings.healthy
    except (OSError, Broken):
        connection.close()
        return False
    finally:
        connection.timeout_s = None


def _host(settings: Settings) -> str:
    return f"{settings.host}:{settings.check_port}"
