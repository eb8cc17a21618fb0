"""Complaints: what AWS holds against a signature before anybody knows whether it is right.

One idea: it must be complete, of this moment and over what it must be over; S3 says so in words of its own. It may not
know secrets, nor any clock.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
"""

import re

from freehold.kernel.errors import AccessDenied
from freehold.wire import chunked
from freehold.wire.chunked import InvalidArgument, Refusal, SignatureDoesNotMatch
from freehold.wire.signature import ALGORITHM, ISO, S3, TERMINATOR, VERSION_2, Headers, Signature, moment_of, stamp

EXPIRES_MAX_S = 604_800
SKEW_MIN = {"dynamodb": 15, "ecr": 15, "s3": 15, "sts": 15}  # as their answers name it
SKEW_MIN_ELSEWHERE = 5
IN_HEADER = ("Credential", "Signature", "SignedHeaders")
IN_QUERY = ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date")

HOST_UNSIGNED = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
FIVE_PARTS = "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{}'"
NOT_BASIC_FORMAT = "Date must be in ISO-8601 'basic format'. Got '{}'. See http://en.wikipedia.org/wiki/ISO_8601"
EXPIRED = "Signature expired: {} is now earlier than {} ({} - {} min.)"
NOT_YET = "Signature not yet current: {} is still later than {} ({} + {} min.)"
TERMINATED = f"Credential should be scoped with a valid terminator: '{TERMINATOR}', not '{{}}'."
NO_DATE = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
OTHER_DAY = (
    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{}' != '{}', from '{}'."
)
S3_REQUIRED = (
    "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, "
    "X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
)
S3_ALGORITHM = 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"'
S3_DATE = "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""
S3_OTHER_DAY = 'Invalid credential date "{}". This date is not the same as X-Amz-Date: "{}".'
S3_TERMINATED = f'incorrect terminal "{{}}". This endpoint uses "{TERMINATOR}".'
S3_UNSIGNED = "There were headers present in the request which were not signed"
S3_WEEK = "must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds"

_NUMBER = re.compile("-?[0-9]{1,18}")


class AuthorizationHeaderMalformed(Refusal):
    words = "The authorization header is malformed; {reason}"


class AuthorizationQueryParametersError(Refusal):
    pass


class IncompleteSignature(Refusal):
    pass


class RequestTimeTooSkewed(Refusal):
    words = "The difference between the request time and the current time is too large."
    status = 403


class S3AccessDenied(AccessDenied):
    words = "{reason}"
    code = "AccessDenied"


def check(signature: Signature, headers: Headers, now: float) -> None:
    """Raise as AWS answers unless a signature is complete, of this moment and over what it must be over: all that can
    be known of one whose secret is not."""
    if signature.algorithm == VERSION_2:
        return
    if signature.service in S3:
        _check_s3(signature, headers, now)
    else:
        _check(signature, now)


