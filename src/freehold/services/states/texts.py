"""JSON texts that callers send: checked, and refused in the words of the parser behind AWS's service.

It may not know what the texts are for.
"""

import re

import msgspec

from freehold.engines.asl import values

EXPECTED = "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
_WORD = re.compile(r"\s*([A-Za-z_$][\w$]*)")


def fault(text: str) -> str | None:
    """Why a text is no JSON, or None if it is."""
    try:
        values.read(text)
    except msgspec.DecodeError as wrong:
        word = _WORD.match(text)
        return f"Unrecognized token '{word.group(1)}': {EXPECTED}" if word else str(wrong)
    return None
