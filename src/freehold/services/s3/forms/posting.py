"""Posting: a form taken in, held to its policy, written, and answered as it wishes.

It may not know how an object is written: the API's own answer to a PutObject becomes the form's.
"""

from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import replace
from urllib.parse import quote, urlencode, urlsplit
from xml.sax.saxutils import escape

from freehold.services.s3 import errors
from freehold.services.s3.forms import fields, multipart, policies
from freehold.services.s3.forms.errors import EntityTooSmall
from freehold.services.s3.forms.operations import NAME
from freehold.services.s3.forms.policies import Sizes
from freehold.services.s3.places import Place
from freehold.web import Exchange, Headers, HttpRequest, HttpResponse

STATUSES = ("200", "201", "204")
USUAL = "204"
NO_FORM = "Bucket POST must be of the enclosure-type multipart/form-data"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def is_form(http: HttpRequest, there: Place) -> bool:
    """Whether a request can only be a form: it is posted to a bucket, and about nothing else of it."""
    return http.method == "POST" and bool(there.bucket) and not there.key and not http.query


async def post(exchange: Exchange, there: Place) -> HttpResponse:
    """Take in a form. Raises what it is refused for."""
    call, http = exchange.call, exchange.http
    mark = multipart.boundary(http.headers.get("content-type"))
    if mark is None:
        raise errors.PreconditionFailed(Condition=NO_FORM)
    form = await multipart.read(http.body, mark)
    given, sizes = fields.texts(form), Sizes()
    fields.required(given, form)
    if "policy" in given:
        principal = await exchange.vouch(fields.signed(given))
        call = call.acting(principal, principal.account)
        sizes = policies.held(given["policy"], given | {"bucket": there.bucket}, call.now)
    assert form.file is not None, "required before"
    start = "" if exchange.bucket else f"/{quote(there.bucket)}"
    path = f"{start}/{quote(given['key'])}"
    head, file = Headers([("host", http.headers.get("host")), *fields.headers(form, given)]), _sized(form.file, sizes)
    put = replace(http, method="PUT", path=path, query="", headers=head, body=file)
    response = await exchange.answer(call, put, NAME)
    return response if response.status >= 300 else _answer(response, given, there, call.base_url + path)


async def _sized(file: AsyncIterable[bytes], sizes: Sizes) -> AsyncIterator[bytes]:
    """The file, refused at its end if it is too large or too small; of what is too large no more is kept."""
    size = 0
    async for chunk in file:
        size += len(chunk)
        if sizes.most is None or size <= sizes.most:
            yield chunk
    if sizes.most is not None and size > sizes.most:
        raise errors.EntityTooLarge(ProposedSize=size, MaxSizeAllowed=sizes.most)
    if size < sizes.least:
        raise EntityTooSmall(ProposedSize=size, MinSizeAllowed=sizes.least)


def _answer(response: HttpResponse, given: dict[str, str], there: Place, location: str) -> HttpResponse:
    """What the form wishes: a page to go to, a document, or nothing but a status."""
    etag = response.header("etag")
    headers = [(name, value) for name, value in response.headers if name.lower() != "content-length"]
    page = given.get("success_action_redirect", given.get("redirect", ""))
    if urlsplit(page).scheme in ("http", "https") and urlsplit(page).netloc:
        told = urlencode({"bucket": there.bucket, "key": given["key"], "etag": etag})
        joined = f"{page}{'&' if urlsplit(page).query else '?'}{told}"
        return HttpResponse(303, [*headers, ("Location", joined)])
    status = given.get("success_action_status", USUAL)
    status = status if status in STATUSES else USUAL
    headers.append(("Location", location))
    if status != "201":
        return HttpResponse(int(status), headers)
    facts = {"Location": location, "Bucket": there.bucket, "Key": given["key"], "ETag": etag}
    inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in facts.items())
    body = f"{DECLARATION}<PostResponse>{inside}</PostResponse>".encode()
    return HttpResponse(201, [*headers, ("Content-Type", "application/xml")], body)