def _check(signature: Signature, now: float) -> None:
    if missing := _missing(signature):
        raise IncompleteSignature(reason=" ".join(missing))
    date, moment = signature.amz_date, moment_of(signature.amz_date)
    if moment is None:
        raise IncompleteSignature(reason=NOT_BASIC_FORMAT.format(date))
    skew_s = 60 * SKEW_MIN.get(signature.service, SKEW_MIN_ELSEWHERE)
    life_s = skew_s if signature.expires is None else _expires_s(signature.expires)
    if moment < now - life_s:
        raise SignatureDoesNotMatch(reason=EXPIRED.format(date, stamp(now - life_s), stamp(now), life_s // 60))
    if moment > now + skew_s:
        raise SignatureDoesNotMatch(reason=NOT_YET.format(date, stamp(now + skew_s), stamp(now), skew_s // 60))
    if "host" not in signature.signed_headers and ":authority" not in signature.signed_headers:
        raise SignatureDoesNotMatch(reason=HOST_UNSIGNED)
    if signature.algorithm != ALGORITHM:
        raise IncompleteSignature(reason=f"Unsupported AWS 'algorithm': '{signature.algorithm}'")
    if signature.credential.count("/") != 4:
        raise IncompleteSignature(reason=FIVE_PARTS.format(signature.credential))
    if signature.terminator != TERMINATOR:
        raise SignatureDoesNotMatch(reason=TERMINATED.format(signature.terminator))
    if signature.date != date[:8]:
        raise SignatureDoesNotMatch(reason=OTHER_DAY.format(signature.date, date[:8], date))


def _missing(signature: Signature) -> list[str]:
    given = signature.given
    if signature.presigned:
        reasons = [f"AWS query-string parameters must include '{name}'." for name in IN_QUERY if not given.get(name)]
        return [*reasons, "Re-examine the query-string parameters."] if reasons else []
    reasons = [f"Authorization header requires '{name}' parameter." for name in IN_HEADER if not given.get(name)]
    return reasons if signature.amz_date else [*reasons, NO_DATE]


def _check_s3(signature: Signature, headers: Headers, now: float) -> None:
    (_check_s3_query if signature.presigned else _check_s3_header)(signature, now)
    if signature.payload_hash is not None or not signature.presigned:
        chunked.check_claim(signature.payload_hash)
    unsigned = {"host", *(name for name, _ in headers if name.startswith("x-amz-"))}
    unsigned -= {"x-amz-content-sha256", *signature.signed_headers}
    if unsigned:
        raise S3AccessDenied(reason=S3_UNSIGNED, HeadersNotSigned=", ".join(sorted(unsigned)))


def _check_s3_header(signature: Signature, now: float) -> None:
    if signature.algorithm != ALGORITHM:
        raise InvalidArgument(reason="Unsupported Authorization Type", ArgumentName="Authorization")
    if missing := [name for name in IN_HEADER if not signature.given.get(name)]:
        raise AuthorizationHeaderMalformed(reason=f"missing {missing[0]}.")
    if signature.terminator != TERMINATOR:
        raise AuthorizationHeaderMalformed(reason=S3_TERMINATED.format(signature.terminator))
    moment = moment_of(signature.amz_date)
    if moment is None:
        raise S3AccessDenied(reason="AWS authentication requires a valid Date or x-amz-date header")
    if signature.date != signature.amz_date[:8]:
        raise AuthorizationHeaderMalformed(reason="Invalid credential date. Date is not the same as X-Amz-Date.")
    if abs(now - moment) > 60 * SKEW_MIN["s3"]:
        times = {"RequestTime": signature.amz_date, "ServerTime": stamp(now, ISO)}
        raise RequestTimeTooSkewed(**times, MaxAllowedSkewMilliseconds=60_000 * SKEW_MIN["s3"])


def _check_s3_query(signature: Signature, now: float) -> None:
    moment = moment_of(signature.amz_date)
    if not all(signature.given.get(name) for name in (*IN_QUERY, "X-Amz-Expires")):
        raise AuthorizationQueryParametersError(reason=S3_REQUIRED)
    if signature.algorithm != ALGORITHM:
        raise AuthorizationQueryParametersError(reason=S3_ALGORITHM)
    if signature.terminator != TERMINATOR:
        wrong = S3_TERMINATED.format(signature.terminator)
        raise AuthorizationQueryParametersError(reason=f"Error parsing the X-Amz-Credential parameter; {wrong}")
    if moment is None:
        raise AuthorizationQueryParametersError(reason=S3_DATE)
    if signature.date != signature.amz_date[:8]:
        raise AuthorizationQueryParametersError(reason=S3_OTHER_DAY.format(signature.date, signature.amz_date))
    life_s = _expires_s(signature.expires or "")
    if moment > now + 60 * SKEW_MIN["s3"]:
        raise S3AccessDenied(reason="Request is not valid yet", ServerTime=stamp(now, ISO))
    if now > moment + life_s:
        times = {"Expires": stamp(moment + life_s, ISO), "ServerTime": stamp(now, ISO), "X-Amz-Expires": str(life_s)}
        raise S3AccessDenied(reason="Request has expired", **times)


def _expires_s(text: str) -> int:
    """X-Amz-Expires: whole seconds, at most a week."""
    seconds = int(text) if _NUMBER.fullmatch(text) else None
    if seconds is not None and 0 <= seconds <= EXPIRES_MAX_S:
        return seconds
    words = "should be a number" if seconds is None else "must be non-negative" if seconds < 0 else S3_WEEK
    raise AuthorizationQueryParametersError(reason=f"X-Amz-Expires {words}")
