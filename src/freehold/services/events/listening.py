"""Listening: which sources of AWS's own a pattern may want to hear of.

One idea: a pattern that names its sources hears those, any other may hear all; own sources are never announced. It may
not know who has the pattern.
"""

import orjson

from freehold.kernel.announcements import ANY, listen
from freehold.kernel.store import Tx

AWS = "aws."


def heard(pattern: str) -> list[str]:
    """The sources of AWS's that a pattern (a JSON text) may want."""
    wanted = orjson.loads(pattern).get("source")
    if not isinstance(wanted, list) or not all(isinstance(each, str) for each in wanted):
        return [ANY]
    return [each for each in dict.fromkeys(wanted) if each.startswith(AWS)]


def change(tx: Tx, old: str, new: str) -> None:
    """A listener of the default bus has another pattern than before; an empty one hears nothing."""
    if old == new:
        return
    for source in heard(old) if old else ():
        listen(tx, source, -1)
    for source in heard(new) if new else ():
        listen(tx, source, 1)
