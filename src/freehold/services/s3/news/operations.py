"""What a bucket tells of its objects, and to whom.

One idea: a configuration is tried out before it is kept, so one whose destination refuses S3 is refused. It may not
know how messages travel.
"""

from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError, NotImplementedHere
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.s3 import errors
from freehold.services.s3.buckets import Bucket, open_bucket, put_setting
from freehold.services.s3.news import notifications
from freehold.services.s3.news.notifications import SETTING
from freehold.services.s3.service.catalogue import on_bucket, operation


@operation(on_bucket("s3:PutBucketNotification"))
async def put_bucket_notification_configuration(call: Call, bucket: Bucket, request: Request) -> None:
    configuration = notifications.checked(request["NotificationConfiguration"], call.ids)
    if not request.get("SkipDestinationValidation"):
        try:
            await notifications.try_out(call, bucket, configuration)
        except NotImplementedHere:
            raise
        except AwsError as refusal:
            raise errors.InvalidArgument(
                reason="Unable to validate the following destination configurations", Detail=refusal.message
            ) from refusal
    await call.transact(_put, bucket.name, configuration)


def _put(tx: Tx, name: str, configuration: dict[str, Any]) -> None:
    put_setting(tx, open_bucket(tx, name), SETTING, configuration or None)


@operation(on_bucket("s3:GetBucketNotification"))
def get_bucket_notification_configuration(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    return dict(bucket.settings.get(SETTING, {}))
