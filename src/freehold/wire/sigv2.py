"""AWS Signature Version 2, as S3 still takes it: the links that boto3 makes unless it is told otherwise.

One idea: `sigv4.find` has read what a request says of itself; here is what its words come to. It may not know whose a
key is, nor any clock: the caller brings the secret and the moment.

https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html
"""

import base64
import hmac
from email.utils import parsedate_to_datetime
from urllib.parse import unquote

from freehold.web import Headers, SignedText
from freehold.wire.chunked import S3_MISMATCH, InvalidRequest, SignatureDoesNotMatch
from freehold.wire.complaints import SKEW_MIN, RequestTimeTooSkewed, S3AccessDenied
from freehold.wire.signature import ISO, Signature, stamp

Pairs = list[tuple[str, str]]

# Regions that opened before Version 4 did; all others ask for that.
REGIONS = frozenset({
    "ap-northeast-1", "ap-southeast-1", "ap-southeast-2", "eu-west-1", "sa-east-1", "us-east-1", "us-gov-west-1",
    "us-west-1", "us-west-2",
})  # fmt: skip
# The parameters that a signature is over.
SIGNED = frozenset({
    "accelerate", "acl", "analytics", "cors", "delete", "inventory", "lifecycle", "location", "logging", "metrics",
    "notification", "object-lock", "partNumber", "policy", "replication", "requestPayment", "response-cache-control",
    "response-content-disposition", "response-content-encoding", "response-content-language", "response-content-type",
    "response-expires", "restore", "select", "select-type", "storageClass", "tagging", "torrent", "uploadId",
    "uploads", "versionId", "versioning", "versions", "website",
})  # fmt: skip
# Those that it is not over, which change what is listed and nothing else. Younger ones than this version are refused.
UNSIGNED = frozenset({
    "AWSAccessKeyId", "Expires", "Signature", "continuation-token", "delimiter", "encoding-type", "fetch-owner",
    "key-marker", "list-type", "marker", "max-keys", "max-parts", "max-uploads", "part-number-marker", "prefix",
    "start-after", "upload-id-marker", "version-id-marker", "x-id",
})  # fmt: skip

NOT_HERE = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
INCOMPLETE = "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters"
NO_DATE = "AWS authentication requires a valid Date or x-amz-date header"
NO_NUMBER = "Invalid date (should be seconds since epoch): {}"


def verify(
    signature: Signature, secret: str, method: str, path: str, query: str, headers: Headers, bucket: str, region: str,
    now: float,
) -> None:  # fmt: skip
    """Return if `secret` signed this request for this moment (epoch seconds); otherwise raise as S3 answers.

    `path` and `query` are as they came; `bucket` is the one that stood in the host name.
    """
    given, sent = _pairs(query), headers.pairs
    told = [(name.lower(), value) for name, value in given if _counts(name)] if signature.presigned else []
    if region not in REGIONS or any(name not in SIGNED | UNSIGNED and not _counts(name) for name, _ in given):
        raise InvalidRequest(reason=NOT_HERE)
    if signature.presigned:
        _check_expiry(signature, now)
    else:
        _check_date(headers, now)
    resource = (f"/{bucket}{path}" if bucket else path) + _parameters(given)
    text = _words(signature, method, Headers([*sent, *told]), resource)
    made = base64.b64encode(hmac.digest(secret.encode(), text.encode(), "sha1")).decode()
    if not hmac.compare_digest(made.encode(), signature.signature.encode()):
        raise SignatureDoesNotMatch(
            reason=S3_MISMATCH, AWSAccessKeyId=signature.access_key, StringToSign=text,
            SignatureProvided=signature.signature,
        )  # fmt: skip


def verify_text(signed: SignedText, secret: str) -> None:
    """As `sigv4.verify_text`, for a form of this version."""
    made = base64.b64encode(hmac.digest(secret.encode(), signed.text.encode(), "sha1")).decode()
    if not hmac.compare_digest(made.encode(), signed.signature.encode()):
        raise SignatureDoesNotMatch(
            reason=S3_MISMATCH, AWSAccessKeyId=signed.access_key, StringToSign=signed.text,
            SignatureProvided=signed.signature,
        )  # fmt: skip


def _counts(name: str) -> bool:
    """Whether a parameter of a link stands for a header."""
    return name.lower().startswith("x-amz-") or name.lower() in ("content-md5", "content-type")


def _parameters(given: Pairs) -> str:
    signed = [f"{name}={value}" if value else name for name, value in sorted(given) if name in SIGNED]
    return f"?{'&'.join(signed)}" if signed else ""


def _words(signature: Signature, method: str, headers: Headers, resource: str) -> str:
    """What was signed."""
    date = signature.expires if signature.presigned else "" if "x-amz-date" in headers else headers.get("date")
    own: dict[str, list[str]] = {}
    for name, value in headers.pairs:
        if name.startswith("x-amz-"):
            own.setdefault(name, []).append(value.strip())
    lines = [f"{name}:{','.join(values)}" for name, values in sorted(own.items())]
    return "\n".join([method, headers.get("content-md5"), headers.get("content-type"), date or "", *lines, resource])


def _check_expiry(signature: Signature, now: float) -> None:
    if not signature.expires or not signature.signature:
        raise S3AccessDenied(reason=INCOMPLETE)
    if not signature.expires.isdecimal() or len(signature.expires) > 15:
        raise S3AccessDenied(reason=NO_NUMBER.format(signature.expires))
    if now > int(signature.expires):
        raise S3AccessDenied(
            reason="Request has expired", Expires=stamp(int(signature.expires), ISO), ServerTime=stamp(now, ISO)
        )


def _check_date(headers: Headers, now: float) -> None:
    text = headers.get("x-amz-date") or headers.get("date")
    try:
        moment = parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError):
        raise S3AccessDenied(reason=NO_DATE) from None
    if abs(now - moment) > 60 * SKEW_MIN["s3"]:
        skew = {"MaxAllowedSkewMilliseconds": 60_000 * SKEW_MIN["s3"]}
        raise RequestTimeTooSkewed(RequestTime=text, ServerTime=stamp(now, ISO), **skew)


def _pairs(query: str) -> Pairs:
    """Decoded parameters, all of them."""
    parts = (pair.partition("=") for pair in query.split("&") if pair)
    return [(unquote(name), unquote(value)) for name, _, value in parts]
