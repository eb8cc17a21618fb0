"""The kinds of events: what each is called, and what it tells of the object. This is data, and what picks from it.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
"""

from typing import Any, NamedTuple

from freehold.services.s3.versions import NULL, Version

EMPTY_ETAG = "d41d8cd98f00b204e9800998ecf8427e"  # of nothing, which is what a delete marker holds

# What of an object is told, beside its key and version.
WHOLE = ("size", "eTag", "sequencer")
STATE = ("eTag",)
GONE = ("sequencer",)
MARKED = ("eTag", "sequencer")
THAWED = ("size", "eTag")

DELETED = "Permanently Deleted"
MARKER = "Delete Marker Created"
EXPIRED = "Lifecycle Expiration"


class Kind(NamedTuple):
    """An event as notifications tell it, in records of a `version` with `shown` of the object; and as EventBridge does:
    `detail_type`, `reason`, `removal`, and `announced` of the object. What is not announced has no `detail_type`."""

    version: str
    shown: tuple[str, ...]
    detail_type: str = ""
    announced: tuple[str, ...] = ()
    reason: str = ""
    removal: str = ""


# By name, as records have it: `s3:` stands before it in configurations.
KINDS: dict[str, Kind] = {
    "ObjectCreated:Put": Kind("2.1", WHOLE, "Object Created", WHOLE, "PutObject"),
    "ObjectCreated:Post": Kind("2.1", WHOLE, "Object Created", WHOLE, "POST Object"),
    "ObjectCreated:Copy": Kind("2.1", WHOLE, "Object Created", WHOLE, "CopyObject"),
    "ObjectCreated:CompleteMultipartUpload": Kind("2.1", WHOLE, "Object Created", WHOLE, "CompleteMultipartUpload"),
    "ObjectRemoved:Delete": Kind("2.1", GONE, "Object Deleted", GONE, "DeleteObject", DELETED),
    "ObjectRemoved:DeleteMarkerCreated": Kind("2.1", MARKED, "Object Deleted", MARKED, "DeleteObject", MARKER),
    "ObjectRestore:Post": Kind("2.1", WHOLE, "Object Restore Initiated", THAWED),
    "ObjectRestore:Completed": Kind("2.1", WHOLE, "Object Restore Completed", THAWED),
    "ObjectRestore:Delete": Kind("2.3", WHOLE, "Object Restore Expired", STATE),
    "ObjectTagging:Put": Kind("2.3", STATE, "Object Tags Added", STATE),
    "ObjectTagging:Delete": Kind("2.3", STATE, "Object Tags Deleted", STATE),
    "ObjectAcl:Put": Kind("2.3", STATE, "Object ACL Updated", STATE),
    "LifecycleExpiration:Delete": Kind("2.3", GONE, "Object Deleted", GONE, EXPIRED, DELETED),
    "LifecycleExpiration:DeleteMarkerCreated": Kind("2.3", MARKED, "Object Deleted", MARKED, EXPIRED, MARKER),
    "LifecycleTransition": Kind("2.3", WHOLE, "Object Storage Class Changed", THAWED),
    "Replication:OperationFailedReplication": Kind("2.2", WHOLE),
    "Replication:OperationNotTracked": Kind("2.2", WHOLE),
    "Replication:OperationMissedThreshold": Kind("2.2", WHOLE),
    "Replication:OperationReplicatedAfterThreshold": Kind("2.2", WHOLE),
}

# What may be listened to and never happens here: nothing is lost, and nothing moves between tiers by itself.
NEVER = ("ReducedRedundancyLostObject", "IntelligentTiering")

FAMILIES = {name.partition(":")[0] for name in KINDS if ":" in name}
SUPPORTED = {f"s3:{name}" for name in (*KINDS, *NEVER)} | {f"s3:{family}:*" for family in FAMILIES}


def covers(listened: str, event: str) -> bool:
    """Whether who listens to one (`s3:ObjectCreated:*`) hears the other (`s3:ObjectCreated:Put`)."""
    return listened == event or (listened.endswith(":*") and event.startswith(listened[:-1]))


def of_version(version: Version, fields: tuple[str, ...], now: float, *, removed: bool) -> dict[str, Any]:
    """These fields of a version; its id if it has one."""
    known = {
        "size": version.size,
        "eTag": EMPTY_ETAG if version.marker else version.etag,
        "sequencer": sequencer(version, now, removed=removed),
    }
    named = {"versionId": version.id} if version.id != NULL else {}
    return {name: known[name] for name in fields if name != "sequencer"} | named | (
        {"sequencer": known["sequencer"]} if "sequencer" in fields else {}
    )  # fmt: skip


def sequencer(version: Version, now: float, *, removed: bool) -> str:
    """What orders the events of one key: compared as text, later ones are greater."""
    turn = ((-version.place << 1) | removed) & 0xFFFFFF
    return f"{int(now * 1000):012X}{turn:06X}"
