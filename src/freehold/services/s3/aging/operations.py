"""Lifecycle rules of buckets, put and shown, and archived objects asked back. It may not know when rules are carried
out."""

from datetime import UTC, datetime
from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.identity import CLOUD
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.kernel.timers import at
from freehold.services.s3.aging import archives, validation
from freehold.services.s3.aging.lifecycles import LEAST, SETTING
from freehold.services.s3.buckets import Bucket, put_setting
from freehold.services.s3.errors import NoSuchLifecycleConfiguration
from freehold.services.s3.news import notifications
from freehold.services.s3.service.catalogue import on_bucket, on_object, operation, s3
from freehold.services.s3.versions import Version, find, open_version

OK, ACCEPTED = 200, 202


@operation(on_bucket("s3:PutLifecycleConfiguration"))
def put_bucket_lifecycle_configuration(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    least = validation.least(request.get("TransitionDefaultMinimumObjectSize"))
    rules = validation.checked(request.get(SETTING, {}).get("Rules", []), tx.ids)
    put_setting(tx, bucket, SETTING, {"Rules": rules, LEAST: least})
    return {LEAST: least}


@operation(on_bucket("s3:GetLifecycleConfiguration"))
def get_bucket_lifecycle_configuration(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    found = bucket.settings.get(SETTING)
    if found is None:
        raise NoSuchLifecycleConfiguration(BucketName=bucket.name)
    return dict(found)


@operation(on_bucket("s3:PutLifecycleConfiguration"))
def delete_bucket_lifecycle(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    put_setting(tx, bucket, SETTING, None)


# Archived objects


@operation(on_object("s3:RestoreObject"))
def restore_object(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    wanted = request.get("RestoreRequest") or {}
    if any(wanted.get(name) for name in ("Type", "SelectParameters", "OutputLocation")):
        raise NotImplementedHere(service="s3", operation="RestoreObject with a query")
    version = open_version(tx, bucket, request["Key"], request.get("VersionId"))
    there = archives.thawed(version, wanted, tx.now)
    tx.put(version)
    assert version.thaw is not None, "it was just set"
    seat = tx.within(bucket.account, bucket.region).acting(CLOUD)
    named = {"bucket": bucket.name, "key": version.key, "version": version.id}
    at(seat, version.thaw.until, s3.name, "refrozen", **named)
    if not there:
        at(seat, version.thaw.ready_at, s3.name, "retrieved", **named)
        more = {"detail": {"source-storage-class": version.storage_class}}
        notifications.tell(call, tx, bucket, "ObjectRestore:Post", version, more)
    return {"HTTPStatusCode": OK if there else ACCEPTED}


@s3.internal
def retrieved(call: Call, tx: Tx, request: Request) -> None:
    """Tell that a copy is there, unless it came sooner after all."""
    bucket, version = tx.get(Bucket, request["bucket"]), _of(tx, request)
    if bucket is None or version is None or version.thaw is None or version.thaw.told or version.thaw.ready_at > tx.now:
        return
    version.thaw.told = True
    tx.put(version)
    kind, until = version.storage_class, version.thaw.until
    expires = {"lifecycleRestorationExpiryTime": notifications.moment(until), "lifecycleRestoreStorageClass": kind}
    more: dict[str, Any] = {
        "record": {"glacierEventData": {"restoreEventData": expires}},
        "detail": {"restore-expiry-time": _second(until), "source-storage-class": kind},
    }
    notifications.tell(call, tx, bucket, "ObjectRestore:Completed", version, more)


@s3.internal
def refrozen(call: Call, tx: Tx, request: Request) -> None:
    """Tell that a copy is gone, unless it was asked to stay longer."""
    bucket, version = tx.get(Bucket, request["bucket"]), _of(tx, request)
    if bucket is None or version is None or version.thaw is None or version.thaw.until > tx.now:
        return
    version.thaw = None
    tx.put(version)
    notifications.tell(call, tx, bucket, "ObjectRestore:Delete", version)


def _of(tx: Tx, request: Request) -> Version | None:
    return find(tx, request["bucket"], request["key"], request["version"])


def _second(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
