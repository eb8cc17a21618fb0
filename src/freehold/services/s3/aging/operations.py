"""Lifecycle rules of buckets, put and shown. It may not know when they are carried out."""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.s3 import errors
from freehold.services.s3.aging import lifecycles
from freehold.services.s3.buckets import Bucket, put_setting
from freehold.services.s3.service.catalogue import on_bucket, operation


@operation(on_bucket("s3:PutLifecycleConfiguration"))
def put_bucket_lifecycle_configuration(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    rules = lifecycles.checked(request.get("LifecycleConfiguration", {}).get("Rules", []), tx.ids)
    least = request.get("TransitionDefaultMinimumObjectSize", lifecycles.LEAST_USUAL)
    put_setting(tx, bucket, lifecycles.SETTING, {"Rules": rules, "TransitionDefaultMinimumObjectSize": least})
    return {"TransitionDefaultMinimumObjectSize": least}


@operation(on_bucket("s3:GetLifecycleConfiguration"))
def get_bucket_lifecycle_configuration(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    found = bucket.settings.get(lifecycles.SETTING)
    if found is None:
        raise errors.NoSuchLifecycleConfiguration(BucketName=bucket.name)
    return dict(found)


@operation(on_bucket("s3:PutLifecycleConfiguration"))
def delete_bucket_lifecycle(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    put_setting(tx, bucket, lifecycles.SETTING, None)
