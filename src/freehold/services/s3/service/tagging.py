"""Tags of buckets and of objects. It may not know what they are used for."""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.s3 import errors, replication, tags
from freehold.services.s3.buckets import Bucket, put_setting
from freehold.services.s3.news import notifications
from freehold.services.s3.service import shapes
from freehold.services.s3.service.catalogue import on_bucket, on_object, operation
from freehold.services.s3.versions import Version, open_version

SETTING = "Tagging"


@operation(on_bucket("s3:PutBucketTagging"))
def put_bucket_tagging(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    put_setting(tx, bucket, SETTING, tags.read_own(request["Tagging"].get("TagSet", []), tags.BUCKET_MAX) or None)


@operation(on_bucket("s3:GetBucketTagging"))
def get_bucket_tagging(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    found = bucket.settings.get(SETTING)
    if not found:
        raise errors.NoSuchTagSet(BucketName=bucket.name)
    return {"TagSet": tags.tag_set(found)}


@operation(on_bucket("s3:PutBucketTagging"))
def delete_bucket_tagging(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    put_setting(tx, bucket, SETTING, None)


@operation(on_object("s3:PutObjectTagging", versioned="s3:PutObjectVersionTagging"))
def put_object_tagging(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    version = _opened(tx, bucket, request)
    version.tags = tags.read_own(request["Tagging"].get("TagSet", []), tags.OBJECT_MAX)
    tx.put(version)
    replication.sending.send(tx, bucket, version)
    notifications.tell(call, tx, bucket, "ObjectTagging:Put", version)
    return shapes.version_id(bucket, version)


@operation(on_object("s3:GetObjectTagging", versioned="s3:GetObjectVersionTagging"))
def get_object_tagging(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    try:
        version = _opened(tx, bucket, request)
    except errors.NoSuchKey as missing:  # S3 tells the bucket with the key here, and nowhere else
        raise errors.NoSuchKey(Key=f"{bucket.name}/{request['Key']}") from missing
    return {"TagSet": tags.tag_set(version.tags)} | shapes.version_id(bucket, version)


@operation(on_object("s3:DeleteObjectTagging", versioned="s3:DeleteObjectVersionTagging"))
def delete_object_tagging(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    version = _opened(tx, bucket, request)
    version.tags = {}
    tx.put(version)
    replication.sending.send(tx, bucket, version)
    notifications.tell(call, tx, bucket, "ObjectTagging:Delete", version)
    return shapes.version_id(bucket, version)


def _opened(tx: Tx, bucket: Bucket, request: Request) -> Version:
    return open_version(tx, bucket, request["Key"], request.get("VersionId"))
