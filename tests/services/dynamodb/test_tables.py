"""Tables through the door: made, described, changed, listed, tagged, removed."""

import pytest
from botocore.exceptions import ClientError
from tests.services.counting import counted

from freehold.services.dynamodb.definitions import census

from .shapes import index

KEY = [{"AttributeName": "pk", "KeyType": "HASH"}]
DEFINED = [{"AttributeName": "pk", "AttributeType": "S"}]


def test_a_new_table_is_creating_in_its_answer_and_active_after(dynamodb, aws):
    made = dynamodb.create_table(
        TableName="orders", KeySchema=KEY, AttributeDefinitions=DEFINED,
        ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 6},
    )["TableDescription"]  # fmt: skip
    assert made["TableStatus"] == "CREATING"
    dynamodb.get_waiter("table_exists").wait(TableName="orders")
    table = dynamodb.describe_table(TableName="orders")["Table"]
    assert table["TableStatus"] == "ACTIVE"
    assert table["TableArn"] == f"arn:aws:dynamodb:us-east-1:{aws.account}:table/orders"
    assert table["ProvisionedThroughput"] == {
        "NumberOfDecreasesToday": 0,
        "ReadCapacityUnits": 5,
        "WriteCapacityUnits": 6,
    }
    assert table["DeletionProtectionEnabled"] is False
    assert "BillingModeSummary" not in table


def test_a_name_is_taken_once(dynamodb, new_table):
    name = new_table()
    with pytest.raises(ClientError, match=f"Table already exists: {name}") as refused:
        dynamodb.create_table(
            TableName=name, KeySchema=KEY, AttributeDefinitions=DEFINED, BillingMode="PAY_PER_REQUEST"
        )
    assert refused.value.response["Error"]["Code"] == "ResourceInUseException"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"BillingMode": "PROVISIONED"}, "ReadCapacityUnits and WriteCapacityUnits must both be specified"),
        (
            {"ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}},
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
        ),
        (
            {"KeySchema": [{"AttributeName": "no", "KeyType": "HASH"}]},
            r"Some index key attributes are not defined in AttributeDefinitions. Keys: \[no\]",
        ),
        (
            {"KeySchema": [{"AttributeName": "pk", "KeyType": "RANGE"}]},
            "Invalid KeySchema: The first KeySchemaElement is not a HASH key type",
        ),
        (
            {"AttributeDefinitions": [*DEFINED, {"AttributeName": "x", "AttributeType": "S"}]},
            "Number of attributes in KeySchema does not exactly match number of attributes defined",
        ),
        ({"GlobalSecondaryIndexes": []}, "List of GlobalSecondaryIndexes is empty"),
        ({"LocalSecondaryIndexes": [index("lsi", "pk", "pk")]}, "Table KeySchema does not have a range key"),
        (
            {"GlobalSecondaryIndexes": [index("gsi", "pk", projection="KEYS_ONLY", include=["a"])]},
            "ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified",
        ),
        ({"GlobalSecondaryIndexes": [index("gsi", "pk")] * 2}, "Duplicate index name: gsi"),
    ],
)
def test_wrong_descriptions_are_refused(dynamodb, wrong, words):
    request = {"KeySchema": KEY, "AttributeDefinitions": DEFINED, "BillingMode": "PAY_PER_REQUEST"} | wrong
    with pytest.raises(ClientError, match=words) as refused:
        dynamodb.create_table(TableName="wrong", **request)
    assert refused.value.response["Error"]["Code"] == "ValidationException"


@pytest.mark.parametrize("operation", ["describe_table", "delete_table"])
def test_a_missing_table_is_named(dynamodb, operation):
    with pytest.raises(ClientError, match="Requested resource not found: Table: nowhere not found") as refused:
        getattr(dynamodb, operation)(TableName="nowhere")
    assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_a_deleted_table_is_gone_with_its_items(dynamodb, new_table):
    name = new_table(sort=None)
    dynamodb.put_item(TableName=name, Item={"pk": {"S": "a"}})
    assert dynamodb.delete_table(TableName=name)["TableDescription"]["TableStatus"] == "DELETING"
    dynamodb.get_waiter("table_not_exists").wait(TableName=name)
    dynamodb.create_table(TableName=name, KeySchema=KEY, AttributeDefinitions=DEFINED, BillingMode="PAY_PER_REQUEST")
    assert dynamodb.scan(TableName=name)["Count"] == 0


def test_a_protected_table_stays(dynamodb, new_table):
    name = new_table(DeletionProtectionEnabled=True)
    with pytest.raises(ClientError, match="currently protected against deletion"):
        dynamodb.delete_table(TableName=name)
    dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
    dynamodb.delete_table(TableName=name)


