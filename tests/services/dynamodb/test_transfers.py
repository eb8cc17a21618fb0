"""Exports to S3 and imports from it."""

import gzip
import json
from base64 import b64encode
from hashlib import md5

import pytest
from botocore.exceptions import ClientError
from tests.running import wait_for

from .shapes import index

MANY = 620
KEY = {
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}


@pytest.fixture
def bucket(aws):
    name = f"transfers-{aws.account}"
    aws("s3").create_bucket(Bucket=name)
    return name


def recovered(client, name):
    client.update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )


def arn_of(client, name):
    return client.describe_table(TableName=name)["Table"]["TableArn"]


def exported(client, name, **request):
    told = client.export_table_to_point_in_time(TableArn=arn_of(client, name), **request)["ExportDescription"]
    assert told["ExportStatus"] == "IN_PROGRESS"

    def ended():
        now = client.describe_export(ExportArn=told["ExportArn"])["ExportDescription"]
        return now if now["ExportStatus"] != "IN_PROGRESS" else None

    return wait_for(ended)


def imported(client, name, bucket, format, **request):
    told = client.import_table(
        S3BucketSource={"S3Bucket": bucket, "S3KeyPrefix": request.pop("prefix", "")}, InputFormat=format,
        TableCreationParameters={"TableName": name, **KEY, **request.pop("table", {})}, **request,
    )["ImportTableDescription"]  # fmt: skip

    def ended():
        now = client.describe_import(ImportArn=told["ImportArn"])["ImportTableDescription"]
        return now if now["ImportStatus"] != "IN_PROGRESS" else None

    return wait_for(ended)


def read(s3, bucket, key):
    return s3.get_object(Bucket=bucket, Key=key)["Body"].read()


def items_of(client, name):
    pages = client.get_paginator("scan").paginate(TableName=name)
    return sorted((item for page in pages for item in page["Items"]), key=lambda item: item["pk"]["S"])


def test_an_export_is_a_table_and_its_manifests(dynamodb, new_table, aws, bucket):
    s3, name = aws("s3"), new_table(sort=None)
    recovered(dynamodb, name)
    for start in range(0, MANY, 20):
        puts = [
            {"PutRequest": {"Item": {"pk": {"S": f"{number:04}"}, "raw": {"B": b"\x00"}}}}
            for number in range(start, start + 20)
        ]
        dynamodb.batch_write_item(RequestItems={name: puts})
    told = exported(dynamodb, name, S3Bucket=bucket, S3Prefix="deep/")
    assert (told["ExportStatus"], told["ItemCount"], told["ExportFormat"]) == ("COMPLETED", MANY, "DYNAMODB_JSON")
    summary = json.loads(read(s3, bucket, told["ExportManifest"]))
    assert told["ExportManifest"].startswith("deep/AWSDynamoDB/0")
    assert (summary["version"], summary["itemCount"], summary["outputFormat"]) == ("2020-06-30", MANY, "DYNAMODB_JSON")
    listing = read(s3, bucket, summary["manifestFilesS3Key"])
    digest = read(s3, bucket, summary["manifestFilesS3Key"].replace(".json", ".md5")).decode()
    assert digest == b64encode(md5(listing).digest()).decode()
    files = [json.loads(line) for line in listing.splitlines()]
    lines = []
    for file in files:
        packed = read(s3, bucket, file["dataFileS3Key"])
        assert file["md5Checksum"] == b64encode(md5(packed).digest()).decode()
        lines += gzip.decompress(packed).splitlines()
    found = [json.loads(line)["Item"] for line in lines]
    assert {item["pk"]["S"] for item in found} == {f"{number:04}" for number in range(MANY)}
    assert found[0]["raw"] == {"B": "AA=="}


