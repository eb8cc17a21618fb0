"""Configurations by id, who pays, and where buckets lie."""

import pytest

DESTINATION = {"S3BucketDestination": {"Bucket": "arn:aws:s3:::reports", "Format": "CSV"}}
KINDS = [
    (
        "inventory", "InventoryConfiguration",
        {"Destination": DESTINATION, "IsEnabled": True, "IncludedObjectVersions": "All",
         "Schedule": {"Frequency": "Daily"}},
    ),
    ("analytics", "AnalyticsConfiguration", {"StorageClassAnalysis": {}, "Filter": {"Prefix": "a"}}),
    ("metrics", "MetricsConfiguration", {"Filter": {"Prefix": "a"}}),
    (
        "intelligent_tiering", "IntelligentTieringConfiguration",
        {"Status": "Enabled", "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}]},
    ),
]  # fmt: skip


@pytest.mark.parametrize("name, member, value", KINDS)
def test_configurations_by_id(s3, bucket, refusal, name, member, value):
    put, get, delete = (getattr(s3, f"{verb}_bucket_{name}_configuration") for verb in ("put", "get", "delete"))
    page = getattr(s3, f"list_bucket_{name}_configurations")
    for id in ("b", "a"):
        put(Bucket=bucket, Id=id, **{member: {"Id": id} | value})
    assert get(Bucket=bucket, Id="b")[member] == {"Id": "b"} | value
    answer = page(Bucket=bucket)
    assert [each["Id"] for each in answer[f"{member}List"]] == ["a", "b"] and not answer["IsTruncated"]
    delete(Bucket=bucket, Id="a")
    assert refusal(get, Bucket=bucket, Id="a")[0] == refusal(delete, Bucket=bucket, Id="a")[0] == "NoSuchConfiguration"
    assert refusal(put, Bucket=bucket, Id="c", **{member: {"Id": "b"} | value})[0] == "MalformedXML"


def test_many_configurations_come_in_pages(s3, bucket):
    for number in range(101):
        id = f"{number:03}"
        s3.put_bucket_metrics_configuration(Bucket=bucket, Id=id, MetricsConfiguration={"Id": id})
    first = s3.list_bucket_metrics_configurations(Bucket=bucket)
    assert first["IsTruncated"] and len(first["MetricsConfigurationList"]) == 100
    token = first["NextContinuationToken"]
    rest = s3.list_bucket_metrics_configurations(Bucket=bucket, ContinuationToken=token)
    assert [each["Id"] for each in rest["MetricsConfigurationList"]] == ["100"]


def test_acceleration(s3, bucket, refusal):
    s3.put_bucket_accelerate_configuration(Bucket=bucket, AccelerateConfiguration={"Status": "Enabled"})
    assert s3.get_bucket_accelerate_configuration(Bucket=bucket)["Status"] == "Enabled"
    s3.create_bucket(Bucket=f"{bucket}.dotted")
    wanted = {"Bucket": f"{bucket}.dotted", "AccelerateConfiguration": {"Status": "Enabled"}}
    assert refusal(s3.put_bucket_accelerate_configuration, **wanted)[0] == "InvalidRequest"


def test_strangers_who_pay(s3, aws, bucket, refusal):
    s3.put_object(Bucket=bucket, Key="a")
    policy = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "999999999999"}, '
        f'"Action": "s3:GetObject", "Resource": "arn:aws:s3:::{bucket}/*"}}]}}'
    )
    s3.put_bucket_policy(Bucket=bucket, Policy=policy)
    stranger = aws("s3", key="999999999999")
    stranger.get_object(Bucket=bucket, Key="a")
    s3.put_bucket_request_payment(Bucket=bucket, RequestPaymentConfiguration={"Payer": "Requester"})
    assert refusal(stranger.get_object, Bucket=bucket, Key="a")[0] == "AccessDenied"
    stranger.get_object(Bucket=bucket, Key="a", RequestPayer="requester")
    s3.get_object(Bucket=bucket, Key="a")


def test_an_old_name_of_a_region(aws, new_bucket, refusal):
    west = aws("s3", region="eu-west-1")
    name = new_bucket(west, CreateBucketConfiguration={"LocationConstraint": "EU"})
    assert west.get_bucket_location(Bucket=name)["LocationConstraint"] == "EU"
    assert west.head_bucket(Bucket=name)["BucketRegion"] == "eu-west-1"
    wrong = {"LocationConstraint": "nowhere"}
    assert refusal(aws("s3").create_bucket, Bucket="x123", CreateBucketConfiguration=wrong)[0] == (
        "InvalidLocationConstraint"
    )


def test_requests_find_their_region(aws, new_bucket):
    west = aws("s3", region="eu-west-1")
    name = new_bucket(west, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    asked = []
    east = aws("s3")
    east.meta.events.register("needs-retry.s3.PutObject", lambda response, **_: asked.append(response))
    east.put_object(Bucket=name, Key="a", Body=b"1")
    refused, parsed = asked[0]
    assert refused.headers["x-amz-bucket-region"] == "eu-west-1"
    assert parsed["Error"]["Code"] == "AuthorizationHeaderMalformed" and parsed["Error"]["Region"] == "eu-west-1"
    assert asked[-1][0].status_code == 200
