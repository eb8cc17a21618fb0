"""Arrivals: calls that came over the wire, with what policies may ask about the way they came.

One idea: how a request was signed is told when a policy is weighed, and costs nothing before. It may not know what
policies say, nor what was asked for.

https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
"""

from freehold.kernel.call import Call
from freehold.wire.signature import S3, Signature, moment_of

HEADER, QUERY = "REST-HEADER", "REST-QUERY-STRING"


class Arrival(Call):
    """A call as it came. `signature` is to be set; it is None for a stranger's. Its answer leaves at once, `written` as
    its protocol has it, and nobody else sees it."""

    __slots__ = ("signature",)
    signature: Signature | None
    written = True

    def facts(self) -> dict[str, str]:
        found = super().facts()
        if self.signature and self.signature.service in S3:
            found |= signing(self.signature, self.now)
        return found


def signing(signature: Signature, now: float) -> dict[str, str]:
    """S3's condition keys of a signature; its age is in milliseconds."""
    found = {
        "s3:authType": QUERY if signature.presigned else HEADER,
        "s3:signatureversion": signature.algorithm,
    }
    if signature.payload_hash:
        found["s3:x-amz-content-sha256"] = signature.payload_hash
    signed_at = moment_of(signature.amz_date)
    if signed_at is not None:
        found["s3:signatureAge"] = str(max(0, int((now - signed_at) * 1000)))
    return found
