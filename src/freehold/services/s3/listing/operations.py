"""Listings of objects and of their versions. It may not know how pages are walked."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote_plus

from freehold.engines.markup import Elements, escape
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.s3 import at_hand, errors
from freehold.services.s3.access import ownership
from freehold.services.s3.aging import archives
from freehold.services.s3.buckets import Bucket
from freehold.services.s3.listing import pages, texts
from freehold.services.s3.listing.pages import Page
from freehold.services.s3.service import shapes
from freehold.services.s3.service.catalogue import on_bucket, operation
from freehold.services.s3.versions import BEHIND_ALL, Version, find

KEYS_MAX = 1_000
PLAIN = re.compile(r"[A-Za-z0-9_.~/*-]*")  # what a query string would have as it is

# Members of an answer that `EncodingType: url` writes like a query string.
ENCODED = ("Delimiter", "KeyMarker", "Marker", "NextKeyMarker", "NextMarker", "Prefix", "StartAfter")


@operation(on_bucket("s3:ListBucket"), find=at_hand.look)
def list_objects(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    marker, delimiter = request.get("Marker", ""), request.get("Delimiter", "")
    found = _objects(tx, bucket, request, marker)
    answer = _frame(bucket, request, found) | {"Marker": marker}
    if found.truncated and delimiter:
        answer["NextMarker"] = found.last
    answer |= _contents(call, tx, bucket, found, request, owned=True)
    return encoded(answer, request)


@operation(on_bucket("s3:ListBucket"), find=at_hand.look)
def list_objects_v2(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    token, start = request.get("ContinuationToken"), request.get("StartAfter", "")
    if token == "":
        raise errors.InvalidArgument(
            reason="The continuation token provided is incorrect", ArgumentName="continuation-token"
        )
    found = _objects(tx, bucket, request, pages.read_token(token) if token else start)
    answer = _frame(bucket, request, found) | {"KeyCount": len(found.records) + len(found.groups)}
    if token:
        answer["ContinuationToken"] = token
    if start:
        answer["StartAfter"] = start
    if found.truncated:
        answer["NextContinuationToken"] = pages.token(found.last)
    answer |= _contents(call, tx, bucket, found, request, owned=bool(request.get("FetchOwner")))
    return encoded(answer, request)


def _contents(call: Call, tx: Tx, bucket: Bucket, found: Page, request: Request, *, owned: bool) -> Response:
    """The objects of a page, with their owners if these are to be told; written, where they leave at once."""
    owner_of = partial(ownership.owner_of, bucket) if owned else lambda version: ""
    if getattr(call, "written", False) and "OptionalObjectAttributes" not in request:
        key_of = url if request.get("EncodingType") == "url" else escape
        return _entries("Contents", texts.contents(found.records, key_of, owner_of))
    status = _status(tx, request)
    return _entries("Contents", [status(each, shapes.listed(each, owner_of(each))) for each in found.records])


def _status(tx: Tx, request: Request) -> Callable[[Version, Response], Response]:
    """What adds to an entry whether its object, if archived, can be read; nothing where that is not asked for."""
    if "RestoreStatus" not in request.get("OptionalObjectAttributes", ()):
        return lambda version, entry: entry
    return lambda version, entry: entry | archives.status(version, tx.now) if version.thaw else entry


def _objects(tx: Tx, bucket: Bucket, request: Request, marker: str) -> Page:
    def fetch(low: str, after: tuple | None, limit: int) -> list[Version]:
        return tx.range(Version, bucket.name, 1, index="bucket listed key", low=low, after=after, limit=limit)

    after = (marker, BEHIND_ALL) if marker else None
    return pages.page(fetch, request.get("Prefix", ""), request.get("Delimiter", ""), after, most(request))


@operation(on_bucket("s3:ListBucketVersions"))
def list_object_versions(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    def fetch(low: str, after: tuple | None, limit: int) -> list[Version]:
        return tx.range(Version, bucket.name, low=low, after=after, limit=limit)

    after = _version_marker(tx, bucket, request)
    found = pages.page(fetch, request.get("Prefix", ""), request.get("Delimiter", ""), after, most(request))
    answer = _frame(bucket, request, found) | {"KeyMarker": request.get("KeyMarker", "")}
    answer["VersionIdMarker"] = request.get("VersionIdMarker", "")
    if found.truncated:
        answer["NextKeyMarker"] = found.last
        if found.record:
            answer["NextVersionIdMarker"] = found.record.id
    status = _status(tx, request)
    before = [after[0] if after else "", *(each.key for each in found.records)]  # a key's newest version is its first
    shown = [
        status(each, _version(bucket, each, latest=each.key != key)) for each, key in zip(found.records, before)
    ]  # fmt: skip
    markers = [each.marker for each in found.records]
    answer |= _entries("Versions", [each for each, marker in zip(shown, markers) if not marker])
    answer |= _entries("DeleteMarkers", [each for each, marker in zip(shown, markers) if marker])
    return encoded(answer, request)


def _version_marker(tx: Tx, bucket: Bucket, request: Request) -> tuple | None:
    key, id = request.get("KeyMarker"), request.get("VersionIdMarker")
    if id is not None and not key:
        raise errors.InvalidArgument(
            reason="A version-id marker cannot be specified without a key marker.",
            ArgumentName="version-id-marker", ArgumentValue=id,
        )  # fmt: skip
    if not key:
        return None
    version = find(tx, bucket.name, key, id) if id else None
    return (key, version.place if version else BEHIND_ALL)


def _version(bucket: Bucket, version: Version, *, latest: bool) -> Response:
    entry = shapes.listed(version, ownership.owner_of(bucket, version)) | {"VersionId": version.id, "IsLatest": latest}
    if version.marker:
        return {name: entry[name] for name in ("Key", "VersionId", "IsLatest", "LastModified", "Owner")}
    return entry


def check_encoding(request: Request) -> None:
    if request.get("EncodingType", "url") != "url":
        raise errors.InvalidArgument(
            reason="Invalid Encoding Method specified in Request", ArgumentName="encoding-type",
            ArgumentValue=request["EncodingType"],
        )  # fmt: skip


def most(request: Request, member: str = "MaxKeys") -> int:
    """How many entries a page may have. Raises InvalidArgument for less than none, or for an unknown encoding."""
    check_encoding(request)
    asked = request.get(member, KEYS_MAX)
    if asked < 0:
        name = {"MaxKeys": "max-keys", "MaxUploads": "max-uploads"}[member]
        raise errors.InvalidArgument(
            reason=f"Argument {member[0].lower()}{member[1:]} must be an integer between 0 and 2147483647",
            ArgumentName=name, ArgumentValue=asked,
        )  # fmt: skip
    return min(asked, KEYS_MAX)


def _frame(bucket: Bucket, request: Request, found: Page) -> Response:
    frame: Response = {
        "Name": bucket.name,
        "Prefix": request.get("Prefix", ""),
        "MaxKeys": most(request),
        "IsTruncated": found.truncated,
    }
    frame |= {name: request[name] for name in ("Delimiter", "EncodingType") if request.get(name)}
    return frame | _entries("CommonPrefixes", [{"Prefix": group} for group in found.groups])


def _entries(name: str, entries: list[Any] | Elements) -> Response:
    return {name: entries} if entries else {}


def encoded(answer: Response, request: Request) -> Response:
    """The answer with its keys written as the caller asked."""
    if request.get("EncodingType") != "url":
        return answer
    for name in ENCODED:
        if name in answer:
            answer[name] = url(answer[name])
    for group in answer.get("CommonPrefixes", ()):
        group["Prefix"] = url(group["Prefix"])
    for kind in ("Contents", "Versions", "DeleteMarkers", "Uploads"):
        entries = answer.get(kind, ())
        for entry in () if isinstance(entries, Elements) else entries:
            entry["Key"] = url(entry["Key"])
    return answer


def url(key: str) -> str:
    """A key as a query string would have it, slashes left."""
    return key if PLAIN.fullmatch(key) else quote_plus(key, safe="/*")
