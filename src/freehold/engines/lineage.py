"""Lineage: by which functions a request has come, told in its trace header, so that loops are seen.

One idea: each function leaves a mark, the digest of its ARN, with the number of times the request has passed it. A pure
machine; it may not know functions.

https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
"""

import hashlib
from functools import lru_cache

ROOT, LINEAGE = "Root", "Lineage"
MARK_LENGTH = 8
HEADER_MAX = 1_024


def begun(at: float, chance: str) -> str:
    """The header of a request that came without one. `chance` is 40 hex digits."""
    return f"{ROOT}=1-{int(at):08x}-{chance[:24]};Parent={chance[24:40]};Sampled=0"


@lru_cache(maxsize=4_096)
def mark(arn: str) -> str:
    """What a function leaves."""
    return hashlib.sha256(arn.encode()).hexdigest()[:MARK_LENGTH]


def times(header: str, of: str) -> int:
    """How often a request has passed what left this mark."""
    return _lineage(_fields(header)).get(of, 0)


def passed(header: str, by: str) -> str:
    """The header after one more pass."""
    fields = _fields(header)
    lineage = _lineage(fields)
    lineage[by] = lineage.get(by, 0) + 1
    fields[LINEAGE] = "|".join(f"{key}:{count}" for key, count in lineage.items())
    return ";".join(f"{key}={value}" for key, value in fields.items())


def _fields(header: str) -> dict[str, str]:
    parts = (part.partition("=") for part in header[:HEADER_MAX].split(";"))
    return {key.strip(): value for key, _, value in parts if value}


def _lineage(fields: dict[str, str]) -> dict[str, int]:
    marks = (one.partition(":") for one in fields.get(LINEAGE, "").split("|"))
    return {key: int(count) for key, _, count in marks if count.isdecimal()}
