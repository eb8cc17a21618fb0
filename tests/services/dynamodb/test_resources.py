"""The CloudFormation types: their steps, carried out by a client."""

import json

import pytest
from botocore.exceptions import ClientError

from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.resources import Made, Pause, Refused, Want
from freehold.kernel.service import snake
from freehold.services.cloudformation.steps import handler_code
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
            answer = refusal = None
            if isinstance(asked, Pause):
                continue
            try:
                answer = getattr(dynamodb, snake(asked.operation))(**asked.request)
            except ClientError as error:
                refusal = Refused(error.response["Error"]["Code"], error.response["Error"]["Message"])

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
    carry_out("delete", properties, "AWS::DynamoDB::GlobalTable", id="gone")


def test_a_global_table_has_replicas_in_other_regions(carry_out, dynamodb, aws):
    properties = TABLE | {
        "TableName": "everywhere", "BillingMode": "PAY_PER_REQUEST",
        "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
        "Replicas": [{"Region": "us-east-1"}, {"Region": "eu-west-1", "TableClass": "STANDARD_INFREQUENT_ACCESS"}],
    }  # fmt: skip
    carry_out("create", properties, "AWS::DynamoDB::GlobalTable")
    there = aws("dynamodb", region="eu-west-1")
    dynamodb.put_item(TableName="everywhere", Item={"pk": {"S": "a"}})
    assert there.scan(TableName="everywhere")["Count"] == 1
    other = properties | {"Replicas": [{"Region": "us-east-1"}, {"Region": "eu-central-1"}]}
    carry_out("update", other, "AWS::DynamoDB::GlobalTable", old=properties, id="everywhere")
    with pytest.raises(there.exceptions.ResourceNotFoundException):
        there.describe_table(TableName="everywhere")
    assert aws("dynamodb", region="eu-central-1").scan(TableName="everywhere")["Count"] == 1
    with pytest.raises(NotImplementedHere):
        strange = {"Region": "eu-west-1", "Tags": [{"Key": "a", "Value": "1"}]}
        wanted = other | {"Replicas": [{"Region": "us-east-1"}, strange]}
        carry_out("update", wanted, "AWS::DynamoDB::GlobalTable", old=other, id="everywhere")
    carry_out("delete", other, "AWS::DynamoDB::GlobalTable", id="everywhere")
    with pytest.raises(dynamodb.exceptions.ResourceNotFoundException):
        dynamodb.describe_table(TableName="everywhere")


def test_what_stands_beside_a_table_follows_its_template(carry_out, dynamodb, aws):
    def policy(resource, action):
        principal = {"AWS": f"arn:aws:iam::{aws.account}:root"}
        statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource}
        return {"PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}

    indexed = index("by-g", "g") | {"ContributorInsightsSpecification": {"Enabled": "true"}}
    properties = TABLE | defined("g") | {
        "BillingMode": "PAY_PER_REQUEST", "GlobalSecondaryIndexes": [indexed],
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": "true", "RecoveryPeriodInDays": "7"},
        "ContributorInsightsSpecification": {"Enabled": True, "Mode": "THROTTLED_KEYS"},
        "StreamSpecification": {
            "StreamViewType": "KEYS_ONLY", "ResourcePolicy": policy("*", "dynamodb:GetRecords"),
        },
        "ResourcePolicy": policy("*", "dynamodb:GetItem"), "SSESpecification": {"SSEEnabled": "true"},
    }  # fmt: skip
    made = carry_out("create", properties)
    recovery = dynamodb.describe_continuous_backups(TableName=made.id)["ContinuousBackupsDescription"]
    assert recovery["PointInTimeRecoveryDescription"]["RecoveryPeriodInDays"] == 7
    insights = dynamodb.list_contributor_insights(TableName=made.id)["ContributorInsightsSummaries"]
    assert [one.get("IndexName") for one in insights] == [None, "by-g"]
    arn = made.attributes["Arn"]
    assert "GetItem" in dynamodb.get_resource_policy(ResourceArn=arn)["Policy"]
    assert "GetRecords" in dynamodb.get_resource_policy(ResourceArn=made.attributes["StreamArn"])["Policy"]
    assert dynamodb.describe_table(TableName=made.id)["Table"]["SSEDescription"]["Status"] == "ENABLED"
    plain = TABLE | defined("g") | {
        "BillingMode": "PAY_PER_REQUEST", "GlobalSecondaryIndexes": [index("by-g", "g")],
        "StreamSpecification": {"StreamViewType": "KEYS_ONLY"},
    }  # fmt: skip
    carry_out("update", plain, old=properties, id=made.id)
    recovery = dynamodb.describe_continuous_backups(TableName=made.id)["ContinuousBackupsDescription"]
    assert recovery["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "DISABLED"
    assert dynamodb.list_contributor_insights(TableName=made.id)["ContributorInsightsSummaries"] == []
    for policed in (arn, made.attributes["StreamArn"]):
        with pytest.raises(dynamodb.exceptions.PolicyNotFoundException):
            dynamodb.get_resource_policy(ResourceArn=policed)
    assert "SSEDescription" not in dynamodb.describe_table(TableName=made.id)["Table"]


def test_a_table_is_made_of_objects(carry_out, dynamodb, aws):
    s3, bucket = aws("s3"), f"source-{aws.account}"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="in", Body=json.dumps({"Item": {"pk": {"S": "a"}}}).encode())
    properties = TABLE | {
        "BillingMode": "PAY_PER_REQUEST", "DeletionProtectionEnabled": True,
        "Tags": [{"Key": "a", "Value": "1"}], "StreamSpecification": {"StreamViewType": "KEYS_ONLY"},
        "ImportSourceSpecification": {"InputFormat": "DYNAMODB_JSON", "S3BucketSource": {"S3Bucket": bucket}},
    }  # fmt: skip
    made = carry_out("create", properties)
    assert dynamodb.scan(TableName=made.id)["Count"] == 1
    table = dynamodb.describe_table(TableName=made.id)["Table"]
    assert table["DeletionProtectionEnabled"] and table["StreamSpecification"]["StreamViewType"] == "KEYS_ONLY"
    assert dynamodb.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"] == properties["Tags"]
    missing = {"InputFormat": "CSV", "S3BucketSource": {"S3Bucket": "no-such-bucket-at-all"}}
    with pytest.raises(Refused, match="bucket does not exist"):
        carry_out("create", properties | {"TableName": "nothing", "ImportSourceSpecification": missing})


def test_a_protected_table_is_not_removed(carry_out, dynamodb):
    made = carry_out("create", TABLE | UNITS | {"DeletionProtectionEnabled": "true"})
    with pytest.raises(Refused, match="currently protected against deletion"):
        carry_out("delete", TABLE, id=made.id)
