"""Sending: events to addresses, in the cloud's own name or through its gateway.

One idea: an answer's status says whether a request was taken, will never be, or may be later; what may be later is
raised as a failure of the service's side, which the courier tries again. It may not know rules.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
"""

import zlib
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from freehold import outbound
from freehold.outbound import Order
from freehold.services.events.destinations.letters import Letter
from freehold.services.events.errors import DestinationFailed, DestinationRefused

PATIENCE_S = 5.0
ANSWER_MAX = 1_048_576
AGAIN = frozenset({401, 407, 409, 429})
NOBODY = 0  # the status of an address that did not answer
AGAIN_MAX_S = 86_400.0
GZIP, EITHER = zlib.MAX_WBITS | 16, zlib.MAX_WBITS | 32
PACKED = {"gzip": GZIP, "deflate": EITHER}


class Answer(NamedTuple):
    """`retry_after` is the header of that name, as it was; `headers` are all."""

    status: int
    body: bytes = b""
    retry_after: str = ""
    headers: tuple[tuple[str, str], ...] = ()


async def send(letter: Letter, whose: str, patience_s: float = PATIENCE_S) -> Answer:
    """One request of an account. Redirections are answers like any other."""
    try:
        told = await outbound.fetch(Order(*letter, patience_s=patience_s, body_max=ANSWER_MAX), whose)
    except outbound.NoAnswer:
        return Answer(NOBODY)
    body = unpacked(told.body, told.header("content-encoding"))
    return Answer(told.status, body, told.header("retry-after"), told.headers)


def unpacked(body: bytes, encoding: str) -> bytes:
    """A body as it was before it was packed, as much of it as may be; one that is not packed as its encoding says stays
    as it is."""
    bits = PACKED.get(encoding.strip().lower())
    if not bits:
        return body
    try:
        return zlib.decompressobj(bits).decompress(body, ANSWER_MAX)
    except zlib.error:
        return body


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
