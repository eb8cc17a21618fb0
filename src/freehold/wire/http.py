"""The web request and response as the codecs know them: see `freehold.web`. It may not know AWS."""

from dataclasses import replace
from functools import lru_cache
from urllib.parse import quote

from freehold.web import BODY_MAX, Body, Headers, HttpRequest, HttpResponse, pairs

__all__ = ["BODY_MAX", "Body", "Headers", "HttpRequest", "HttpResponse", "header", "in_bucket", "pairs"]


class Written(bytes):
    """A header's name that keeps its capitals, which the server would write small. They mean nothing (RFC 9110, 5.1),
    but some who read S3's answers look for names as it writes them."""

    def lower(self) -> "Written":
        return self

    def __eq__(self, other: object) -> bool:
        return bytes.lower(self) == other

    __hash__ = bytes.__hash__


@lru_cache(1_024)
def header(name: str) -> bytes:
    """A header's name as the server is given it."""
    return name.encode("latin-1") if name.islower() else Written(name, "latin-1")


def in_bucket(http: HttpRequest, bucket: str) -> HttpRequest:
    """The path-style form of a request whose bucket stood in the host name."""
    return replace(http, path=f"/{quote(bucket, safe='')}{http.path}")
