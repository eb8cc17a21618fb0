"""The front: websites at `{bucket}.s3-website-{region}.…`, at `{bucket}.s3-website.{region}.…`, and by path.

One idea: rules for all keys come first, then the object, then rules for what failed, then the page for errors. It may
not know how an object is read: it asks as anybody would.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html
"""

import re
from email.utils import formatdate, parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.identity import ANYONE
from freehold.kernel.store import Tx
from freehold.services.s3 import accesslogs, cors, errors
from freehold.services.s3.buckets import Bucket, open_bucket
from freehold.services.s3.places import Place, named
from freehold.services.s3.service.catalogue import s3
from freehold.services.s3.websites import pages, routing
from freehold.services.s3.websites.configurations import SETTING
from freehold.services.s3.websites.routing import Redirect, Site
from freehold.web import HttpRequest, HttpResponse

HOST = r"(?P<bucket>.+)\.s3-website[.-].+"
BY_PATH = r"/_aws/s3-website/(?P<bucket>[^/]+)(?P<path>/.*)?"
METHODS = ("GET", "HEAD")

# What an answer tells of an object, and under which headers; and which headers of a request are its conditions.
TOLD = {
    "AcceptRanges": "accept-ranges", "CacheControl": "cache-control", "ContentDisposition": "content-disposition",
    "ContentEncoding": "content-encoding", "ContentLanguage": "content-language", "ContentRange": "content-range",
    "ContentType": "content-type", "ETag": "etag", "Expires": "expires", "LastModified": "last-modified",
    "VersionId": "x-amz-version-id",
}  # fmt: skip
CONDITIONS = {
    "if-match": "IfMatch", "if-modified-since": "IfModifiedSince", "if-none-match": "IfNoneMatch",
    "if-unmodified-since": "IfUnmodifiedSince", "range": "Range",
}  # fmt: skip


class Visit(NamedTuple):
    """A request for a key of a website."""

    call: Call
    http: HttpRequest
    site: Site
    bucket: Bucket
    key: str

    @property
    def configuration(self) -> dict[str, Any]:
        return self.bucket.settings[SETTING]


@s3.front(host=HOST)
async def by_host(call: Call, http: HttpRequest) -> HttpResponse:
    """`{bucket}.s3-website-{region}.…/{key}`"""
    found = re.fullmatch(HOST, http.host)
    assert found
    return await serve(call, http, found["bucket"], http.path, "/")


@s3.front(path=BY_PATH)
async def by_path(call: Call, http: HttpRequest) -> HttpResponse:
    """For those who cannot say a host name."""
    found = re.fullmatch(BY_PATH, http.path)
    assert found
    return await serve(call, http, found["bucket"], found["path"] or "/", f"/_aws/s3-website/{found['bucket']}/")


async def serve(call: Call, http: HttpRequest, bucket: str, path: str, start: str) -> HttpResponse:
    """Answer one request to a website; always an answer."""
    there, began_at = Place(bucket, unquote(path[1:])), call.now
    try:
        if http.method == "OPTIONS":
            return await cors.answers.preflight(call, http, there)
        if http.method not in METHODS:
            raise errors.MethodNotAllowed(Method=http.method, ResourceType="OBJECT")
        url = urlsplit(call.base_url)
        site = Site(url.scheme, url.netloc, start)
        response = await _answer(Visit(call, http, site, await call.transact(_open, bucket), there.key))
    except AwsError as refusal:
        response = pages.failed(refusal, call.request_id)
    if "origin" in http.headers:
        await cors.answers.allow(call, http, there, response)
    await accesslogs.notes.note(call, http, there, response, began_at, accesslogs.lines.website)
    return response


def _open(tx: Tx, name: str) -> Bucket:
    bucket = open_bucket(tx, name)
    if SETTING not in bucket.settings:
        raise errors.NoSuchWebsiteConfiguration(BucketName=name)
    return bucket


