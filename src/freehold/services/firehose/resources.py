"""AWS::KinesisFirehose::DeliveryStream.

One idea: properties are the members of CreateDeliveryStream, and a change of the destination is an update of it. It may
not know the store.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_KinesisFirehose.html
"""

from typing import Any

from freehold.engines.coerce import integer, tag_list
from freehold.kernel import arns
from freehold.kernel.resources import Ask, Ending, Made, Steps, Want
from freehold.services.firehose.catalogue import firehose

NAME_MAX = 64
SOURCES = ("DeliveryStreamType", "KinesisStreamSourceConfiguration", "MSKSourceConfiguration",
           "DatabaseSourceConfiguration", "DirectPutSourceConfiguration",
           "DeliveryStreamEncryptionConfigurationInput")  # fmt: skip
DESTINATIONS = (
    *("ExtendedS3Destination", "S3Destination", "RedshiftDestination", "ElasticsearchDestination"),
    *("AmazonopensearchserviceDestination", "SplunkDestination", "HttpEndpointDestination"),
    *("AmazonOpenSearchServerlessDestination", "SnowflakeDestination", "IcebergDestination"),
)

stream = firehose.resource(
    "AWS::KinesisFirehose::DeliveryStream", replaces=("DeliveryStreamName", "DeliveryStreamType"), attributes=("Arn",)
)  # fmt: skip


def _made(want: Want, name: str) -> Made:
    return Made(name, {"Arn": arns.arn("firehose", want.region, want.account, f"deliverystream/{name}")})


def _destination(given: dict[str, Any]) -> dict[str, Any]:
    """A destination of a template as the API has it, where numbers may be texts."""
    if hints := given.get("BufferingHints"):
        return given | {"BufferingHints": {name: integer(value, name) for name, value in hints.items()}}
    return given


@stream.create
def create_stream(want: Want) -> Steps:
    given = want.properties
    name = want.name(given.get("DeliveryStreamName"), NAME_MAX)
    request: dict[str, Any] = {"DeliveryStreamName": name}
    request |= {member: given[member] for member in SOURCES if member in given}
    configurations = (f"{member}Configuration" for member in DESTINATIONS)
    request |= {member: _destination(given[member]) for member in configurations if member in given}
    if tags := want.tagged(given):
        request["Tags"] = tag_list(tags)
    yield Ask("firehose", "CreateDeliveryStream", request)
    return _made(want, name)


@stream.update
def update_stream(want: Want) -> Steps:
    """A destination that the template changes is updated as a whole."""
    updates = {
        f"{member}Update": _destination(want.properties[f"{member}Configuration"])
        for member in DESTINATIONS
        if f"{member}Configuration" in want.properties and want.changed(f"{member}Configuration")
    }
    if updates:
        told = yield Ask("firehose", "DescribeDeliveryStream", {"DeliveryStreamName": want.id})
        known = told["DeliveryStreamDescription"]
        place = {"DeliveryStreamName": want.id, "CurrentDeliveryStreamVersionId": known["VersionId"]}
        place["DestinationId"] = known["Destinations"][0]["DestinationId"]
        yield Ask("firehose", "UpdateDestination", place | updates)
    gone, new = want.retagged()
    if gone:
        yield Ask("firehose", "UntagDeliveryStream", {"DeliveryStreamName": want.id, "TagKeys": gone})
    if new:
        yield Ask("firehose", "TagDeliveryStream", {"DeliveryStreamName": want.id, "Tags": tag_list(new)})
    return _made(want, want.id)


@stream.delete
def delete_stream(want: Want) -> Ending:
    yield Ask("firehose", "DeleteDeliveryStream", {"DeliveryStreamName": want.id})