@pytest.mark.parametrize("format", ["DYNAMODB_JSON", "ION"])
def test_what_was_exported_is_imported(dynamodb, new_table, aws, bucket, format):
    name = new_table(sort=None)
    recovered(dynamodb, name)
    item = {
        "pk": {"S": "é \"quoted\""}, "n": {"N": "-12.50"}, "b": {"B": b"\x00\xff"}, "no": {"NULL": True},
        "l": {"L": [{"BOOL": True}, {"M": {"x y": {"S": ""}}}]}, "ss": {"SS": ["a", "b"]}, "ns": {"NS": ["1", "2"]},
    }  # fmt: skip
    dynamodb.put_item(TableName=name, Item=item)
    told = exported(dynamodb, name, S3Bucket=bucket, ExportFormat=format)
    prefix = told["ExportManifest"].replace("manifest-summary.json", "data/")
    done = imported(dynamodb, f"{name}-in", bucket, format, prefix=prefix, InputCompressionType="GZIP")
    assert (done["ImportStatus"], done["ImportedItemCount"], done["ErrorCount"]) == ("COMPLETED", 1, 0)
    assert items_of(dynamodb, f"{name}-in") == items_of(dynamodb, name)


def test_an_export_may_choose(dynamodb, new_table, aws, bucket):
    name = new_table(sort=None)
    recovered(dynamodb, name)
    for number in range(4):
        dynamodb.put_item(TableName=name, Item={"pk": {"S": str(number)}, "n": {"N": str(number)}, "x": {"S": "x"}})
    told = dynamodb.export_table_to_point_in_time(
        TableArn=arn_of(dynamodb, name), S3Bucket=bucket, S3Prefix="chosen",
        FilterSpecification={
            "FilterExpression": "n > :n", "ProjectionExpression": "pk",
            "ExpressionAttributeValues": {":n": {"N": "1"}},
        },
    )["ExportDescription"]  # fmt: skip
    wait_for(lambda: dynamodb.describe_export(ExportArn=told["ExportArn"])["ExportDescription"].get("ItemCount") == 2)


def test_an_incremental_export_tells_what_changed(own_cloud, new_table):
    client, s3 = own_cloud("dynamodb"), own_cloud("s3")
    s3.create_bucket(Bucket="changes")
    name = new_table(sort=None, client=client)
    recovered(client, name)
    for pk in ("changed", "removed", "kept"):
        client.put_item(TableName=name, Item={"pk": {"S": pk}, "v": {"S": "before"}})
    own_cloud.advance(3_600)
    since = own_cloud.running.get("/_freehold/clock")["now"]
    period = {"ExportFromTime": since}
    with pytest.raises(client.exceptions.InvalidExportTimeException, match="less than 15 minutes"):
        client.export_table_to_point_in_time(
            TableArn=arn_of(client, name), S3Bucket="changes", ExportType="INCREMENTAL_EXPORT",
            IncrementalExportSpecification=period,
        )  # fmt: skip
    own_cloud.advance(600)
    client.put_item(TableName=name, Item={"pk": {"S": "changed"}, "v": {"S": "between"}})
    client.put_item(TableName=name, Item={"pk": {"S": "passing"}})
    own_cloud.advance(600)
    client.put_item(TableName=name, Item={"pk": {"S": "changed"}, "v": {"S": "after"}})
    client.delete_item(TableName=name, Key={"pk": {"S": "removed"}})
    client.delete_item(TableName=name, Key={"pk": {"S": "passing"}})
    client.put_item(TableName=name, Item={"pk": {"S": "made"}})
    own_cloud.advance(600)
    told = exported(
        client, name, S3Bucket="changes", ExportType="INCREMENTAL_EXPORT", IncrementalExportSpecification=period
    )
    assert told["ItemCount"] == 3 and told["IncrementalExportSpecification"]["ExportViewType"] == "NEW_AND_OLD_IMAGES"
    summary = json.loads(read(s3, "changes", told["ExportManifest"]))
    assert (summary["version"], summary["exportType"]) == ("2023-08-01", "INCREMENTAL_EXPORT")
    (file,) = read(s3, "changes", summary["manifestFilesS3Key"]).splitlines()
    key = json.loads(file)["dataFileS3Key"]
    assert key.startswith("AWSDynamoDB/data/")
    lines = [json.loads(line) for line in gzip.decompress(read(s3, "changes", key)).splitlines()]
    found = {line["Keys"]["pk"]["S"]: line for line in lines}
    assert found["changed"]["OldImage"]["v"]["S"] == "before" and found["changed"]["NewImage"]["v"]["S"] == "after"
    assert "NewImage" not in found["removed"] and "OldImage" not in found["made"]
    assert int(found["changed"]["Metadata"]["WriteTimestampMicros"]) > since * 1e6


