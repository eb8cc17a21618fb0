"""Presigned URLs: headers that travel as arguments.

One idea: whoever presigns a request for somebody else puts what belongs in headers into the query, and it counts as if
it had been sent there; but for checksums, which were made of a body that nobody had yet. It may not know keys, nor
operations.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
"""

from dataclasses import replace

from freehold.engines.checksums import TRAILERS
from freehold.wire.complaints import AuthorizationQueryParametersError
from freehold.wire.http import Headers, HttpRequest
from freehold.wire.signature import TERMINATOR, Signature

MARKS = ("X-Amz-Signature=", "Signature=")
OF_SIGNATURES = ("expires", "signature", "awsaccesskeyid")
OF_BODIES = (*TRAILERS, "x-amz-sdk-checksum-algorithm")  # an SDK signs those of an empty body into every link to put
NO_HEADERS = frozenset({*OF_SIGNATURES, *OF_BODIES})
PARTS = (
    "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "
    f'"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/{TERMINATOR}".'
)


def check_parts(signature: Signature) -> None:
    """Raise if what a presigned request says of its key has not the parts by which it is routed."""
    if signature.presigned and signature.algorithm != "AWS" and signature.credential.count("/") != 4:
        raise AuthorizationQueryParametersError(reason=PARTS)


def unfolded(http: HttpRequest) -> HttpRequest:
    """The request with the headers that its arguments stand for; the request itself if it is not presigned."""
    if not any(mark in http.query for mark in MARKS):
        return http
    named = [(name.lower(), value) for name, value in http.arguments]
    meant = [(name, value) for name, value in named if name not in http.headers and name not in NO_HEADERS]
    return replace(http, headers=Headers([*http.headers.pairs, *meant]))
