"""Notifications: who hears of which object."""

import json

import pytest


@pytest.fixture
def queue(aws):
    """A queue that S3 may write to: its URL and ARN."""
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName="heard")["QueueUrl"]
    arn = f"arn:aws:sqs:us-east-1:{aws.account}:heard"
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": document})
    return url, arn


def heard(sqs, url, wait=5):
    """The bodies of what lies in a queue, waiting for the first."""
    found = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=wait, MaxNumberOfMessages=10).get("Messages", [])
    for message in found:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in found]


def test_a_queue_hears_of_objects(s3, aws, bucket, queue):
    url, arn = queue
    filters = {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}, {"Name": "suffix", "Value": ".txt"}]}}
    one = {"QueueArn": arn, "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:Delete"], "Filter": filters}
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [one]})
    sqs = aws("sqs")
    assert heard(sqs, url)[0]["Event"] == "s3:TestEvent"
    kept = s3.get_bucket_notification_configuration(Bucket=bucket)["QueueConfigurations"][0]
    assert kept["Events"] == one["Events"] and kept["Id"]
    s3.put_object(Bucket=bucket, Key="out/a.txt", Body=b"x")
    s3.put_object(Bucket=bucket, Key="in/a b.txt", Body=b"xyz")
    record = heard(sqs, url)[0]["Records"][0]
    assert (record["eventName"], record["s3"]["bucket"]["name"]) == ("ObjectCreated:Put", bucket)
    assert (record["s3"]["object"]["key"], record["s3"]["object"]["size"]) == ("in/a+b.txt", 3)
    s3.delete_object(Bucket=bucket, Key="in/a b.txt")
    assert heard(sqs, url)[0]["Records"][0]["eventName"] == "ObjectRemoved:Delete"


def test_a_destination_that_refuses(s3, aws, bucket, refusal):
    put = s3.put_bucket_notification_configuration
    arn = f"arn:aws:sqs:us-east-1:{aws.account}:nowhere"
    one = {"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}
    wanted = {"QueueConfigurations": [one]}
    code, error = refusal(put, Bucket=bucket, NotificationConfiguration=wanted)
    assert (code, error["Message"]) == (
        "InvalidArgument", "Unable to validate the following destination configurations",
    )  # fmt: skip


@pytest.fixture
def listening(s3, aws, bucket, queue):
    """Let the queue hear of events; what it has heard since."""
    url, arn = queue
    sqs = aws("sqs")

    def listen(*events, name=bucket):
        one = {"QueueArn": arn, "Events": list(events)}
        s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration={"QueueConfigurations": [one]})
        assert heard(sqs, url)[0]["Event"] == "s3:TestEvent"

        def since(count=1):
            found = []
            while len(found) < count:
                found += [record for body in heard(sqs, url) for record in body["Records"]]
            return found

        return since

    return listen


def test_what_versions_tell(s3, new_bucket, listening):
    bucket = new_bucket(versioned=True)
    since = listening("s3:ObjectCreated:*", "s3:ObjectRemoved:*", name=bucket)
    version = s3.put_object(Bucket=bucket, Key="a", Body=b"x")["VersionId"]
    marker = s3.delete_object(Bucket=bucket, Key="a")["VersionId"]
    s3.delete_object(Bucket=bucket, Key="a", VersionId=version)
    made, marked, gone = sorted(since(3), key=lambda record: record["s3"]["object"]["sequencer"])
    assert [each["eventName"] for each in (made, marked, gone)] == [
        "ObjectCreated:Put", "ObjectRemoved:DeleteMarkerCreated", "ObjectRemoved:Delete",
    ]  # fmt: skip
    assert made["s3"]["object"].keys() == {"key", "size", "eTag", "versionId", "sequencer"}
    assert marked["s3"]["object"]["versionId"] == marker and marked["s3"]["object"]["eTag"].startswith("d41d8")
    assert gone["s3"]["object"].keys() == {"key", "versionId", "sequencer"}


def test_tags_and_grants_are_told(s3, new_bucket, listening):
    bucket = new_bucket(ObjectOwnership="ObjectWriter")
    since = listening("s3:ObjectTagging:*", "s3:ObjectAcl:Put", name=bucket)
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    s3.put_object_acl(Bucket=bucket, Key="a", ACL="private")  # changes nothing
    s3.put_object_tagging(Bucket=bucket, Key="a", Tagging={"TagSet": [{"Key": "k", "Value": "v"}]})
    s3.put_object_acl(Bucket=bucket, Key="a", GrantRead='uri="http://acs.amazonaws.com/groups/s3/LogDelivery"')
    s3.delete_object_tagging(Bucket=bucket, Key="a")
    told = since(3)
    assert sorted(each["eventName"] for each in told) == ["ObjectAcl:Put", "ObjectTagging:Delete", "ObjectTagging:Put"]
    assert {each["eventVersion"] for each in told} == {"2.3"}
    assert all(each["s3"]["object"].keys() == {"key", "eTag"} for each in told)


