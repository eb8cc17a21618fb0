"""What a case is made of: the load it puts on a server, and what many cases share.

It may not know which server answers.
"""

import uuid
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

CLIENT = Callable[[str], Any]
TEXT = "x" * 1_000


class Load(NamedTuple):
    """Requests to send over and over; `settle` waits for work that they only began; `most` bounds their number."""

    requests: Iterator[bytes]
    right: Callable[[bytes], bool]
    settle: Callable[[], None] = lambda: None
    most: int | None = None


def named(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4().hex[:8]}"