def test_tables_are_listed_by_name_in_pages(dynamodb, new_table):
    names = sorted(new_table() for _ in range(5))
    first = dynamodb.list_tables(Limit=2)
    assert first == first | {"TableNames": names[:2], "LastEvaluatedTableName": names[1]}
    pages = dynamodb.get_paginator("list_tables").paginate(PaginationConfig={"PageSize": 2})
    assert [name for page in pages for name in page["TableNames"]] == names


def test_billing_mode_and_units_change(dynamodb, new_table):
    name = new_table()
    units = {"ReadCapacityUnits": 3, "WriteCapacityUnits": 4}
    answer = dynamodb.update_table(TableName=name, BillingMode="PROVISIONED", ProvisionedThroughput=units)
    assert answer["TableDescription"]["TableStatus"] == "UPDATING"
    table = dynamodb.describe_table(TableName=name)["Table"]
    assert table["BillingModeSummary"]["BillingMode"] == "PROVISIONED"
    assert table["ProvisionedThroughput"]["WriteCapacityUnits"] == 4
    with pytest.raises(ClientError, match="The provisioned throughput for the table will not change"):
        dynamodb.update_table(TableName=name, ProvisionedThroughput=units)
    dynamodb.update_table(TableName=name, BillingMode="PAY_PER_REQUEST")
    dynamodb.update_table(TableName=name, TableClass="STANDARD_INFREQUENT_ACCESS")
    table = dynamodb.describe_table(TableName=name)["Table"]
    assert table["ProvisionedThroughput"]["ReadCapacityUnits"] == 0
    assert table["TableClassSummary"] == {"TableClass": "STANDARD_INFREQUENT_ACCESS"}


def test_an_update_must_ask_for_something(dynamodb, new_table):
    with pytest.raises(ClientError, match="At least one of ProvisionedThroughput, BillingMode"):
        dynamodb.update_table(TableName=new_table())


def test_tags(dynamodb, new_table):
    name = new_table(Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    arn = dynamodb.describe_table(TableName=name)["Table"]["TableArn"]
    dynamodb.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "3"}])
    dynamodb.untag_resource(ResourceArn=arn, TagKeys=["b"])
    assert dynamodb.list_tags_of_resource(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "3"}]
    with pytest.raises(ClientError, match=f"ResourcArn: {arn}x not found"):
        dynamodb.list_tags_of_resource(ResourceArn=arn + "x")


def test_a_table_may_be_named_by_its_arn(dynamodb, new_table, aws):
    name = new_table(sort=None)
    arn = f"arn:aws:dynamodb:us-east-1:{aws.account}:table/{name}"
    dynamodb.put_item(TableName=arn, Item={"pk": {"S": "a"}})
    assert dynamodb.get_item(TableName=arn, Key={"pk": {"S": "a"}})["Item"] == {"pk": {"S": "a"}}
    with pytest.raises(ClientError) as refused:
        dynamodb.get_item(TableName=arn.replace(aws.account, "999999999999"), Key={"pk": {"S": "a"}})
    assert refused.value.response["Error"]["Code"] == "AccessDeniedException"


def test_items_are_counted(dynamodb, new_table):
    name = new_table(sort=None)
    for number in range(3):
        dynamodb.put_item(TableName=name, Item={"pk": {"S": f"k{number}"}})
    table = dynamodb.describe_table(TableName=name)["Table"]
    assert (table["ItemCount"], table["TableSizeBytes"]) == (3, 12)


