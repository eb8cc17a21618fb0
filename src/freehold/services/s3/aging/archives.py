"""Archives: objects that can be read only for a while after they were asked for.

One idea: a restored version says when its copy is there and when it goes; what may be read now is a comparison with the
clock. It may not know the store.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html
"""

from email.utils import formatdate
from typing import Any

from freehold.services.s3.aging import errors
from freehold.services.s3.aging.lifecycles import due_at
from freehold.services.s3.errors import InvalidArgument, InvalidObjectState, MalformedXML
from freehold.services.s3.versions import Thaw, Version

HOUR_S = 3_600
STANDARD = "Standard"

# How long a retrieval takes, in seconds, by storage class and tier: each within what AWS promises of it.
TAKES_S: dict[str, dict[str, float]] = {
    "GLACIER": {"Expedited": 1, STANDARD: 4 * HOUR_S, "Bulk": 8 * HOUR_S},
    "DEEP_ARCHIVE": {STANDARD: 12 * HOUR_S, "Bulk": 48 * HOUR_S},
}
TIERS = ("Expedited", STANDARD, "Bulk")


def archived(version: Version) -> bool:
    return version.storage_class in TAKES_S


def readable(version: Version, now: float) -> bool:
    thaw = version.thaw
    return not archived(version) or (thaw is not None and thaw.ready_at <= now < thaw.until)


def require_readable(version: Version, now: float) -> None:
    if not readable(version, now):
        raise InvalidObjectState(StorageClass=version.storage_class)


def thawed(version: Version, wanted: dict[str, Any], now: float) -> bool:
    """Have a version retrieved for so many days; whether it is there already, and only stays longer.

    Raises InvalidArgument, MalformedXML, RestoreNotAllowed, RestoreAlreadyInProgress.
    """
    if not archived(version):
        raise errors.RestoreNotAllowed(StorageClass=version.storage_class)
    days = wanted.get("Days")
    if days is None:
        raise MalformedXML()
    if days <= 0:
        raise InvalidArgument(reason="Days must be a positive integer", ArgumentName="Days", ArgumentValue=days)
    tier = wanted.get("GlacierJobParameters", {}).get("Tier", wanted.get("Tier", STANDARD))
    if tier not in TIERS:
        raise MalformedXML()
    if tier not in TAKES_S[version.storage_class]:
        raise InvalidArgument(
            reason="Retrieval option is not supported by this storage class", ArgumentName="Tier", ArgumentValue=tier
        )
    if version.thaw and version.thaw.ready_at <= now < version.thaw.until:
        version.thaw = Thaw(ready_at=version.thaw.ready_at, until=due_at({"Days": days}, now))
        return True
    ready_at = now + TAKES_S[version.storage_class][tier]
    if version.thaw and now < version.thaw.ready_at <= ready_at:
        raise errors.RestoreAlreadyInProgress()
    version.thaw = Thaw(ready_at=ready_at, until=due_at({"Days": days}, ready_at))
    return False


def header(version: Version, now: float) -> dict[str, str]:
    """The x-amz-restore of a version, as the member Restore; none unless it is being restored or restored."""
    thaw = version.thaw
    if thaw is None or now >= thaw.until or not archived(version):
        return {}
    if now < thaw.ready_at:
        return {"Restore": 'ongoing-request="true"'}
    return {"Restore": f'ongoing-request="false", expiry-date="{formatdate(thaw.until, usegmt=True)}"'}


def status(version: Version, now: float) -> dict[str, Any]:
    """The same as listings show it: RestoreStatus."""
    thaw = version.thaw
    if thaw is None or now >= thaw.until or not archived(version):
        return {}
    if now < thaw.ready_at:
        return {"RestoreStatus": {"IsRestoreInProgress": True}}
    return {"RestoreStatus": {"IsRestoreInProgress": False, "RestoreExpiryDate": int(thaw.until)}}
