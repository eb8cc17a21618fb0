"""JSON that others wrote, read so that none of it can be too deep for those who handle it.

One idea: nesting has a limit, the same at every door, well within what decoders, encoders and walks over a value bear;
a text beyond it is no JSON. It may not know what the texts are for.
"""

import re
from typing import Any

import msgspec

DEPTH_MAX = 500
TOO_DEEP = f"JSON is nested more than {DEPTH_MAX} levels deep"
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_MARK = re.compile(r"[\[{\]}]")


def read(text: str | bytes, type: Any = Any) -> Any:
    """The value of a text. Raises msgspec.DecodeError, also for one that is nested too deeply."""
    if deep(text):
        raise msgspec.DecodeError(TOO_DEEP)
    return msgspec.json.decode(text, type=type)


def deep(text: str | bytes) -> bool:
    """Whether a text is nested more than DEPTH_MAX levels deep. Few have so many brackets at all."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    if text.count("{") + text.count("[") <= DEPTH_MAX:
        return False
    depth = 0
    for mark in _MARK.findall(_STRING.sub("", text)):
        depth += 1 if mark in "[{" else -1
        if depth > DEPTH_MAX:
            return True
    return False