def test_what_is_told_of_backups_limits_and_endpoints(dynamodb, new_table, aws):
    told = dynamodb.describe_continuous_backups(TableName=new_table())["ContinuousBackupsDescription"]
    assert told["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "DISABLED"
    with pytest.raises(ClientError, match="Table not found: nowhere"):
        dynamodb.describe_continuous_backups(TableName="nowhere")
    assert dynamodb.describe_limits()["TableMaxReadCapacityUnits"] == 40_000
    assert dynamodb.describe_endpoints()["Endpoints"][0]["Address"] in aws.url


def fill(client, name, first, last):
    for start in range(first, last, 25):
        puts = [{"PutRequest": {"Item": {"pk": {"S": f"{number}"}}}} for number in range(start, start + 25)]
        client.batch_write_item(RequestItems={name: puts})


def counted_as(client, name, items):
    """The table when so many items are counted: a keeper has been woken, and has its turn among these requests."""
    for _ in range(100):
        table = client.describe_table(TableName=name)["Table"]
        if table["ItemCount"] == items:
            break
    assert table["ItemCount"] == items
    return table


def test_many_items_are_counted_when_asked_for_then_now_and_then(own_cloud, new_table):
    client = own_cloud("dynamodb")
    name = new_table(sort=None, client=client)
    fill(client, name, 0, 600)
    assert counted_as(client, name, 600)["TableSizeBytes"] == 600 * 2 + 10 + 90 * 2 + 500 * 3
    fill(client, name, 600, 650)
    with counted(own_cloud) as work:
        assert client.describe_table(TableName=name)["Table"]["ItemCount"] == 600
    assert work.rows < 10
    call = own_cloud.running.cloud.door.call(own_cloud.account, own_cloud.region)
    assert own_cloud.running.run(call.transact(census.large)) == []  # a cloud that starts now has nothing to count
    own_cloud.advance(6 * 3_600)
    counted_as(client, name, 650)


def test_few_items_that_were_many_are_counted_when_asked_for(own_cloud, new_table):
    client = own_cloud("dynamodb")
    name = new_table(sort=None, client=client)
    fill(client, name, 0, 525)
    counted_as(client, name, 525)
    for number in range(500):
        client.delete_item(TableName=name, Key={"pk": {"S": f"{number}"}})
    own_cloud.advance(6 * 3_600)
    counted_as(client, name, 25)
    client.delete_item(TableName=name, Key={"pk": {"S": "524"}})
    assert client.describe_table(TableName=name)["Table"]["ItemCount"] == 24


def described(client, name):
    return client.describe_table(TableName=name)["Table"]


def test_a_tables_key_is_one_that_kms_knows(aws, dynamodb, new_table):
    own = described(dynamodb, new_table(SSESpecification={"Enabled": True}))["SSEDescription"]
    assert (own["Status"], own["SSEType"]) == ("ENABLED", "KMS")
    key = aws("kms").describe_key(KeyId=own["KMSMasterKeyArn"])["KeyMetadata"]
    assert (key["KeyManager"], key["Arn"]) == ("AWS", own["KMSMasterKeyArn"])
    mine = aws("kms").create_key()["KeyMetadata"]["Arn"]
    name = new_table()
    assert "SSEDescription" not in described(dynamodb, name)
    asked = {"Enabled": True, "KMSMasterKeyId": mine}
    told = dynamodb.update_table(TableName=name, SSESpecification=asked)["TableDescription"]
    assert (told["TableStatus"], told["SSEDescription"]) == ("ACTIVE", {"Status": "UPDATING"})
    with pytest.raises(ClientError, match="already encrypted with given KMSMasterKeyId"):
        dynamodb.update_table(TableName=name, SSESpecification=asked)
    assert described(dynamodb, name)["SSEDescription"]["KMSMasterKeyArn"] == mine
    dynamodb.update_table(TableName=name, SSESpecification={"Enabled": False})
    assert "SSEDescription" not in described(dynamodb, name)
    with pytest.raises(ClientError, match=r"KMS validation error: com.amazonaws.services.kms.model\.NotFoundException"):
        new_table(SSESpecification={"Enabled": True, "KMSMasterKeyId": "alias/none"})
    with pytest.raises(ClientError, match="KMSMasterKeyId can not be specified if Enabled is false"):
        new_table(SSESpecification={"KMSMasterKeyId": mine})


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"TableClass": "STANDARD", "DeletionProtectionEnabled": True}, "TableClass modification must be the only"),
        ({"SSESpecification": {}}, "Table is already encrypted by default"),
        ({"OnDemandThroughput": {"MaxReadRequestUnits": 0}}, "Requested MaxReadRequestUnits .* outside of valid range"),
        ({"BillingMode": "PROVISIONED"}, "ProvisionedThroughput must be specified when BillingMode is PROVISIONED"),
        ({"StreamSpecification": {"StreamEnabled": False}}, "Table has no stream to disable"),
    ],
)
def test_what_an_update_may_not_ask_for(dynamodb, new_table, wanted, words):
    with pytest.raises(ClientError, match=words):
        dynamodb.update_table(TableName=new_table(), **wanted)


def test_ceilings_are_set_and_cleared(dynamodb, new_table):
    name = new_table(OnDemandThroughput={"MaxReadRequestUnits": 5, "MaxWriteRequestUnits": 6})
    dynamodb.update_table(TableName=name, OnDemandThroughput={"MaxReadRequestUnits": -1})
    assert described(dynamodb, name)["OnDemandThroughput"] == {"MaxWriteRequestUnits": 6}


def test_tags_have_bounds(dynamodb, new_table):
    arn = described(dynamodb, new_table())["TableArn"]
    for tags, words in [
        ([{"Key": "aws:x", "Value": "1"}], "Tag Key cannot be prefixed with aws:"),
        ([{"Key": "x", "Value": "1"}, {"Key": "x", "Value": "2"}], "Duplicate Tag Key found x"),
        ([{"Key": str(number), "Value": ""} for number in range(51)], "Number of Tags exceed the current limit"),
        ([], "Atleast one Tag needs"),
    ]:
        with pytest.raises(ClientError, match=words):
            dynamodb.tag_resource(ResourceArn=arn, Tags=tags)
