"""Conditions and ranges: whether a request still wants the object, and how much of it.

One idea: the four conditions are judged in HTTP's order, for readers, copiers and writers alike. It may not know
objects: only an etag, a time and a size.

RFC 9110, 13 and 14. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from freehold.services.s3 import errors

ANY = "*"
OF_WRITERS = frozenset(("IfMatch", "IfNoneMatch"))
CONDITIONS = frozenset(("IfMatch", "IfUnmodifiedSince", "IfNoneMatch", "IfModifiedSince"))
RANGE = re.compile(r"bytes=(\d{0,20})-(\d{0,20})", re.ASCII)


class Span(NamedTuple):
    """A stretch of content, in bytes."""

    start: int
    length: int

    def of(self, size: int) -> str:
        """The Content-Range of this stretch."""
        return f"bytes {self.start}-{self.start + self.length - 1}/{size}"


def judge(request: Mapping[str, Any], etag: str, modified_at: float, now: float, prefix: str = "") -> None:
    """Raise PreconditionFailed or NotModified if a reader's conditions do not hold; a future If-Modified-Since is none.

    `prefix` is CopySource for a copy's source, which always fails and is never merely not modified.
    """
    if not prefix and CONDITIONS.isdisjoint(request):
        return
    modified = int(modified_at)
    match, unmodified = request.get(f"{prefix}IfMatch"), request.get(f"{prefix}IfUnmodifiedSince")
    fresh, since = request.get(f"{prefix}IfNoneMatch"), request.get(f"{prefix}IfModifiedSince")
    named = "x-amz-copy-source-" if prefix else ""
    if match is not None:
        if not names(match, etag):
            raise errors.PreconditionFailed(Condition=f"{named}If-Match")
    elif unmodified is not None and modified > unmodified:
        raise errors.PreconditionFailed(Condition=f"{named}If-Unmodified-Since")
    stale = names(fresh, etag) if fresh is not None else since is not None and modified <= since <= now
    if stale and prefix:
        raise errors.PreconditionFailed(Condition=named + ("If-None-Match" if fresh else "If-Modified-Since"))
    if stale:
        raise errors.NotModified()


def check_write(request: Mapping[str, Any]) -> None:
    """Raise NotImplemented for conditions that S3 takes of no writer: two at once, or others than that something is
    there by this entity tag, or nothing at all."""
    match, fresh = request.get("IfMatch"), request.get("IfNoneMatch")
    if match is not None and fresh is not None:
        more = "Multiple conditional request headers present in the request"
        raise errors.HeaderNotImplemented(Header="If-Match,If-None-Match", additionalMessage=more)
    for header, odd in (("If-Match", match == ANY), ("If-None-Match", fresh not in (None, ANY))):
        if odd:
            more = f"We don't accept the provided value of {header} header for this API"
            raise errors.HeaderNotImplemented(Header=header, additionalMessage=more)


def judge_write(request: Mapping[str, Any], etag: str | None, key: str) -> None:
    """Raise PreconditionFailed or NoSuchKey unless a writer may replace what has this etag (None: nothing)."""
    if OF_WRITERS.isdisjoint(request):
        return
    match, fresh = request.get("IfMatch"), request.get("IfNoneMatch")
    check_write(request)
    if match is not None:
        if etag is None:
            raise errors.NoSuchKey(Key=key)
        if not names(match, etag):
            raise errors.PreconditionFailed(Condition="If-Match")
    if fresh is not None and etag is not None and names(fresh, etag):
        raise errors.PreconditionFailed(Condition="If-None-Match")


def names(value: str, etag: str) -> bool:
    """Whether a list of entity tags, quoted or bare, or `*`, has this one."""
    listed = [each.strip().removeprefix("W/").strip('"') for each in value.split(",")]
    return etag in listed or ANY in listed


def span(text: str | None, size: int) -> Span | None:
    """The stretch that a Range header asks for; None for all, as for forms that S3 does not take.

    Raises InvalidRange if nothing of it lies in the object.
    """
    asked = RANGE.fullmatch(text.strip()) if text else None
    if not asked or asked.groups() == ("", ""):
        return None
    first, last = asked.groups()
    if not first:
        length = min(int(last), size)
        found = Span(size - length, length)
    else:
        end = min(int(last), size - 1) if last else size - 1
        if last and int(last) < int(first):
            return None
        found = Span(int(first), end - int(first) + 1)
    if found.length <= 0 or found.start >= size:
        raise errors.InvalidRange(ActualObjectSize=size, RangeRequested=text)
    return found


def copied_span(text: str, size: int) -> Span:
    """The stretch of a source that x-amz-copy-source-range names, which must have both ends and lie in the object."""
    asked = RANGE.fullmatch(text)
    if not asked or "" in asked.groups() or int(asked[2]) < int(asked[1]):
        raise errors.InvalidArgument(
            reason="The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are "
            "the zero-based offsets of the first and last bytes to copy",
            ArgumentName="x-amz-copy-source-range",
            ArgumentValue=text,
        )
    first, last = int(asked[1]), int(asked[2])
    if last >= size:
        raise errors.InvalidArgument(
            reason=f"Range specified is not valid for source object of size: {size}",
            ArgumentName="x-amz-copy-source-range",
            ArgumentValue=text,
        )
    return Span(first, last - first + 1)
