"""AWS Signature Version 4: who signed a request, and whether they did.

One idea: `find` only reads what a request says of itself, cheaply and without ever failing, because routing needs it
even where nothing is verified; `verify` alone refuses. It may not know whose a key is, nor any operation or clock: the
caller brings the secret and the moment. S3 canonicalises and complains in its own way, so it is known here by name.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
"""

import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import unquote

from freehold.kernel.errors import AccessDenied
from freehold.web import SignedText
from freehold.wire import chunked
from freehold.wire.canonical import canonical_request
from freehold.wire.chunked import InvalidArgument, Refusal, SignatureDoesNotMatch

Headers = Sequence[tuple[str, str]]  # lower-case name; value one character a byte (latin-1), as ASGI servers decode it

ALGORITHM = "AWS4-HMAC-SHA256"
VERSION_2 = "AWS"
TERMINATOR = "aws4_request"
S3 = frozenset({"s3", "s3express", "s3-object-lambda", "s3-outposts"})
SKEW_MIN = {"dynamodb": 15, "ecr": 15, "s3": 15, "sts": 15}  # as their answers name it
SKEW_MIN_ELSEWHERE = 5
EXPIRES_MAX_S, SCOPE_KEPT_MAX = 604_800, 64  # seconds; letters of a date, a region and a service
BASIC, ISO = "%Y%m%dT%H%M%SZ", "%Y-%m-%dT%H:%M:%SZ"
IN_HEADER = ("Credential", "Signature", "SignedHeaders")
IN_QUERY = ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date")

MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)
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

_WELL_FORMED = re.compile(
    rf"{ALGORITHM} Credential=(([^/,\s]+)/([^/,\s]*)/([^/,\s]*)/([^/,\s]*)/[^/,\s]*), ?SignedHeaders=([^,\s]+), ?"
)
_MARKS = frozenset({"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature"})
_START_MAX = 1_024  # of what is remembered
_NUMBER = re.compile("-?[0-9]{1,18}")
_STAMP = re.compile("[0-9]{8}T[0-9]{6}Z")


class AuthorizationHeaderMalformed(Refusal):
    words = "The authorization header is malformed; {reason}"


class AuthorizationQueryParametersError(Refusal):
    pass


class IncompleteSignature(Refusal):
    pass


class MissingAuthenticationToken(Refusal):
    words = "Request is missing Authentication Token"
    status = 403


class RequestTimeTooSkewed(Refusal):
    words = "The difference between the request time and the current time is too large."
    status = 403


class S3AccessDenied(AccessDenied):
    words = "{reason}"
    code = "AccessDenied"


