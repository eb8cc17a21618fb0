"""Delivery streams: made, described, changed, tagged, refused and removed."""

import pytest
from botocore.exceptions import ClientError
from tests.services.sns.test_resources import perform, want

from freehold.services.firehose import resources

ROLE = "arn:aws:iam::111111111111:role/r"
TO = {"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::lake"}
HINTS = {"SizeInMBs": 5, "IntervalInSeconds": 300}


def create(aws, name="river", **changes):
    return aws("firehose").create_delivery_stream(
        DeliveryStreamName=name, ExtendedS3DestinationConfiguration=TO | changes
    )


@pytest.fixture
def refusal():
    """What an operation was refused with."""

    def of(operation, *given, **request):
        with pytest.raises(ClientError) as error:
            operation(*given, **request)
        return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]

    return of


def test_a_stream_is_described_over_defaults(aws):
    firehose = aws("firehose")
    arn = firehose.create_delivery_stream(DeliveryStreamName="river", S3DestinationConfiguration=TO)[
        "DeliveryStreamARN"
    ]
    told = firehose.describe_delivery_stream(DeliveryStreamName="river")["DeliveryStreamDescription"]
    assert (told["DeliveryStreamARN"], told["DeliveryStreamStatus"], told["VersionId"]) == (arn, "ACTIVE", "1")
    assert (told["DeliveryStreamType"], told["HasMoreDestinations"]) == ("DirectPut", False)
    [destination] = told["Destinations"]
    for kind in ("S3DestinationDescription", "ExtendedS3DestinationDescription"):
        assert destination[kind]["BufferingHints"] == HINTS
        assert destination[kind]["CompressionFormat"] == "UNCOMPRESSED"


def test_a_destination_is_changed_by_its_version(aws, refusal):
    create(aws, Prefix="a/")
    firehose = aws("firehose")
    place = {"DeliveryStreamName": "river", "DestinationId": "destinationId-000000000001"}
    hints = {"BufferingHints": {"IntervalInSeconds": 60}}
    firehose.update_destination(
        **place, CurrentDeliveryStreamVersionId="1", ExtendedS3DestinationUpdate=hints | {"CompressionFormat": "GZIP"}
    )
    told = firehose.describe_delivery_stream(DeliveryStreamName="river")["DeliveryStreamDescription"]
    kept = told["Destinations"][0]["ExtendedS3DestinationDescription"]
    assert (told["VersionId"], kept["Prefix"], kept["CompressionFormat"]) == ("2", "a/", "GZIP")
    assert kept["BufferingHints"] == HINTS | {"IntervalInSeconds": 60}
    code, _ = refusal(
        firehose.update_destination, **place, CurrentDeliveryStreamVersionId="1", ExtendedS3DestinationUpdate=hints
    )
    assert code == "ConcurrentModificationException"
    other = place | {"DestinationId": "destinationId-000000000002", "CurrentDeliveryStreamVersionId": "2"}
    assert refusal(firehose.update_destination, **other, ExtendedS3DestinationUpdate=hints)[0] == (
        "InvalidArgumentException"
    )


def test_streams_are_listed_by_pages(aws):
    for name in ("a", "b", "c"):
        create(aws, name)
    firehose = aws("firehose")
    first = firehose.list_delivery_streams(Limit=2)
    assert (first["DeliveryStreamNames"], first["HasMoreDeliveryStreams"]) == (["a", "b"], True)
    rest = firehose.list_delivery_streams(ExclusiveStartDeliveryStreamName="b")
    assert (rest["DeliveryStreamNames"], rest["HasMoreDeliveryStreams"]) == (["c"], False)
    assert firehose.list_delivery_streams(DeliveryStreamType="MSKAsSource")["DeliveryStreamNames"] == []