@pytest.mark.parametrize("one, other, words", [
    ({"Events": ["s3:ObjectCreated:*"]}, {"Events": ["s3:ObjectCreated:Put"]}, "cannot share a common event type"),
    ({"Events": ["s3:ObjectCreated:*"], "prefix": "a"}, {"Events": ["s3:ObjectCreated:*"], "prefix": "ab"},
     "ambiguously defined"),
    ({"Events": ["s3:ObjectCreated:*"], "prefix": "a"}, {"Events": ["s3:ObjectCreated:*"], "prefix": "b"}, None),
    ({"Events": ["s3:ObjectCreated:*"], "suffix": ".png"}, {"Events": ["s3:ObjectCreated:*"], "suffix": ".jpg"}, None),
    ({"Events": ["s3:ObjectCreated:*"]}, {"Events": ["s3:ObjectRemoved:*"]}, None),
    ({"Events": ["s3:Nothing"]}, {"Events": ["s3:ObjectRemoved:*"]}, "is not supported for notifications"),
    ({"Events": ["s3:ObjectCreated:*"], "Id": "same"}, {"Events": ["s3:ObjectRemoved:*"], "Id": "same"},
     "IDs must be unique"),
])  # fmt: skip
def test_overlapping_configurations(s3, bucket, queue, refusal, one, other, words):
    def spoken(part):
        rules = [{"Name": name, "Value": part.pop(name)} for name in ("prefix", "suffix") if name in part]
        return {"QueueArn": queue[1], **part} | ({"Filter": {"Key": {"FilterRules": rules}}} if rules else {})

    wanted = {"QueueConfigurations": [spoken(dict(one)), spoken(dict(other))]}
    put = s3.put_bucket_notification_configuration
    if words is None:
        put(Bucket=bucket, NotificationConfiguration=wanted)
    else:
        code, error = refusal(put, Bucket=bucket, NotificationConfiguration=wanted)
        assert code == "InvalidArgument" and words in error["Message"]


def test_every_destination_that_refuses_is_named(s3, aws, bucket, queue, refusal):
    missing = f"arn:aws:sqs:us-east-1:{aws.account}:nowhere"
    aws("sqs").create_queue(QueueName="closed")
    closed = f"arn:aws:sqs:us-east-1:{aws.account}:closed"
    parts = [
        {"QueueArn": missing, "Events": ["s3:ObjectCreated:*"]},
        {"QueueArn": closed, "Events": ["s3:ObjectRemoved:*"]},
    ]
    put = s3.put_bucket_notification_configuration
    _, error = refusal(put, Bucket=bucket, NotificationConfiguration={"QueueConfigurations": parts})
    assert (error["ArgumentName1"], error["ArgumentValue1"]) == (missing, "The destination queue does not exist")
    assert error["ArgumentName2"] == closed and error["ArgumentValue2"].startswith(
        "Permissions on the destination queue"
    )
    function = f"arn:aws:lambda:us-east-1:{aws.account}:function:nowhere"
    parts = [{"LambdaFunctionArn": function, "Events": ["s3:ObjectCreated:*"]}]
    _, error = refusal(put, Bucket=bucket, NotificationConfiguration={"LambdaFunctionConfigurations": parts})
    assert error["ArgumentValue1"] == f"Not authorized to invoke function [{function}]"
    bad = {"QueueConfigurations": [{"QueueArn": "invalid", "Events": ["s3:ObjectCreated:*"]}]}
    _, error = refusal(put, Bucket=bucket, NotificationConfiguration=bad)
    assert (error["ArgumentName"], error["ArgumentValue"]) == ("Queue", "invalid")
    put(
        Bucket=bucket, NotificationConfiguration={"LambdaFunctionConfigurations": parts}, SkipDestinationValidation=True
    )


def test_filters_are_given_back_as_s3_writes_them(s3, bucket, queue):
    rules = [{"Name": "pReFix", "Value": "in/"}, {"Name": "suffix", "Value": ""}]
    one = {"QueueArn": queue[1], "Events": ["s3:ObjectCreated:*"], "Filter": {"Key": {"FilterRules": rules}}}
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [one]})
    kept = s3.get_bucket_notification_configuration(Bucket=bucket)["QueueConfigurations"][0]
    assert [rule["Name"] for rule in kept["Filter"]["Key"]["FilterRules"]] == ["Prefix", "Suffix"]


def test_queues_in_order_hear_nothing(s3, aws, bucket, refusal):
    aws("sqs").create_queue(QueueName="in-order.fifo", Attributes={"FifoQueue": "true"})
    arn = f"arn:aws:sqs:us-east-1:{aws.account}:in-order.fifo"
    wanted = {"QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}]}
    put = s3.put_bucket_notification_configuration
    assert refusal(put, Bucket=bucket, NotificationConfiguration=wanted)[1]["ArgumentName1"] == arn