async def _answer(visit: Visit) -> HttpResponse:
    """Redirect, or the object, or what is told instead of it."""
    everything = visit.configuration.get("RedirectAllRequestsTo")
    if everything:
        return _sent(visit, Redirect(301, routing.located(visit.site, everything, visit.key)))
    rules = visit.configuration.get("RoutingRules", ())
    rule = routing.chosen(rules, visit.key)
    if rule:
        return _sent(visit, routing.redirect(visit.site, rule, visit.key))
    suffix = visit.configuration["IndexDocument"]["Suffix"]
    key = visit.key + suffix if visit.key.endswith("/") or not visit.key else visit.key
    try:
        return await _shown(visit, key)
    except errors.NotModified:
        return HttpResponse(304, named(visit.call.request_id))
    except AwsError as refusal:
        if key == visit.key and await _folder(visit, suffix):
            return _sent(visit, Redirect(302, f"{visit.site.start}{visit.http.path.rpartition(visit.site.start)[2]}/"))
        rule = routing.chosen(rules, visit.key, pages.status(refusal))
        if rule:
            return _sent(visit, routing.redirect(visit.site, rule, visit.key))
        return await _instead(visit, refusal)


async def _folder(visit: Visit, suffix: str) -> bool:
    """Whether there is an index document in the folder that a key without its slash means."""
    try:
        await _ask(visit, "HeadObject", f"{visit.key}/{suffix}")
    except AwsError:
        return False
    return True


async def _instead(visit: Visit, refusal: AwsError) -> HttpResponse:
    """The website's own page for errors, or S3's."""
    document = visit.configuration.get("ErrorDocument")
    if not document or not 400 <= pages.status(refusal) < 500:
        return pages.failed(refusal, visit.call.request_id)
    try:
        response = await _shown(visit, document["Key"], pages.status(refusal))
    except AwsError as why:
        return pages.failed(refusal, visit.call.request_id, why)
    return response


async def _shown(visit: Visit, key: str, status: int = 0) -> HttpResponse:
    """An object, or where it redirects to; with the status of an error whose page it is. Raises what its reader is
    refused."""
    conditions = {} if status else _conditions(visit.http)
    answer = await _ask(visit, "GetObject", key, conditions)
    if "WebsiteRedirectLocation" in answer:
        location = answer["WebsiteRedirectLocation"]
        return _sent(visit, Redirect(301, visit.site.start + location[1:] if location.startswith("/") else location))
    headers = [(header, _written(answer[name])) for name, header in TOLD.items() if name in answer]
    headers += [(f"x-amz-meta-{name}", value) for name, value in answer.get("Metadata", {}).items()]
    headers.append(("content-length", str(answer["ContentLength"])))
    usual = 206 if "ContentRange" in answer else 200
    body = b"" if visit.http.method == "HEAD" else answer["Body"]
    return HttpResponse(status or usual, [*named(visit.call.request_id), *headers], body)


async def _ask(visit: Visit, operation: str, key: str, more: dict[str, Any] | None = None) -> dict[str, Any]:
    """Ask S3 as nobody in particular, for whom the bucket may be open."""
    anybody = visit.call.acting(ANYONE, visit.bucket.account, visit.bucket.region)
    return await anybody.ask("s3", operation, {"Bucket": visit.bucket.name, "Key": key} | (more or {}))


def _conditions(http: HttpRequest) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for header, member in CONDITIONS.items():
        text = http.headers.get(header)
        if not text:
            continue
        if member.endswith("Since"):
            try:
                found[member] = parsedate_to_datetime(text).timestamp()
            except ValueError:
                continue  # what is no date is no condition (RFC 9110, 13.1.3)
        else:
            found[member] = text
    return found


def _written(value: Any) -> str:
    """A value as a header: moments in HTTP's form."""
    return formatdate(value, usegmt=True) if isinstance(value, (int, float)) else str(value)


def _sent(visit: Visit, redirect: Redirect) -> HttpResponse:
    headers = [*named(visit.call.request_id), ("location", redirect.location), ("content-length", "0")]
    return HttpResponse(redirect.status, headers)
