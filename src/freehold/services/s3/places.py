"""Places: which bucket and key a web request is about, and in which region its host lies.

One idea: a bucket stands in the host name or first in the path, and an answer says which request it is to. It may not
know operations.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
"""

import re
from binascii import b2a_base64
from typing import NamedTuple
from urllib.parse import unquote

from freehold.web import HttpRequest

REGIONAL = re.compile(r"(?:.+\.)?s3(?:-fips)?(?:\.dualstack)?[.-](?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\..+")

VERSION_4, VERSION_2 = "SigV4", "SigV2"  # of signatures, as access logs call them


class Place(NamedTuple):
    """A bucket's name and a key, either of which may be ''."""

    bucket: str
    key: str


def place(http: HttpRequest, bucket: str) -> Place:
    """Where a request goes whose host names this bucket, or none."""
    path = http.path[1:]
    if not bucket:
        bucket, _, path = path.partition("/")
    return Place(unquote(bucket), unquote(path)) if "%" in http.path else Place(bucket, path)


def region(host: str) -> str:
    """The region that a host name gives; '' if it gives none."""
    found = REGIONAL.fullmatch(host)
    return found["region"] if found else ""


def signed(http: HttpRequest) -> tuple[str, str]:
    """The version of a request's signature, and where it stands; nothing, if it has none."""
    authorization = http.headers.get("authorization")
    if authorization:
        return (VERSION_4 if authorization.startswith("AWS4") else VERSION_2), "AuthHeader"
    given = dict(http.arguments)
    if "X-Amz-Signature" in given:
        return VERSION_4, "QueryString"
    return (VERSION_2, "QueryString") if "Signature" in given else ("", "")


def host_id(request_id: str) -> str:
    """What S3 calls the machine that answered."""
    return b2a_base64(request_id.encode(), newline=False).decode()


def named(request_id: str) -> list[tuple[str, str]]:
    """The headers by which AWS's support finds a request again."""
    return [("x-amz-request-id", request_id), ("x-amz-id-2", host_id(request_id)), ("Server", "AmazonS3")]
