"""Buckets: S3 as an integration, as far as objects are got, put, looked at and deleted by their path.

One idea: a verb on `bucket/key` is one operation. It may not know mappings.

https://docs.aws.amazon.com/apigateway/latest/developerguide/integrating-api-with-aws-services-s3.html
"""

from typing import Any
from urllib.parse import unquote

from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError, NotImplementedHere
from freehold.services.apigateway.mapping import Incoming, Outgoing

OPERATIONS = {"GET": "GetObject", "HEAD": "HeadObject", "PUT": "PutObject", "DELETE": "DeleteObject"}
SENT = {"content-type": "ContentType", "cache-control": "CacheControl", "content-encoding": "ContentEncoding"}
SHOWN = {
    "ContentType": "Content-Type",
    "ETag": "ETag",
    "CacheControl": "Cache-Control",
    "VersionId": "x-amz-version-id",
}


async def asked(call: Call, verb: str, path: str, out: Outgoing) -> Incoming:
    """What S3 answers to a verb on a path. Listings and other operations are not done (501)."""
    bucket, _, key = unquote(path.partition("?")[0].lstrip("/")).partition("/")
    try:
        if not key or verb not in OPERATIONS:
            raise NotImplementedHere(service="s3", operation=f"{verb} /{path} as an integration")
        answer = await call.ask("s3", OPERATIONS[verb], _request(verb, bucket, key, out))
        body = await _read(answer.get("Body", b""))
    except AwsError as refusal:
        return _refused(refusal)
    headers = [(name, str(answer[member])) for member, name in SHOWN.items() if answer.get(member)]
    status = 204 if verb == "DELETE" else 200
    return Incoming(status, headers, body, str(status))


def _request(verb: str, bucket: str, key: str, out: Outgoing) -> dict[str, Any]:
    request: dict[str, Any] = {"Bucket": bucket, "Key": key}
    if verb == "PUT":
        request["Body"] = out.body
        request |= {SENT[name.lower()]: value for name, value in out.headers.items() if name.lower() in SENT}
    return request


async def _read(body: Any) -> bytes:
    return body if isinstance(body, bytes) else b"".join([chunk async for chunk in body])


def _refused(refusal: AwsError) -> Incoming:
    status = refusal.status or (404 if refusal.shape().startswith("NoSuch") else 400)
    body = f"<Error><Code>{refusal.shape()}</Code><Message>{refusal.message}</Message></Error>"
    return Incoming(status, [("Content-Type", "application/xml")], body.encode(), str(status))
