"""Lines of an access log: a request and its answer in AWS's format. It may not know where lines go.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
"""

import re
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote

from freehold.kernel.call import Call
from freehold.kernel.identity import ANONYMOUS, ROOT
from freehold.services.s3.buckets import canonical_id
from freehold.services.s3.places import Place, host_id, signed
from freehold.web import HttpRequest, HttpResponse

NONE = "-"
CODE = re.compile(rb"<Code>(\w+)</Code>")
TOTAL = re.compile(r"bytes \d+-\d+/(\d+)")

# What a request is about, by the argument that names it: the first that is there.
ABOUT = {
    "acl": "ACL", "accelerate": "ACCELERATE", "analytics": "ANALYTICS", "attributes": "OBJECT_ATTRIBUTES",
    "cors": "CORS", "encryption": "ENCRYPTION", "intelligent-tiering": "INTELLIGENT_TIERING",
    "inventory": "INVENTORY", "legal-hold": "OBJECT_LOCK_LEGALHOLD", "lifecycle": "LIFECYCLE",
    "location": "LOCATION", "logging": "LOGGING_STATUS", "metrics": "METRICS", "notification": "NOTIFICATION",
    "object-lock": "OBJECT_LOCK_CONFIGURATION", "ownershipControls": "OWNERSHIP_CONTROLS", "policy": "BUCKETPOLICY",
    "policyStatus": "BUCKETPOLICYSTATUS", "publicAccessBlock": "PUBLIC_ACCESS_BLOCK", "replication": "REPLICATION",
    "requestPayment": "REQUEST_PAYMENT", "restore": "OBJECT_RESTORE", "retention": "OBJECT_LOCK_RETENTION",
    "tagging": "TAGGING", "uploads": "UPLOADS", "partNumber": "PART", "uploadId": "UPLOAD",
    "versioning": "VERSIONING", "versions": "BUCKETVERSIONS", "website": "WEBSITE", "delete": "MULTI_OBJECT_DELETE",
}  # fmt: skip


class Line(NamedTuple):
    """A request to a place, its answer, what it is called in logs, and when it began (epoch seconds)."""

    call: Call
    http: HttpRequest
    there: Place
    response: HttpResponse
    operation: str
    began_at: float


def operation(http: HttpRequest, there: Place) -> str:
    """REST.GET.OBJECT and the like."""
    given = dict(http.arguments)
    about = next((word for name, word in ABOUT.items() if name in given), "OBJECT" if there.key else "BUCKET")
    verb = "COPY" if http.method == "PUT" and "x-amz-copy-source" in http.headers else http.method
    return f"REST.{verb}.{about}"


def website(http: HttpRequest, there: Place) -> str:
    return f"WEBSITE.{http.method}.OBJECT"


def written(owner: str, line: Line) -> str:
    """The line, of a bucket of this account."""
    call, http, response = line.call, line.http, line.response
    length = response.header("content-length")
    sent = length if length != "0" and http.method != "HEAD" else ""
    who, at = call.principal, datetime.fromtimestamp(line.began_at, UTC)
    requester = "" if who.kind == ANONYMOUS else canonical_id(who.account) if who.kind == ROOT else who.arn
    target = f"{http.path}?{http.query}" if http.query else http.path
    version = response.header("x-amz-version-id") or dict(http.arguments).get("versionId", "")
    took_ms = str(int((call.now - line.began_at) * 1000))
    algorithm, how = signed(http)
    fields = (
        canonical_id(owner), line.there.bucket, f"[{at:%d/%b/%Y:%H:%M:%S +0000}]", call.source_ip, requester,
        call.request_id, line.operation, quote(line.there.key), _quoted(f"{http.method} {target} HTTP/1.1"),
        str(response.status), _code(response), sent, _size(line), took_ms, took_ms if sent else "",
        _quoted(http.headers.get("referer")), _quoted(call.user_agent), version, host_id(call.request_id), algorithm,
        "", how, http.headers.get("host"), "TLSv1.3" if call.base_url.startswith("https:") else "", "", "",
    )  # fmt: skip
    return " ".join(field or NONE for field in fields)


def _quoted(text: str) -> str:
    escaped = (text or NONE).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{"".join(each for each in escaped if each.isprintable())}"'


def _code(response: HttpResponse) -> str:
    """The code of an error, which stands in its body or, where that is a page, in a header."""
    if response.status < 400:
        return ""
    found = CODE.search(response.body) if isinstance(response.body, bytes) else None
    return found[1].decode() if found else response.header("x-amz-error-code")


def _size(line: Line) -> str:
    """The size of the object that was read or written."""
    if not line.there.key or line.response.status >= 300:
        return ""
    if line.http.method in ("GET", "HEAD"):
        whole = TOTAL.fullmatch(line.response.header("content-range"))
        return whole[1] if whole else line.response.header("content-length")
    headers = line.http.headers
    return (
        headers.get("x-amz-decoded-content-length", headers.get("content-length")) if line.http.method == "PUT" else ""
    )
