"""Presigned URLs: headers that travel as arguments.

One idea: whoever presigns a request for somebody else puts what belongs in headers into the query, and it counts as if
it had been sent there. It may not know keys, nor operations.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

from dataclasses import replace

from freehold.wire import sigv4
from freehold.wire.http import Headers, HttpRequest

MARKS = ("X-Amz-Signature=", "Signature=")
OF_SIGNATURES = ("expires", "signature", "awsaccesskeyid")
PARTS = (
    "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "
    f'"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/{sigv4.TERMINATOR}".'
)


def check_parts(signature: sigv4.Signature) -> None:
    """Raise if what a presigned request says of its key has not the parts by which it is routed."""
    if signature.presigned and signature.algorithm != "AWS" and signature.credential.count("/") != 4:
        raise sigv4.AuthorizationQueryParametersError(reason=PARTS)


def unfolded(http: HttpRequest) -> HttpRequest:
    """The request with the headers that its arguments stand for; the request itself if it is not presigned."""
    if not any(mark in http.query for mark in MARKS):
        return http
    named = [(name.lower(), value) for name, value in http.arguments]
    meant = [(name, value) for name, value in named if name not in http.headers and name not in OF_SIGNATURES]
    return replace(http, headers=Headers([*http.headers.pairs, *meant]))