def test_tags(aws, refusal):
    create(aws)
    firehose = aws("firehose")
    tags = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
    firehose.tag_delivery_stream(DeliveryStreamName="river", Tags=tags)
    page = firehose.list_tags_for_delivery_stream(DeliveryStreamName="river", Limit=1)
    assert (page["Tags"], page["HasMoreTags"]) == (tags[:1], True)
    firehose.untag_delivery_stream(DeliveryStreamName="river", TagKeys=["a"])
    assert firehose.list_tags_for_delivery_stream(DeliveryStreamName="river")["Tags"] == tags[1:]
    many = [{"Key": f"k{number}", "Value": "x"} for number in range(50)]
    assert refusal(firehose.tag_delivery_stream, DeliveryStreamName="river", Tags=many)[0] == "LimitExceededException"


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"Prefix": "!{timestamp:yyyy}/"}, "InvalidArgumentException", "ErrorOutputPrefix is not valid"),
        ({"Prefix": "!{timestamp:QQ}/", "ErrorOutputPrefix": "e/"}, "InvalidArgumentException", "QQ is not supported"),
        ({"Prefix": "!{firehose:error-output-type}/", "ErrorOutputPrefix": "e/"}, "InvalidArgumentException", "error-"),
        ({"CustomTimeZone": "Mars/Olympus"}, "InvalidArgumentException", "Mars/Olympus is no time zone"),
        ({"ProcessingConfiguration": {"Enabled": True}}, "NotImplemented", "ProcessingConfiguration"),
        ({"CompressionFormat": "Snappy"}, "NotImplemented", "Snappy"),
        ({"S3BackupMode": "Enabled"}, "NotImplemented", "S3BackupMode"),
    ],
)
def test_what_may_not_be_is_refused(aws, refusal, changes, code, words):
    told = refusal(create, aws, **changes)
    assert told[0] == code and words in told[1]


def test_there_is_one_destination_and_one_stream_of_a_name(aws, refusal):
    create(aws)
    firehose = aws("firehose")
    assert refusal(create, aws)[0] == "ResourceInUseException"
    assert refusal(firehose.create_delivery_stream, DeliveryStreamName="x")[0] == "InvalidArgumentException"
    both = {"S3DestinationConfiguration": TO, "ExtendedS3DestinationConfiguration": TO}
    assert refusal(firehose.create_delivery_stream, DeliveryStreamName="x", **both)[0] == "InvalidArgumentException"
    splunk = {"HECEndpoint": "https://a", "HECEndpointType": "Raw", "HECToken": "t", "S3Configuration": TO}
    told = refusal(
        firehose.create_delivery_stream, DeliveryStreamName="x", SplunkDestinationConfiguration=splunk
    )  # fmt: skip
    assert told[0] == "NotImplemented" and "SplunkDestinationConfiguration" in told[1]
    assert refusal(firehose.put_record, DeliveryStreamName="none", Record={"Data": b"a"})[0] == (
        "ResourceNotFoundException"
    )
    large = [{"Data": b"x" * 1_000_000}] * 5
    told = refusal(firehose.put_record_batch, DeliveryStreamName="river", Records=large)
    assert told == ("InvalidArgumentException", "Records size exceeds 4 MB limit")


def test_who_makes_a_stream_passes_its_role(aws, refusal):
    client = aws.as_role("firehose", "maker", {"Effect": "Allow", "Action": "firehose:*", "Resource": "*"})
    told = refusal(
        client.create_delivery_stream, DeliveryStreamName="x", S3DestinationConfiguration=TO
    )  # fmt: skip
    assert told[0] == "AccessDeniedException" and "iam:PassRole" in told[1]


def test_a_template_makes_changes_and_removes_a_stream(aws):
    firehose = aws("firehose")
    properties = {"S3DestinationConfiguration": TO | {"BufferingHints": {"IntervalInSeconds": "60"}}}
    made = perform(aws, resources.create_stream(want(aws, properties)))
    assert made.attributes == {"Arn": f"arn:aws:firehose:us-east-1:{aws.account}:deliverystream/{made.id}"}
    changed = {"ExtendedS3DestinationConfiguration": TO | {"Prefix": "p/"}, "Tags": [{"Key": "a", "Value": "1"}]}
    perform(aws, resources.update_stream(want(aws, changed, old=properties, id=made.id)))
    told = firehose.describe_delivery_stream(DeliveryStreamName=made.id)["DeliveryStreamDescription"]
    assert told["Destinations"][0]["ExtendedS3DestinationDescription"]["Prefix"] == "p/"
    assert told["Destinations"][0]["S3DestinationDescription"]["BufferingHints"]["IntervalInSeconds"] == 60
    perform(aws, resources.update_stream(want(aws, changed | {"Tags": []}, old=changed, id=made.id)))
    assert firehose.list_tags_for_delivery_stream(DeliveryStreamName=made.id)["Tags"] == []
    perform(aws, resources.delete_stream(want(aws, changed, id=made.id)))
    assert firehose.list_delivery_streams()["DeliveryStreamNames"] == []