class Signature(NamedTuple):
    """What a request says of its signature; any part may be empty or wrong until `verify` returns.

    `amz_date` is `20130524T000000Z`; `expires` the seconds of X-Amz-Expires as text; `payload_hash` the signed claim
    on the body; `given` the parameters as they came. `algorithm` is `AWS` for Version 2 (see `sigv2`).
    """

    algorithm: str
    credential: str
    access_key: str
    date: str
    region: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str
    token: str | None
    amz_date: str
    expires: str | None
    presigned: bool
    payload_hash: str | None
    given: Mapping[str, str]

    @property
    def terminator(self) -> str:
        return self.credential.rpartition("/")[2]

    @property
    def signs_body(self) -> bool:
        """Whether the signature is over the body's digest, so that `verify` is to be given it."""
        return self.payload_hash not in (chunked.CLAIMS if self.service not in S3 else (None, *chunked.CLAIMS))

    @property
    def scope(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/{TERMINATOR}"


def find(method: str, path: str, query: str, headers: Headers) -> Signature | None:
    """The signature a request carries, in its Authorization header or its query, or None. Never fails.

    The request is taken as `verify` takes it: raw path and query, and lower-case header names.
    """
    seen = dict(headers)
    authorization = seen.get("authorization", "")
    if authorization.startswith("AWS4-"):
        return _from_header(authorization, seen)
    if authorization.startswith("AWS "):
        key, _, signed = authorization[4:].partition(":")
        return _version_2({"AWSAccessKeyId": key, "Signature": signed}, seen.get("x-amz-security-token"), False)
    if "X-Amz-" in query:
        given = _pairs(query)
        if not _MARKS.isdisjoint(given):
            return _from_query(given, seen)
    if "AWSAccessKeyId=" in query and "Signature=" in query and "SignatureVersion=" not in query:
        given = _pairs(query)
        return _version_2(given, given.get("x-amz-security-token"), True)
    return None


def verify(
    signature: Signature | None, secret: str, method: str, path: str, query: str, headers: Headers,
    body_sha256: str | None, now: float,
) -> None:  # fmt: skip
    """Return if `secret` signed this request for this moment (epoch seconds); otherwise raise as AWS answers.

    `path` and `query` are as they came, percent-encoded. `body_sha256` is lower-case hex, or None while an S3 body
    is still to come: then whoever reads it holds it to `payload_hash`. Elsewhere None refuses bodies that are signed
    without an x-amz-content-sha256 header. Whether the key exists and `token` belongs to it is the caller's to know.
    """
    if signature is None:
        raise MissingAuthenticationToken
    is_s3 = signature.service in S3
    check(signature, headers, now)
    payload = _payload(signature, body_sha256, is_s3)
    names, link = signature.signed_headers, signature.presigned
    canonical = canonical_request(method, path, query, headers, names, payload, is_s3=is_s3, presigned=link)
    text = f"{ALGORITHM}\n{signature.amz_date}\n{signature.scope}\n{sha256(canonical).hexdigest()}"
    key = signing_key(secret, signature.date, signature.region, signature.service)
    if not chunked.matches(key, text, signature.signature):
        raise SignatureDoesNotMatch(
            reason=chunked.S3_MISMATCH if is_s3 else MISMATCH, AWSAccessKeyId=signature.access_key, StringToSign=text,
            SignatureProvided=signature.signature, CanonicalRequest=canonical.decode("utf-8", "replace"),
        )  # fmt: skip
    if body_sha256 is not None:
        chunked.check_sha256(payload, body_sha256)


def check(signature: Signature, headers: Headers, now: float) -> None:
    """Raise as AWS answers unless a signature is complete, of this moment and over what it must be over: all that can
    be known of one whose secret is not."""
    if signature.algorithm == VERSION_2:
        return
    if signature.service in S3:
        _check_s3(signature, headers, now)
    else:
        _check(signature, now)


def verify_text(signed: SignedText, secret: str) -> None:
    """Return if `secret` signed a text that is no request, the policy of a form; otherwise raise as S3 answers.

    https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
    """
    assert signed.scope
    if not chunked.matches(signing_key(secret, *signed.scope), signed.text, signed.signature):
        raise SignatureDoesNotMatch(
            reason=chunked.S3_MISMATCH, AWSAccessKeyId=signed.access_key, StringToSign=signed.text,
            SignatureProvided=signed.signature,
        )  # fmt: skip


def signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    """The key of a secret for one day, region and service; none is kept of scopes made up to fill the memory."""
    usual = len(date) + len(region) + len(service) <= SCOPE_KEPT_MAX
    return (_signing_key if usual else _signing_key.__wrapped__)(secret, date, region, service)


@lru_cache(4_096)
def _signing_key(secret: str, *scope: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (*scope, TERMINATOR):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def seed(signature: Signature, secret: str) -> chunked.Seed:
    """What the chunks of a signed aws-chunked body continue."""
    key = signing_key(secret, signature.date, signature.region, signature.service)
    return chunked.Seed(signature.signature, key, signature.amz_date, signature.scope)


def _from_header(text: str, seen: Mapping[str, str]) -> Signature:
    """As SDKs write it at one look, any other part by part."""
    start, _, signed = text.rpartition("Signature=")
    found = _well_formed(start) if signed.isalnum() and len(start) <= _START_MAX else None
    if found:
        credential, key, date, region, service, names, signed_headers = found
        given = {"Credential": credential, "SignedHeaders": names, "Signature": signed}
        return Signature(
            ALGORITHM, credential, key, date, region, service, signed_headers, signed,
            seen.get("x-amz-security-token"), _date(seen), None, False, seen.get("x-amz-content-sha256"), given,
        )  # fmt: skip
    algorithm, _, rest = text.partition(" ")
    parts = (part.partition("=") for part in rest.split(","))
    given = {name.strip(): value.strip() for name, _, value in parts}
    return Signature(
        algorithm, *_credential(given.get("Credential", "")), tuple(given.get("SignedHeaders", "").split(";")),
        given.get("Signature", ""), seen.get("x-amz-security-token"), _date(seen), None, False,
        seen.get("x-amz-content-sha256"), given,
    )  # fmt: skip


@lru_cache(1_024)
def _well_formed(start: str) -> tuple[str, str, str, str, str, str, tuple[str, ...]] | None:
    """What stands before a signature, and is one client's all day: a credential and its parts, and the names of the
    signed headers."""
    found = _WELL_FORMED.fullmatch(start)
    return (*found.groups(), tuple(found[6].split(";"))) if found else None  # type: ignore[return-value]


def _from_query(given: Mapping[str, str], seen: Mapping[str, str]) -> Signature:
    names = tuple(given.get("X-Amz-SignedHeaders", "").split(";"))
    header = seen.get("x-amz-content-sha256") if "x-amz-content-sha256" in names else None
    return Signature(
        given.get("X-Amz-Algorithm", ""), *_credential(given.get("X-Amz-Credential", "")), names,
        given.get("X-Amz-Signature", ""), given.get("X-Amz-Security-Token") or seen.get("x-amz-security-token"),
        given.get("X-Amz-Date", ""), given.get("X-Amz-Expires"), True, given.get("X-Amz-Content-Sha256", header), given,
    )  # fmt: skip


def _version_2(given: Mapping[str, str], token: str | None, presigned: bool) -> Signature:
    key, signed, expires = (given.get(name, "") for name in ("AWSAccessKeyId", "Signature", "Expires"))
    return Signature(VERSION_2, key, key, "", "", "s3", (), signed, token, "", expires, presigned, None, given)


def _credential(text: str) -> tuple[str, str, str, str, str]:
    """The credential itself, its access key, date, region and service; only the key where there are not five parts."""
    parts = text.split("/")
    return (text, parts[0], parts[1], parts[2], parts[3]) if len(parts) == 5 else (text, parts[0], "", "", "")


def _date(seen: Mapping[str, str]) -> str:
    """X-Amz-Date, or Date brought to its form; what is no date comes back as it is."""
    text = seen.get("x-amz-date") or seen.get("date", "")
    try:
        return text if not text or _STAMP.fullmatch(text) else stamp(parsedate_to_datetime(text).timestamp())
    except (ValueError, OverflowError):
        return text


def _pairs(query: str) -> dict[str, str]:
    """Parameters by name; of repeated ones the first."""
    parts = (pair.partition("=") for pair in reversed(query.split("&")))
    return {name: unquote(value) for name, _, value in parts}


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


def moment_of(stamp: str) -> float | None:
    """`20130524T000000Z` as epoch seconds, None for anything else."""
    return _moment(stamp) if _STAMP.fullmatch(stamp) else None


@lru_cache(256)
def _moment(stamp: str) -> float | None:
    try:
        return datetime.strptime(stamp, BASIC).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


def stamp(moment: float, form: str = BASIC) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime(form)


def _payload(signature: Signature, body_sha256: str | None, is_s3: bool) -> str:
    """The last line: S3 believes a claim that it checks later, the others their own digest unless none is to be had."""
    claim = signature.payload_hash
    if is_s3:
        return claim or chunked.UNSIGNED_PAYLOAD
    return claim if claim and (claim in chunked.CLAIMS or body_sha256 is None) else body_sha256 or ""
