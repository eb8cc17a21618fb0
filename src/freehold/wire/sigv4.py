"""AWS Signature Version 4: who signed a request, and whether they did.

One idea: `find` only reads what a request says of itself, cheaply and without ever failing, because routing needs it
even where nothing is verified; `verify` alone refuses. It may not know whose a key is, nor any operation or clock: the
caller brings the secret and the moment. S3 canonicalises and complains in its own way, so it is known here by name.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
"""

import hmac
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from functools import lru_cache
from hashlib import sha256
from urllib.parse import unquote

from freehold.web import SignedText
from freehold.wire import chunked
from freehold.wire.canonical import canonical_request
from freehold.wire.chunked import Refusal, SignatureDoesNotMatch
from freehold.wire.complaints import check
from freehold.wire.signature import ALGORITHM, S3, STAMP, TERMINATOR, VERSION_2, Headers, Signature, stamp

SCOPE_KEPT_MAX = 64  # letters of a date, a region and a service

MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)

_WELL_FORMED = re.compile(
    rf"{ALGORITHM} Credential=(([^/,\s]+)/([^/,\s]*)/([^/,\s]*)/([^/,\s]*)/[^/,\s]*), ?SignedHeaders=([^,\s]+), ?"
)
_MARKS = frozenset({"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature"})
_START_MAX = 1_024  # of what is remembered


class MissingAuthenticationToken(Refusal):
    words = "Request is missing Authentication Token"
    status = 403


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
        return text if not text or STAMP.fullmatch(text) else stamp(parsedate_to_datetime(text).timestamp())
    except (ValueError, OverflowError):
        return text


def _pairs(query: str) -> dict[str, str]:
    """Parameters by name; of repeated ones the first."""
    parts = (pair.partition("=") for pair in reversed(query.split("&")))
    return {name: unquote(value) for name, _, value in parts}


def _payload(signature: Signature, body_sha256: str | None, is_s3: bool) -> str:
    """The last line: S3 believes a claim that it checks later, the others their own digest unless none is to be had."""
    claim = signature.payload_hash
    if is_s3:
        return claim or chunked.UNSIGNED_PAYLOAD
    return claim if claim and (claim in chunked.CLAIMS or body_sha256 is None) else body_sha256 or ""
