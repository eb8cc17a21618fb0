"""The CloudFormation types: their steps, carried out by a client."""

import json

import pytest
from botocore.exceptions import ClientError

from freehold.kernel.resources import Refused, Want
from freehold.kernel.service import snake
from freehold.services.cloudformation.steps import handler_code
from freehold.services.kinesis import kinesis as catalogue


@pytest.fixture
def carry_out(aws):
    """Carry out a step of a type; the outcome."""
    client = aws("kinesis")

    def run(step, type_name, properties, **more):
        want = Want(aws.account, aws.region, "arn:stack", "shop", "Thing", "ABCDEFGHIJKL", properties, **more)
        steps = catalogue.resources[f"AWS::Kinesis::{type_name}"].steps[step](want)
        answer, refusal = None, None
        while True:
            try:
                asked = steps.throw(refusal) if refusal else steps.send(answer)
            except StopIteration as end:
                return end.value
            except Refused as refused:
                if step == "delete" and handler_code(refused.code, 400) == "NotFound":
                    return None
                raise
            try:
                answer, refusal = getattr(client, snake(asked.operation))(**asked.request), None
            except ClientError as fault:
                refusal = Refused(fault.response["Error"]["Code"], fault.response["Error"]["Message"])

    return run


def test_a_stream_is_made_changed_and_removed(carry_out, aws):
    client = aws("kinesis")
    key = {"EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"}
    first = {
        "ShardCount": "2", "RetentionPeriodHours": "48", "StreamEncryption": key,
        "Tags": [{"Key": "a", "Value": "1"}], "DesiredShardLevelMetrics": ["IncomingBytes"],
    }  # fmt: skip
    made = carry_out("create", "Stream", first, tags={"stack": "shop"})
    assert made.id == "shop-Thing-ABCDEFGHIJKL"
    assert made.attributes == {"Arn": f"arn:aws:kinesis:us-east-1:{aws.account}:stream/{made.id}"}

    def told():
        found = client.describe_stream_summary(StreamName=made.id)["StreamDescriptionSummary"]
        members = ("OpenShardCount", "RetentionPeriodHours", "EncryptionType", "EnhancedMonitoring")
        return tuple(found[member] for member in members)

    assert told() == (2, 48, "KMS", [{"ShardLevelMetrics": ["IncomingBytes"]}])
    second = {"ShardCount": 4, "MaxRecordSizeInKiB": 2_048}
    carry_out("update", "Stream", second, old=first, id=made.id, tags={"stack": "shop"})
    assert told() == (4, 24, "NONE", [{"ShardLevelMetrics": []}])
    assert client.list_tags_for_stream(StreamName=made.id)["Tags"] == [{"Key": "stack", "Value": "shop"}]
    third = {"StreamModeDetails": {"StreamMode": "ON_DEMAND"}}
    carry_out("update", "Stream", third, old=second, id=made.id)
    summary = client.describe_stream_summary(StreamName=made.id)["StreamDescriptionSummary"]
    assert summary["StreamModeDetails"]["StreamMode"] == "ON_DEMAND"
    for _ in range(2):
        carry_out("delete", "Stream", third, id=made.id)
    assert client.list_streams()["StreamNames"] == []


def test_a_consumer_and_a_policy(carry_out, aws):
    client = aws("kinesis")
    stream = carry_out("create", "Stream", {"Name": "line", "ShardCount": 1}).attributes["Arn"]
    wanted = {"ConsumerName": "reader", "StreamARN": stream}
    made = carry_out("create", "StreamConsumer", wanted)
    assert made.id == made.attributes["ConsumerARN"]
    assert (made.attributes["ConsumerStatus"], made.attributes["StreamARN"]) == ("ACTIVE", stream)
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "kinesis:SubscribeToShard", "Resource": made.id}
    document = {"Version": "2012-10-17", "Statement": [allowed]}
    shared = {"ResourceArn": made.id, "ResourcePolicy": document}
    assert carry_out("create", "ResourcePolicy", shared).id == made.id
    assert json.loads(client.get_resource_policy(ResourceARN=made.id)["Policy"]) == document
    for _ in range(2):
        carry_out("delete", "ResourcePolicy", shared, id=made.id)
        carry_out("delete", "StreamConsumer", wanted, id=made.id)
    assert client.list_stream_consumers(StreamARN=stream)["Consumers"] == []
