"""The operations of access logging. It may not know when logs are written.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
"""

from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.s3.accesslogs import notes
from freehold.services.s3.accesslogs.errors import CrossLocationLoggingProhibitted, InvalidTargetBucketForLogging
from freehold.services.s3.buckets import HOME, Bucket, put_setting
from freehold.services.s3.service.catalogue import on_bucket, operation

NOT_THERE = "The target bucket for logging does not exist"
NOT_OWN = "The owner for the bucket to be logged and the target bucket must be the same."


@operation(on_bucket("s3:PutBucketLogging"))
def put_bucket_logging(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    wanted = request["BucketLoggingStatus"].get("LoggingEnabled")
    if wanted:
        _check(tx, bucket, wanted)
        notes.watch(call, tx).add(bucket.name)
    put_setting(tx, bucket, notes.SETTING, wanted or None)


def _check(tx: Tx, bucket: Bucket, wanted: dict[str, Any]) -> None:
    target = tx.get(Bucket, wanted["TargetBucket"])
    if target is None:
        raise InvalidTargetBucketForLogging(reason=NOT_THERE, TargetBucket=wanted["TargetBucket"])
    if target.account != bucket.account:
        raise InvalidTargetBucketForLogging(reason=NOT_OWN, TargetBucket=target.name)
    if target.region != bucket.region:
        source = {} if bucket.region == HOME else {"SourceBucketLocation": bucket.region}
        raise CrossLocationLoggingProhibitted(**source, TargetBucketLocation=target.region)


@operation(on_bucket("s3:GetBucketLogging"))
def get_bucket_logging(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    found = bucket.settings.get(notes.SETTING)
    return {"LoggingEnabled": found} if found else {}
