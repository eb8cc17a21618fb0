"""Sending: events to addresses, in the cloud's own name or through its gateway.

One idea: an answer's status says whether a request was taken, will never be, or may be later; what may be later is
raised as a failure of the service's side, which the courier tries again. It may not know rules.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
"""

import asyncio
import http.client
import ssl
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from freehold.services.events.destinations.letters import Letter
from freehold.services.events.errors import DestinationFailed, DestinationRefused

PATIENCE_S = 5.0
ANSWER_MAX = 1_048_576
AGAIN = frozenset({401, 407, 409, 429})
NOBODY = 0  # the status of an address that did not answer
AGAIN_MAX_S = 86_400.0


class Answer(NamedTuple):
    """`retry_after` is the header of that name, as it was; `headers` are all."""

    status: int
    body: bytes = b""
    retry_after: str = ""
    headers: tuple[tuple[str, str], ...] = ()


async def send(letter: Letter, patience_s: float = PATIENCE_S) -> Answer:
    """One request on a thread of its own. Redirections are answers like any other."""
    return await asyncio.to_thread(_send, letter, patience_s)


def _send(letter: Letter, patience_s: float) -> Answer:
    parts = urlsplit(letter.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection = _connection(parts.scheme, parts.hostname or "", parts.port, patience_s)
        try:
            connection.request(letter.method, target, letter.body or None, letter.headers)
            answer = connection.getresponse()
            again = answer.getheader("Retry-After") or ""
            return Answer(answer.status, answer.read(ANSWER_MAX), again, tuple(answer.getheaders()))
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError):
        return Answer(NOBODY)


def _connection(scheme: str, host: str, port: int | None, patience_s: float) -> http.client.HTTPConnection:
    if scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=patience_s)
    return http.client.HTTPSConnection(host, port, timeout=patience_s, context=ssl.create_default_context())


def judge(answer: Answer, kind: str, now: float) -> None:
    """Raise DestinationFailed for what may be sent again, DestinationRefused for what may not."""
    status = answer.status
    if 200 <= status < 300:
        return
    if status == NOBODY or status >= 500 or status in AGAIN:
        raise DestinationFailed(pause_s(answer.retry_after, now), kind=kind, status_code=status)
    raise DestinationRefused(kind=kind, status_code=status)


def pause_s(retry_after: str, now: float) -> float:
    """The seconds that a Retry-After asks for, told as a number or a date (RFC 9110, 10.2.3)."""
    if retry_after.strip().isdigit():
        return min(float(retry_after), AGAIN_MAX_S)
    try:
        return min(max(0.0, parsedate_to_datetime(retry_after).timestamp() - now), AGAIN_MAX_S)
    except (ValueError, TypeError):
        return 0.0
