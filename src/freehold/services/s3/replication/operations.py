"""The operations of replication."""

from freehold.kernel import roles
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.s3 import errors
from freehold.services.s3.access import weighing
from freehold.services.s3.buckets import ENABLED, Bucket, put_setting
from freehold.services.s3.replication import rules
from freehold.services.s3.replication.carrying import NOT_VERSIONED
from freehold.services.s3.replication.errors import ReplicationConfigurationNotFoundError
from freehold.services.s3.replication.rules import SETTING
from freehold.services.s3.service.catalogue import on_bucket, operation

SOURCE_NOT_VERSIONED = "Versioning must be 'Enabled' on the bucket to apply a replication configuration"


@operation(on_bucket("s3:PutReplicationConfiguration"))
def put_bucket_replication(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    if bucket.versioning != ENABLED:
        raise errors.InvalidRequest(reason=SOURCE_NOT_VERSIONED)
    configuration = rules.checked(request[SETTING], tx.ids)
    for rule in configuration["Rules"]:
        target = tx.get(Bucket, rules.bucket_of(rule))
        if target is None or target.versioning != ENABLED:
            raise errors.InvalidRequest(reason=NOT_VERSIONED)
    roles.own(bucket.account, configuration["Role"])
    if not call.principal.trusted:
        weighing.weigh_own(tx, call, [("iam:PassRole", configuration["Role"])], {})
    put_setting(tx, bucket, SETTING, configuration)


@operation(on_bucket("s3:GetReplicationConfiguration"))
def get_bucket_replication(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    found = bucket.settings.get(SETTING)
    if found is None:
        raise ReplicationConfigurationNotFoundError(BucketName=bucket.name)
    return {SETTING: found}


@operation(on_bucket("s3:PutReplicationConfiguration"))
def delete_bucket_replication(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    put_setting(tx, bucket, SETTING, None)
