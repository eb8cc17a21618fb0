"""Retention and legal holds: what a request asks for, what a bucket gives by itself, and what that forbids.

One idea: a version says until when it is kept and whether it is held; the first is weaker in GOVERNANCE, which whoever
has leave may bypass. It may not know the store.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
"""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from freehold.services.s3.buckets import Bucket
from freehold.services.s3.errors import InvalidArgument, InvalidRequest, MalformedXML
from freehold.services.s3.locks import errors
from freehold.services.s3.versions import Version

Request = dict[str, Any]

SETTING = "ObjectLockConfiguration"
ON = {"ObjectLockEnabled": "Enabled"}
GOVERNANCE, COMPLIANCE = "GOVERNANCE", "COMPLIANCE"
MODE, UNTIL, HOLD = "ObjectLockMode", "ObjectLockRetainUntilDate", "ObjectLockLegalHoldStatus"
ASKING = frozenset((MODE, UNTIL, HOLD))
HELD, RELEASED = "ON", "OFF"

DAY_S = 86_400
DAYS = {"Days": 1, "Years": 365}
DAYS_MAX = 36_500

MODE_HEADER, UNTIL_HEADER = "x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date"
BOTH = f"{UNTIL_HEADER} and {MODE_HEADER} must both be supplied"
FUTURE = "The retain until date must be in the future!"
PROOF = "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters"
MISSING = "Bucket is missing Object Lock Configuration"
BYPASS_NOT_HERE = "x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets."


def checked(configuration: dict[str, Any]) -> dict[str, Any]:
    """A bucket's configuration. Raises MalformedXML, InvalidArgument."""
    if configuration.get("ObjectLockEnabled") != "Enabled":
        raise MalformedXML()
    if "Rule" not in configuration:
        return ON
    usual = (configuration["Rule"] or {}).get("DefaultRetention") or {}
    periods = [name for name in DAYS if name in usual]
    if usual.get("Mode") not in (GOVERNANCE, COMPLIANCE) or len(periods) != 1:
        raise MalformedXML()
    period = usual[periods[0]] * DAYS[periods[0]]
    if not 0 < period <= DAYS_MAX:
        words = "be a positive integer value." if period <= 0 else f"not be longer than {DAYS_MAX} days."
        raise InvalidArgument(reason=f"Default retention period must {words}", ArgumentName=periods[0])
    return ON | {"Rule": {"DefaultRetention": usual}}


def enabled(bucket: Bucket) -> bool:
    return SETTING in bucket.settings


def require(bucket: Bucket) -> None:
    if not enabled(bucket):
        raise InvalidRequest(reason=MISSING)


def claim(bucket: Bucket, request: Request, said: dict[str, Any], now: float) -> dict[str, Any]:
    """What a new version says of its lock: what its request or upload asks for, else what is usual in the bucket.

    Raises InvalidArgument, InvalidRequest.
    """
    if not enabled(bucket) and ASKING.isdisjoint(request):
        return {}
    asked = {member: request[member] for member in (MODE, UNTIL, HOLD) if request.get(member)}
    if asked:
        require(bucket)
        _check(asked, now)
    found = _usual(bucket, now) if enabled(bucket) and MODE not in said else {}
    found |= asked
    if found and "Body" in request and not _proved(request):
        raise InvalidRequest(reason=PROOF)
    return found


def asked_for(bucket: Bucket, request: Request, now: float) -> dict[str, Any]:
    """What an upload asks for when it begins; what is usual is given when it ends."""
    found = {member: request[member] for member in (MODE, UNTIL, HOLD) if request.get(member)}
    if found:
        require(bucket)
        _check(found, now)
    return found


def _check(asked: dict[str, Any], now: float) -> None:
    if (MODE in asked) != (UNTIL in asked):
        raise InvalidArgument(reason=BOTH, ArgumentName=UNTIL_HEADER if MODE in asked else MODE_HEADER)
    if asked.get(MODE, GOVERNANCE) not in (GOVERNANCE, COMPLIANCE):
        raise InvalidArgument(reason="Unknown wormMode directive.", ArgumentName=MODE_HEADER, ArgumentValue=asked[MODE])
    if UNTIL in asked and asked[UNTIL] <= now:
        raise InvalidArgument(reason=FUTURE, ArgumentName=UNTIL_HEADER, ArgumentValue=_told(asked[UNTIL]))
    if asked.get(HOLD, HELD) not in (HELD, RELEASED):
        raise InvalidArgument(
            reason="Unknown wormLegalHold directive.", ArgumentName="x-amz-object-lock-legal-hold",
            ArgumentValue=asked[HOLD],
        )  # fmt: skip


def _told(moment: float) -> str:
    """A moment as S3 writes one that it refuses: by the clock of its makers."""
    return datetime.fromtimestamp(moment, UTC).astimezone(ZoneInfo("America/Los_Angeles")).strftime(
        "%a %b %d %H:%M:%S %Z %Y"
    )  # fmt: skip


def _usual(bucket: Bucket, now: float) -> dict[str, Any]:
    usual = bucket.settings[SETTING].get("Rule", {}).get("DefaultRetention")
    if not usual:
        return {}
    days = sum(usual[name] * DAYS[name] for name in DAYS if name in usual)
    return {MODE: usual["Mode"], UNTIL: now + days * DAY_S}


def _proved(request: Request) -> bool:
    return bool(request.get("ContentMD5")) or any(name.startswith("Checksum") for name in request)


def retained(version: Version, now: float) -> str:
    """The mode in which a version is kept now; '' if it is not."""
    return version.said.get(MODE, "") if version.said.get(UNTIL, 0.0) > now else ""


def locked(version: Version, now: float) -> bool:
    """Whether nobody may remove it without bypassing something."""
    return bool(retained(version, now)) or version.said.get(HOLD) == HELD


def bypassable(version: Version, now: float) -> bool:
    """Whether all that keeps it is what may be bypassed."""
    return retained(version, now) == GOVERNANCE and version.said.get(HOLD) != HELD


def replaced(version: Version, wanted: dict[str, Any], now: float) -> bool:
    """Put another retention on a version, {} for none; whether what it had has to be bypassed for that.

    Raises MalformedXML, InvalidArgument, and Locked for what cannot be bypassed.
    """
    mode, until = wanted.get("Mode"), wanted.get("RetainUntilDate")
    if wanted and (mode not in (GOVERNANCE, COMPLIANCE) or until is None):
        raise MalformedXML()
    if until is not None and until <= now:
        raise InvalidArgument(reason=FUTURE, ArgumentName="RetainUntilDate", ArgumentValue=_told(until))
    before, kept_until = retained(version, now), version.said.get(UNTIL, 0.0)
    longer = until is not None and until >= kept_until
    if before == COMPLIANCE and not (longer and mode == COMPLIANCE):
        raise errors.Locked()
    version.said = {name: value for name, value in version.said.items() if name not in (MODE, UNTIL)}
    if wanted:
        version.said |= {MODE: mode, UNTIL: until}
    return before == GOVERNANCE and not longer