def test_a_table_may_go_while_it_is_exported(dynamodb, new_table, bucket):
    name = new_table(sort=None)
    recovered(dynamodb, name)
    for start in range(0, MANY, 20):
        puts = [{"PutRequest": {"Item": {"pk": {"S": str(number)}}}} for number in range(start, start + 20)]
        dynamodb.batch_write_item(RequestItems={name: puts})
    told = dynamodb.export_table_to_point_in_time(TableArn=arn_of(dynamodb, name), S3Bucket=bucket)
    dynamodb.delete_table(TableName=name)

    def ended():
        now = dynamodb.describe_export(ExportArn=told["ExportDescription"]["ExportArn"])["ExportDescription"]
        return now if now["ExportStatus"] != "IN_PROGRESS" else None

    assert wait_for(ended)["ItemCount"] == MANY


def test_what_may_not_be_exported_is_refused(dynamodb, new_table, bucket):
    name = new_table(sort=None)
    arn = arn_of(dynamodb, name)
    wanted = {"TableArn": arn, "S3Bucket": bucket}
    with pytest.raises(dynamodb.exceptions.PointInTimeRecoveryUnavailableException):
        dynamodb.export_table_to_point_in_time(**wanted)
    recovered(dynamodb, name)
    for more, words in [
        ({"TableArn": name}, "tableArn is not a valid ARN"),
        ({"TableArn": arn + "x"}, "Table not found: " + arn),
        ({"TableArn": arn + "/index/i"}, "Table ARN is invalid"),
        ({"TableArn": arn.replace(":table", "9:table")}, "Access is denied"),
        ({"ExportTime": 1_000_000_000}, "Export Time is invalid"),
        ({"S3SseKmsKeyId": "alias/aws/s3"}, "KMS Key Id is not supported"),
        ({"ExportType": "INCREMENTAL_EXPORT"}, "Incremental Export Specification expected"),
        ({"IncrementalExportSpecification": {}}, "Export Type expected to be Incremental Export"),
    ]:
        with pytest.raises(ClientError, match=words):
            dynamodb.export_table_to_point_in_time(**wanted | more)
    told = dynamodb.export_table_to_point_in_time(**wanted, ClientToken="once")["ExportDescription"]
    again = dynamodb.export_table_to_point_in_time(**wanted, ClientToken="once")["ExportDescription"]
    assert again["ExportArn"] == told["ExportArn"]
    with pytest.raises(dynamodb.exceptions.ExportConflictException):
        dynamodb.export_table_to_point_in_time(**wanted, ClientToken="once", S3Prefix="x")
    listed = dynamodb.list_exports(TableArn=arn)["ExportSummaries"]
    assert [one["ExportArn"] for one in listed] == [told["ExportArn"]]
    with pytest.raises(ClientError, match="Invalid Export ARN"):
        dynamodb.describe_export(ExportArn=arn)
    with pytest.raises(dynamodb.exceptions.ExportNotFoundException):
        dynamodb.describe_export(ExportArn=told["ExportArn"] + "0")


