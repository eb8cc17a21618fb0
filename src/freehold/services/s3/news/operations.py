"""What a bucket tells of its objects, and to whom.

One idea: a configuration is tried out before it is kept, so one whose destination refuses S3 is refused. It may not
know how messages travel.
"""

from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.s3.buckets import Bucket, open_bucket, put_setting
from freehold.services.s3.errors import InvalidArgument
from freehold.services.s3.news import configurations, notifications
from freehold.services.s3.news.configurations import SETTING
from freehold.services.s3.service.catalogue import on_bucket, operation


@operation(on_bucket("s3:PutBucketNotification"))
async def put_bucket_notification_configuration(call: Call, bucket: Bucket, request: Request) -> None:
    configuration = configurations.checked(request["NotificationConfiguration"], bucket.region, call.ids)
    if not request.get("SkipDestinationValidation"):
        refused = await notifications.try_out(call, bucket, configuration)
        if refused:
            told: dict[str, str] = {}
            for number, (arn, words) in enumerate(refused.items(), 1):
                told |= {f"ArgumentName{number}": arn, f"ArgumentValue{number}": words}
            raise InvalidArgument(reason=notifications.UNABLE, **told)
    await call.transact(_put, bucket.name, configuration)


def _put(tx: Tx, name: str, configuration: dict[str, Any]) -> None:
    put_setting(tx, open_bucket(tx, name), SETTING, configuration or None)


@operation(on_bucket("s3:GetBucketNotification"))
def get_bucket_notification_configuration(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    return dict(bucket.settings.get(SETTING, {}))
