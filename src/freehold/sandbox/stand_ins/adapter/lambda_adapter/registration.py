"""The first milliseconds: become an extension, and only then import the adapter. It may not know the adapter's work.

One idea: Lambda starts the web server when every extension has registered, so what is done before that is added to
each cold start, and what is done after it is not. `_socket` is what `socket` is made of; it is there ten times faster.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
"""

from __future__ import annotations

import _socket
import sys

NAME = "lambda-adapter"
EVENTS = '{"events": []}'
READ_BYTES = 65_536


def main(runtime_api: str) -> None:
    """The program."""
    line = register(runtime_api)
    from .program import run  # takes longer to import than all that is above to be done

    run()
    line.close()


def register(runtime_api: str) -> _socket.socket:
    """Register for no events; the open connection is the extension's place on the line. Exits where it is refused."""
    host, _, port = runtime_api.rpartition(":")
    line = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
    line.connect((_socket.gethostbyname(host), int(port)))
    head = f"Host: {runtime_api}\r\nLambda-Extension-Name: {NAME}\r\nContent-Length: {len(EVENTS)}\r\n\r\n"
    line.sendall(f"POST /2020-01-01/extension/register HTTP/1.1\r\n{head}{EVENTS}".encode())
    status, identifier = _answer(line)
    if status != "200":
        sys.exit(f"{NAME}: registration failed with status {status}")
    head = f"Host: {runtime_api}\r\nLambda-Extension-Identifier: {identifier}\r\n\r\n"
    line.sendall(f"GET /2020-01-01/extension/event/next HTTP/1.1\r\n{head}".encode())
    return line


def _answer(line: _socket.socket) -> tuple[str, str]:
    """The status of the answer, and the identifier in it."""
    answer = data = line.recv(READ_BYTES)
    while data and b"\r\n\r\n" not in answer:
        data = line.recv(READ_BYTES)
        answer += data
    first, *lines = answer.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
    pairs = [text.partition(":") for text in lines]
    told = {name.lower(): value.strip() for name, _, value in pairs}
    return first.split(" ")[1] if " " in first else "none", told.get("lambda-extension-identifier", "")
