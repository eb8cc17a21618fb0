"""Locks put and shown: of buckets, and of versions. It may not know how leave to bypass them is weighed."""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.s3.access import weighing
from freehold.services.s3.buckets import ENABLED, Bucket, put_setting
from freehold.services.s3.errors import MalformedXML, MethodNotAllowed
from freehold.services.s3.locks import errors, retention
from freehold.services.s3.locks.retention import HELD, HOLD, MODE, RELEASED, UNTIL
from freehold.services.s3.service.catalogue import on_bucket, on_object, operation
from freehold.services.s3.versions import Version, open_version


@operation(on_bucket("s3:PutBucketObjectLockConfiguration"))
def put_object_lock_configuration(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    configuration = retention.checked(request.get(retention.SETTING) or {})
    if bucket.versioning != ENABLED:
        raise errors.NoVersioning()
    put_setting(tx, bucket, retention.SETTING, configuration)


@operation(on_bucket("s3:GetBucketObjectLockConfiguration"))
def get_object_lock_configuration(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    if not retention.enabled(bucket):
        raise errors.ObjectLockConfigurationNotFoundError(BucketName=bucket.name)
    return {retention.SETTING: bucket.settings[retention.SETTING]}


@operation(on_object("s3:PutObjectRetention"))
def put_object_retention(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    version = _opened(tx, bucket, request, "PUT")
    if retention.replaced(version, request.get("Retention") or {}, tx.now):
        bypass(tx, call, bucket, version, request)
    tx.put(version)


@operation(on_object("s3:GetObjectRetention"))
def get_object_retention(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    said = _opened(tx, bucket, request, "GET").said
    if MODE not in said:
        raise errors.NoSuchObjectLockConfiguration()
    return {"Retention": {"Mode": said[MODE], "RetainUntilDate": said[UNTIL]}}


@operation(on_object("s3:PutObjectLegalHold"))
def put_object_legal_hold(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    version = _opened(tx, bucket, request, "PUT")
    status = (request.get("LegalHold") or {}).get("Status")
    if status not in (HELD, RELEASED):
        raise MalformedXML()
    version.said = version.said | {HOLD: status}
    tx.put(version)


@operation(on_object("s3:GetObjectLegalHold"))
def get_object_legal_hold(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    said = _opened(tx, bucket, request, "GET").said
    if HOLD not in said:
        raise errors.NoSuchObjectLockConfiguration()
    return {"LegalHold": {"Status": said[HOLD]}}


def _opened(tx: Tx, bucket: Bucket, request: Request, method: str) -> Version:
    retention.require(bucket)
    try:
        return open_version(tx, bucket, request["Key"], request.get("VersionId"))
    except MethodNotAllowed:
        raise MethodNotAllowed(Method=method, ResourceType="DeleteMarker") from None


def guard(tx: Tx, call: Call, bucket: Bucket, version: Version, request: Request) -> None:
    """Raise Locked unless a version may be removed by this request."""
    if retention.bypassable(version, tx.now):
        bypass(tx, call, bucket, version, request)
    elif retention.locked(version, tx.now):
        raise errors.Locked()


def bypass(tx: Tx, call: Call, bucket: Bucket, version: Version, request: Request) -> None:
    """Raise Locked unless the request asks to bypass what governs a version, and AccessDenied unless it may."""
    if not request.get("BypassGovernanceRetention"):
        raise errors.Locked()
    need = ("s3:BypassGovernanceRetention", f"{bucket.arn}/{version.key}")
    weighing.weigh(tx, call, bucket, [need], request | {"Key": version.key})
