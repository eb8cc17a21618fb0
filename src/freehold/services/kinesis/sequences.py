"""Sequence numbers: how a record's number in its shard is written for the world.

One idea: the number is between the shard's beginning and the moment of arrival, in hexadecimal digits that are told as
one long decimal. So those of a child shard are above its parents', and all have the same length. Pure.

https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html#sequence-number
"""

from typing import NamedTuple

DIGITS = 47
ENDING = 2**63 - 1  # the number in a closed shard's last sequence number
VERSION = "2"


class Sequence(NamedTuple):
    """`epoch` is the shard's beginning and `second` that of arrival, both in whole epoch seconds. `mark` is 1 in those
    that are no record's own, but say how far somebody has come."""

    epoch: int
    number: int
    second: int
    shard: int
    mark: int = 0


def write(sequence: Sequence) -> str:
    epoch, number, second, shard, mark = sequence
    return str(int(f"{VERSION}{epoch:09x}{shard & 15:x}{number:016x}{mark:02x}{second:09x}{shard:08x}{VERSION}", 16))


def read(text: str) -> Sequence | None:
    """What a sequence number says; None if it is none."""
    digits = f"{int(text):x}" if text.isdecimal() and len(text) < 2 * DIGITS else ""
    if len(digits) != DIGITS or digits[0] != VERSION or digits[-1] != VERSION:
        return None
    parts = digits[1:10], digits[11:27], digits[29:38], digits[38:46], digits[27:29]
    return Sequence(*(int(part, 16) for part in parts))
