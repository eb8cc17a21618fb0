"""Exchanges: how S3's web requests differ from those of other services.

One idea: S3 is used by browsers, so a bucket says which pages may use it, and takes forms. Everything else is the
API's. It may not know operations.
"""

from collections.abc import AsyncIterator

from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.identity import ANONYMOUS
from freehold.services.s3 import accesslogs, cors, errors, forms
from freehold.services.s3.buckets import Bucket
from freehold.services.s3.places import VERSION_2, Place, place, signed
from freehold.services.s3.service.catalogue import s3
from freehold.services.s3.service.objects import DELETED_MAX
from freehold.web import Exchange, HttpRequest, HttpResponse, RequestEntityTooLarge

WRITING = ("PUT", "POST")
OF_OBJECTS = {"acl", "legal-hold", "retention", "tagging"}  # what is put to objects by documents
DOCUMENT_MAX = 8 * 1024**2  # bytes: a thousand keys to delete are no more, whatever stands in them


async def around(exchange: Exchange) -> HttpResponse:
    call, http = exchange.call, exchange.http
    there, began_at = place(http, exchange.bucket), call.now
    try:
        if http.method == "OPTIONS":
            response = await _preflight(exchange, there)
        elif http.method == "POST" and forms.posting.is_form(http, there):
            response = await forms.posting.post(exchange, there)
        else:
            if signed(http)[0] == VERSION_2:
                await _bring_home(call, there)
            if http.method in WRITING and not exchange.refused and not (there.key and not http.query):
                await _take_document(http, there)
            response = await exchange.answer(call, http)
    except AwsError as why:
        response = exchange.refuse(why)
        if response.status == 400:
            response.headers.append(("Connection", "close"))
    if "origin" in http.headers.names and http.method != "OPTIONS":
        await cors.answers.allow(call, http, there, response)
    if accesslogs.notes.watches(call, there.bucket):
        await accesslogs.notes.note(call, http, there, response, began_at)
    return _in_chunks(response) if response.status >= 300 and http.method != "HEAD" else response


async def _bring_home(call: Call, there: Place) -> None:
    """Let a call whose signature names no region look at the bucket's own."""
    if call.principal.kind != ANONYMOUS:
        bucket = await call.transact(lambda tx: tx.get(Bucket, there.bucket))
        call.region = bucket.region if bucket else call.region


async def _take_document(http: HttpRequest, there: Place) -> None:
    """Read a body that can only be a document, and refuse it before it is parsed if it is too long."""
    about = {name for name, _ in http.arguments}
    if http.method == "PUT" and there.key and about.isdisjoint(OF_OBJECTS):
        return
    try:
        body = await http.read(DOCUMENT_MAX)
    except RequestEntityTooLarge:
        raise errors.MaxMessageLengthExceeded from None
    if "delete" in about and body.count(b"</Object>") > DELETED_MAX:
        raise errors.MalformedXML


async def _preflight(exchange: Exchange, there: Place) -> HttpResponse:
    """What a bucket says to a preflight. One that names no bucket may be for any service, and is not S3's alone."""
    try:
        return await cors.answers.preflight(exchange.call, exchange.http, there)
    except cors.answers.AccessForbidden as why:
        if exchange.usual and not exchange.bucket and why.message == cors.answers.NOT_THERE:
            return exchange.usual
        raise


def _in_chunks(refusal: HttpResponse) -> HttpResponse:
    """A refusal as S3 lays it out."""
    if isinstance(refusal.body, bytes) and refusal.body:
        refusal.headers.append(("Transfer-Encoding", "chunked"))
        refusal.body = _chunked(refusal.body)
    return refusal


async def _chunked(body: bytes) -> AsyncIterator[bytes]:
    yield body


s3.around = around
