"""Answers that are kept for a while. It may not know what is asked.

One idea: a dictionary in the order of use: the answer used longest ago leaves when there are too many.
"""

from __future__ import annotations

from collections import OrderedDict


class Cache:
    """At most `size` values, each for as long as it was given; with none it keeps nothing. Times in seconds."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    def get(self, key: str, now: float) -> bytes | None:
        """The value, None where there is none or it is too old."""
        until, value = self._kept.get(key, (0.0, b""))
        if until <= now:
            self._kept.pop(key, None)
            return None
        self._kept.move_to_end(key)
        return value

    def put(self, key: str, value: bytes, until: float) -> None:
        """Keep a value until that moment."""
        self._kept[key] = (until, value)
        self._kept.move_to_end(key)
        while len(self._kept) > self._size:
            self._kept.popitem(last=False)
