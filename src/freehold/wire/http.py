"""The web request and response as the codecs know them: see `freehold.web`. It may not know AWS."""

from dataclasses import replace
from urllib.parse import quote

from freehold.web import BODY_MAX, Body, Headers, HttpRequest, HttpResponse, pairs

__all__ = ["BODY_MAX", "Body", "Headers", "HttpRequest", "HttpResponse", "in_bucket", "pairs"]


def in_bucket(http: HttpRequest, bucket: str) -> HttpRequest:
    """The path-style form of a request whose bucket stood in the host name."""
    return replace(http, path=f"/{quote(bucket, safe='')}{http.path}")
