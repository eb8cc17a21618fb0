"""Notes: requests to buckets that are logged.

One idea: most buckets are not, and for them a look at a set in memory is all; the set may hold too many, never too few,
and the bucket's own row decides. It may not know who reads the notes.
"""

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from freehold.kernel.call import Call
from freehold.kernel.store import Record, Tx
from freehold.services.s3.accesslogs import lines
from freehold.services.s3.buckets import Bucket
from freehold.services.s3.places import Place
from freehold.web import HttpRequest, HttpResponse

SETTING = "LoggingEnabled"

_watched: "WeakKeyDictionary[Any, set[str]]" = WeakKeyDictionary()


class Note(Record, table="s3_access_notes", key="bucket at id", scope="global"):
    """One request to a bucket as its log will have it: the `line`, at `at` epoch seconds, under the request's id."""

    bucket: str
    at: float
    id: str
    line: str


def watch(call: Call, tx: Tx) -> set[str]:
    """The names of buckets that may be logged."""
    if call.door not in _watched:
        _watched[call.door] = {bucket.name for bucket in tx.range(Bucket) if SETTING in bucket.settings}
    return _watched[call.door]


def watches(call: Call, bucket: str) -> bool:
    """Whether a bucket may be logged; `note` knows."""
    watched = _watched.get(call.door)
    return watched is None or bucket in watched


async def note(
    call: Call, http: HttpRequest, there: Place, response: HttpResponse, began_at: float,
    operation: Callable[[HttpRequest, Place], str] = lines.operation,
) -> None:  # fmt: skip
    """Note an answered request, if its bucket is logged."""
    watched = _watched.get(call.door)
    if watched is None:
        watched = await call.transact(lambda tx: watch(call, tx))
    if there.bucket in watched:
        line = lines.Line(call, http, there, response, operation(http, there), began_at)
        await call.transact(_note, there.bucket, line)


def _note(tx: Tx, name: str, line: lines.Line) -> None:
    bucket = tx.get(Bucket, name)
    if bucket and SETTING in bucket.settings:
        tx.put(Note(bucket=name, at=line.began_at, id=line.call.request_id, line=lines.written(bucket.account, line)))
