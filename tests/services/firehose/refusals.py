"""How each error that Firehose declares is brought about."""

from tests.services.refusal import Refusal

TO = {"RoleARN": "arn:aws:iam::111111111111:role/r", "BucketARN": "arn:aws:s3:::lake"}
NAME = {"DeliveryStreamName": "river"}
RIVER = ("create_delivery_stream", {**NAME, "S3DestinationConfiguration": TO})
UPDATE = {**NAME, "DestinationId": "destinationId-000000000001", "CurrentDeliveryStreamVersionId": "2"}
TAGS = [{"Key": f"k{number}", "Value": "v"} for number in range(26)]

REFUSALS = (
    Refusal("create_delivery_stream", "InvalidArgumentException", NAME),
    Refusal("create_delivery_stream", "ResourceInUseException", RIVER[1], (RIVER,)),
    Refusal("describe_delivery_stream", "ResourceNotFoundException", NAME),
    Refusal("tag_delivery_stream", "LimitExceededException", {**NAME, "Tags": TAGS}, (RIVER, (
        "tag_delivery_stream", {**NAME, "Tags": [{**tag, "Key": f"x{tag['Key']}"} for tag in TAGS]},
    ))),
    Refusal("update_destination", "ConcurrentModificationException", {**UPDATE, "S3DestinationUpdate": {}}, (RIVER,)),
)  # fmt: skip
