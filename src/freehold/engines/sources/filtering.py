"""Filters of event sources: which records are wanted at all.

One idea: a pattern looks at a record as it is read, but for the part that its sender wrote, which it sees as JSON if
that is what it is. It may not know who reads.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
"""

from base64 import b64decode
from functools import lru_cache
from typing import Any

import msgspec

from freehold.engines import jsontext
from freehold.engines.patterns import LAMBDA, compile
from freehold.engines.sources.streams import Item

DATA = "data"  # the member that a sender wrote into a Kinesis stream


@lru_cache(maxsize=1_024)
def matcher(pattern: str, member: str = "body") -> Any:
    """The compiled pattern, and whether it wants a body that is JSON, or text, or does not ask (None)."""
    matches = compile(pattern, LAMBDA)
    wanted = msgspec.json.decode(pattern).get(member)
    return matches, None if wanted is None else isinstance(wanted, dict)


def passes(patterns: list[str], record: dict[str, Any], member: str = "body") -> bool:
    """Whether a record, whose body is `member`, meets one of the patterns; without patterns all do.

    A pattern for JSON bodies never meets other text, and one for text never meets JSON.
    """
    return not patterns or any(_meets(pattern, record, member) for pattern in patterns)


def _meets(pattern: str, record: dict[str, Any], member: str) -> bool:
    matches, wants_json = matcher(pattern, member)
    if wants_json is None:
        return matches(record)
    try:
        body = jsontext.read(record[member])
    except msgspec.DecodeError:
        return not wants_json and matches(record)
    return wants_json and matches(record | {member: body})


def looked_at(item: Item) -> tuple[dict[str, Any], str]:
    """What filters look at of a stream's record, and the member of it that may be JSON: of Kinesis the data, as
    text."""
    told = item.event.get("kinesis") or (item.event if DATA in item.event else None)
    if told is None:
        return item.event, ""
    return told | {DATA: b64decode(told[DATA]).decode("utf-8", "replace")}, DATA
