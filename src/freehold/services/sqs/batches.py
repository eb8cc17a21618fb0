"""Batches: up to ten entries in one request, each done for itself.

One idea: a batch is checked whole, then every entry succeeds or fails alone. It may not know what is done with entries.
"""

import re
from collections.abc import Callable
from typing import Any

from freehold.kernel.errors import AwsError
from freehold.services.sqs.errors import (
    BatchEntryIdsNotDistinct,
    EmptyBatchRequest,
    InvalidBatchEntryId,
    TooManyEntriesInBatchRequest,
)

Entry = dict[str, Any]
ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
ENTRIES_MAX = 10


def check(entries: list[Entry], called: str) -> None:
    """Raise unless there are one to ten entries with ids of their own."""
    if not entries:
        raise EmptyBatchRequest(entry=called)
    if len(entries) > ENTRIES_MAX:
        raise TooManyEntriesInBatchRequest(count=len(entries))
    known: set[str] = set()
    for entry in entries:
        if not ID.fullmatch(entry["Id"]):
            raise InvalidBatchEntryId()
        if entry["Id"] in known:
            raise BatchEntryIdsNotDistinct(id=entry["Id"])
        known.add(entry["Id"])


def run(entries: list[Entry], do: Callable[[Entry], dict[str, Any] | None]) -> dict[str, list[Entry]]:
    """The answer to a batch: what `do` tells of each entry, or how it was refused."""
    done, failed = [], []
    for entry in entries:
        try:
            done.append({"Id": entry["Id"]} | (do(entry) or {}))
        except AwsError as refusal:
            told = {"Id": entry["Id"], "SenderFault": True, "Code": refusal.shape(), "Message": refusal.message}
            failed.append(told)
    return {name: told for name, told in (("Successful", done), ("Failed", failed)) if told}