def test_an_export_needs_its_askers_permission(dynamodb, new_table, aws, bucket):
    name = new_table(sort=None)
    recovered(dynamodb, name)
    told = exported(dynamodb, name, S3Bucket="no-such-bucket-at-all")
    assert (told["ExportStatus"], told["FailureCode"]) == ("FAILED", "S3NoSuchBucket")
    weak = aws.as_role("dynamodb", "weak", {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"})
    told = exported(weak, name, S3Bucket=bucket)
    assert (told["ExportStatus"], told["FailureCode"]) == ("FAILED", "S3AccessDenied")
    dynamodb.delete_table(TableName=name)  # nobody looks at it any more


def test_csv_becomes_items(dynamodb, new_table, aws, bucket):
    text = 'pk,n,note\r\na,1,"two\nlines, and ""quotes"""\r\nb,2,\r\n'
    aws("s3").put_object(Bucket=bucket, Key="in/one.csv", Body=text.encode())
    types = [{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "n", "AttributeType": "N"}]
    table = {"AttributeDefinitions": types, "GlobalSecondaryIndexes": [index("by-n", "n")]}
    done = imported(dynamodb, "from-csv", bucket, "CSV", prefix="in/", table=table)
    assert (done["ImportStatus"], done["ProcessedSizeBytes"]) == ("COMPLETED", len(text))
    assert items_of(dynamodb, "from-csv") == [
        {"pk": {"S": "a"}, "n": {"N": "1"}, "note": {"S": 'two\nlines, and "quotes"'}},
        {"pk": {"S": "b"}, "n": {"N": "2"}, "note": {"S": ""}},
    ]
    found = dynamodb.query(
        TableName="from-csv", IndexName="by-n", KeyConditionExpression="n = :n",
        ExpressionAttributeValues={":n": {"N": "2"}},
    )  # fmt: skip
    assert found["Count"] == 1


def test_a_header_and_a_delimiter_may_be_given(dynamodb, aws, bucket):
    aws("s3").put_object(Bucket=bucket, Key="in", Body=b"a;1\nb;2\n")
    options = {"Csv": {"Delimiter": ";", "HeaderList": ["pk", "v"]}}
    imported(dynamodb, "given", bucket, "CSV", InputFormatOptions=options)
    assert [item["v"]["S"] for item in items_of(dynamodb, "given")] == ["1", "2"]


def test_lines_that_are_no_items_are_logged(dynamodb, aws, bucket):
    lines = [json.dumps({"Item": {"pk": {"S": str(number)}}}) for number in range(MANY)]
    lines[3] = json.dumps({"Item": {"other": {"S": "1"}}})
    aws("s3").put_object(Bucket=bucket, Key="lines", Body="\n".join(lines).encode())
    done = imported(dynamodb, "lines", bucket, "DYNAMODB_JSON")
    assert (done["ImportStatus"], done["FailureCode"]) == ("FAILED", "ItemValidationError")
    assert (done["ProcessedItemCount"], done["ImportedItemCount"], done["ErrorCount"]) == (MANY, MANY - 1, 1)
    assert dynamodb.describe_table(TableName="lines")["Table"]["TableStatus"] == "ACTIVE"
    assert len(items_of(dynamodb, "lines")) == MANY - 1
    logs = aws("logs")
    stream = done["ImportArn"].rpartition("/")[2]
    (event,) = logs.get_log_events(logGroupName="/aws-dynamodb/imports", logStreamName=stream)["events"]
    told = json.loads(event["message"])
    assert told["itemS3Pointer"] == {"bucket": bucket, "key": "lines", "itemIndex": 3}
    assert "Missing the key pk" in told["errorMessages"][0]


def test_a_line_that_cannot_be_read_ends_its_file(dynamodb, aws, bucket):
    lines = [json.dumps({"Item": {"pk": {"S": str(number)}}}) for number in range(10)]
    lines[5] = "{garbage"
    aws("s3").put_object(Bucket=bucket, Key="lines", Body="\n".join(lines).encode())
    done = imported(dynamodb, "garbage", bucket, "DYNAMODB_JSON")
    assert (done["ProcessedItemCount"], done["ImportedItemCount"], done["ErrorCount"]) == (6, 5, 1)


def test_what_may_not_be_imported_is_refused(dynamodb, new_table, aws, bucket):
    done = imported(dynamodb, "nothing", "no-such-bucket-at-all", "DYNAMODB_JSON")
    assert (done["ImportStatus"], done["FailureCode"]) == ("FAILED", "S3NoSuchBucket")
    with pytest.raises(dynamodb.exceptions.ResourceNotFoundException):
        dynamodb.describe_table(TableName="nothing")
    empty = imported(dynamodb, "empty", bucket, "DYNAMODB_JSON")
    assert empty["ImportStatus"] == "COMPLETED" and items_of(dynamodb, "empty") == []
    listed = dynamodb.list_imports()["ImportSummaryList"]
    assert {one["ImportStatus"] for one in listed} == {"COMPLETED", "FAILED"}
    source = {"S3BucketSource": {"S3Bucket": bucket}, "InputFormat": "DYNAMODB_JSON"}
    with pytest.raises(ClientError, match="Table already exists: empty"):
        dynamodb.import_table(**source, TableCreationParameters={"TableName": "empty", **KEY})
    with pytest.raises(ClientError, match="Unsupported InputFormatOptions"):
        dynamodb.import_table(
            **source, TableCreationParameters={"TableName": "fresh", **KEY}, InputFormatOptions={"Csv": {}}
        )
    with pytest.raises(ClientError, match="Invalid Import ARN"):
        dynamodb.describe_import(ImportArn=arn_of(dynamodb, "empty"))
