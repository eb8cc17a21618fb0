"""Who pays for requests, and whether they take the fast way. What is paid is nobody's here, so the answers are kept and
given back; that strangers must say that they pay is held to by `catalogue.admit`.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.s3 import errors
from freehold.services.s3.buckets import PAYMENT, Bucket, put_setting
from freehold.services.s3.service.catalogue import on_bucket, operation
from freehold.services.s3.service.declared import Setting, declare

ACCELERATION = "AccelerateConfiguration"
DOTTED = "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names"

declare(
    Setting("bucket_request_payment", PAYMENT, "BucketRequestPayment", dict, usual={"Payer": "BucketOwner"})
)  # fmt: skip


@operation(on_bucket("s3:PutAccelerateConfiguration"))
def put_bucket_accelerate_configuration(call: Call, tx: Tx, bucket: Bucket, request: Request) -> None:
    wanted = request[ACCELERATION]
    if "." in bucket.name:
        raise errors.InvalidRequest(reason=DOTTED)
    if not wanted.get("Status"):
        raise errors.MalformedXML()
    put_setting(tx, bucket, ACCELERATION, wanted)


@operation(on_bucket("s3:GetAccelerateConfiguration"))
def get_bucket_accelerate_configuration(call: Call, tx: Tx, bucket: Bucket, request: Request) -> Response:
    return dict(bucket.settings.get(ACCELERATION, {}))
