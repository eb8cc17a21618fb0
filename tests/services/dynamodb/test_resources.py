"""The CloudFormation types: their steps, carried out by a client."""

import pytest

from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.resources import Made, Pause, Want
from freehold.kernel.service import snake
from freehold.services.dynamodb import dynamodb as catalogue

from .shapes import index

TABLE = {
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
}
UNITS = {"ProvisionedThroughput": {"ReadCapacityUnits": "1", "WriteCapacityUnits": 1}}


def defined(*names):
    return {"AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", *names)]}


@pytest.fixture
def carry_out(aws, dynamodb):
    """Carry out a step of a type; the outcome."""

    def run(step, properties, type_name="AWS::DynamoDB::Table", **more):
        want = Want(aws.account, aws.region, "arn:stack", "shop", "Orders", "ABCDEFGHIJKL", properties, **more)
        steps = catalogue.resources[type_name].steps[step](want)
        answer = None
        while True:
            try:
                asked = steps.send(answer)
            except StopIteration as end:
                return end.value
            assert not isinstance(asked, Pause)
            answer = getattr(dynamodb, snake(asked.operation))(**asked.request)

    return run


def test_a_table_is_made_changed_and_removed(carry_out, dynamodb, aws):
    properties = TABLE | UNITS | defined("g") | {
        "GlobalSecondaryIndexes": [index("by-g", "g") | UNITS],
        "TimeToLiveSpecification": {"AttributeName": "ends", "Enabled": "true"},
        "Tags": [{"Key": "a", "Value": "1"}],
    }  # fmt: skip
    made = carry_out("create", properties, tags={"stack": "shop"})
    assert isinstance(made, Made)
    name = made.id
    assert name == "shop-Orders-ABCDEFGHIJKL"
    assert made.attributes["Arn"] == f"arn:aws:dynamodb:us-east-1:{aws.account}:table/{name}"
    assert dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]["AttributeName"] == "ends"

    changed = TABLE | defined("h") | {"BillingMode": "PAY_PER_REQUEST", "GlobalSecondaryIndexes": [index("by-h", "h")]}
    carry_out("update", changed, old=properties, id=name, tags={"stack": "shop"})
    table = dynamodb.describe_table(TableName=name)["Table"]
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert [one["IndexName"] for one in table["GlobalSecondaryIndexes"]] == ["by-h"]
    assert dynamodb.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"] == [{"Key": "stack", "Value": "shop"}]
    assert dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED"

    carry_out("update", properties, old=changed, id=name)
    table = dynamodb.describe_table(TableName=name)["Table"]
    assert table["ProvisionedThroughput"]["ReadCapacityUnits"] == 1
    assert [one["IndexName"] for one in table["GlobalSecondaryIndexes"]] == ["by-g"]
    carry_out("delete", properties, id=name)
    assert name not in dynamodb.list_tables()["TableNames"]


@pytest.mark.parametrize("step", ["create", "update"])
def test_what_is_not_here_is_refused(carry_out, step):
    with pytest.raises(NotImplementedHere, match="ResourcePolicy"):
        carry_out(step, TABLE | {"ResourcePolicy": {"PolicyDocument": {}}}, old=TABLE, id="t")


def test_a_stream_comes_changes_and_goes(carry_out, dynamodb):
    def streaming(view):
        return TABLE | UNITS | ({"StreamSpecification": {"StreamViewType": view}} if view else {})

    made = carry_out("create", streaming("NEW_IMAGE"))
    assert made.attributes["StreamArn"].startswith(made.attributes["Arn"] + "/stream/")
    changed = carry_out("update", streaming("KEYS_ONLY"), old=streaming("NEW_IMAGE"), id=made.id)
    assert changed.attributes["StreamArn"] != made.attributes["StreamArn"]
    told = dynamodb.describe_table(TableName=made.id)["Table"]
    assert told["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    gone = carry_out("update", streaming(""), old=streaming("KEYS_ONLY"), id=made.id)
    assert "StreamArn" not in gone.attributes


def test_changes_are_sent_where_the_template_says(carry_out, dynamodb, aws):
    def sending(name):
        arn = f"arn:aws:kinesis:us-east-1:{aws.account}:stream/{name}"
        return TABLE | UNITS | ({"KinesisStreamSpecification": {"StreamArn": arn}} if name else {})

    for name in ("one", "two"):
        aws("kinesis").create_stream(StreamName=name, ShardCount=1)
    made = carry_out("create", sending("one"))
    carry_out("update", sending("two"), old=sending("one"), id=made.id)
    told = dynamodb.describe_kinesis_streaming_destination(TableName=made.id)["KinesisDataStreamDestinations"]
    assert [(one["StreamArn"].rpartition("/")[2], one["DestinationStatus"]) for one in told] == [
        ("one", "DISABLED"),
        ("two", "ACTIVE"),
    ]
    carry_out("update", sending(""), old=sending("two"), id=made.id)
    told = dynamodb.describe_kinesis_streaming_destination(TableName=made.id)["KinesisDataStreamDestinations"]
    assert {one["DestinationStatus"] for one in told} == {"DISABLED"}


def test_a_global_table_of_one_replica(carry_out, dynamodb):
    properties = TABLE | {
        "TableName": "worldwide", "BillingMode": "PAY_PER_REQUEST",
        "Replicas": [{"Region": "us-east-1", "DeletionProtectionEnabled": True, "Tags": [{"Key": "a", "Value": "1"}]}],
    }  # fmt: skip
    made = carry_out("create", properties, "AWS::DynamoDB::GlobalTable")
    table = dynamodb.describe_table(TableName="worldwide")["Table"]
    assert (made.id, made.attributes["TableId"]) == ("worldwide", table["TableId"])
    assert table["DeletionProtectionEnabled"]
    elsewhere = properties | {"Replicas": [*properties["Replicas"], {"Region": "eu-west-1"}]}
    with pytest.raises(NotImplementedHere):
        carry_out("update", elsewhere, "AWS::DynamoDB::GlobalTable", old=properties, id="worldwide")
