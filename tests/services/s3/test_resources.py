"""The CloudFormation types: their steps, carried out by a client."""

import pytest
from botocore.exceptions import ClientError

from freehold.kernel.errors import AwsError
from freehold.kernel.resources import Refused, Want
from freehold.kernel.service import snake
from freehold.services.s3 import s3 as catalogue


@pytest.fixture
def carry_out(aws, s3):
    """Carry out a step of a type; the outcome."""

    def run(step, properties, type_name="AWS::S3::Bucket", **more):
        want = Want(aws.account, aws.region, "arn:stack", "Shop", "Files", "ABCDEFGHIJKL", properties, **more)
        steps = catalogue.resources[type_name].steps[step](want)
        answer = fault = None
        while True:
            try:
                asked = steps.throw(fault) if fault else steps.send(answer)
            except StopIteration as end:
                return end.value
            answer = fault = None
            try:
                answer = getattr(s3, snake(asked.operation))(**asked.request)
            except ClientError as refused:
                error = refused.response["Error"]
                fault = Refused(error["Code"], error["Message"])

    return run


PROPERTIES = {
    "VersioningConfiguration": {"Status": "Enabled"},
    "BucketEncryption": {
        "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]
    },
    "PublicAccessBlockConfiguration": {"BlockPublicAcls": "true", "BlockPublicPolicy": "false"},
    "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]},
    "LifecycleConfiguration": {
        "Rules": [
            {
                "Id": "r", "Status": "Enabled", "Prefix": "p", "ExpirationInDays": "9",
                "TagFilters": [{"Key": "k", "Value": "v"}],
                "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 3}],
                "NoncurrentVersionExpiration": {"NoncurrentDays": "2"},
            }
        ]
    },
    "CorsConfiguration": {
        "CorsRules": [{"Id": "c", "AllowedMethods": ["GET"], "AllowedOrigins": ["*"], "MaxAge": "5"}]
    },
    "WebsiteConfiguration": {"IndexDocument": "index.html"},
    "AccelerateConfiguration": {"AccelerationStatus": "Enabled"},
    "LoggingConfiguration": {"LogFilePrefix": "own/"},
    "MetricsConfigurations": [{"Id": "m", "TagFilters": [{"Key": "k", "Value": "v"}], "Prefix": "p"}],
    "InventoryConfigurations": [
        {
            "Id": "i", "Enabled": "true", "IncludedObjectVersions": "All", "ScheduleFrequency": "Daily",
            "Destination": {"BucketArn": "arn:aws:s3:::elsewhere", "Format": "CSV"}, "OptionalFields": ["Size"],
        }
    ],
    "IntelligentTieringConfigurations": [
        {"Id": "t", "Status": "Enabled", "Tierings": [{"AccessTier": "ARCHIVE_ACCESS", "Days": "90"}]}
    ],
    "AnalyticsConfigurations": [{"Id": "a", "StorageClassAnalysis": {}, "Prefix": "p"}],
    "Tags": [{"Key": "a", "Value": "1"}],
}  # fmt: skip


def test_a_bucket_is_made_changed_and_removed(carry_out, s3, aws, refusal):
    made = carry_out("create", PROPERTIES, tags={"stack": "shop"})
    name = made.id
    assert name == f"shop-files-{'abcdefghijkl'}"
    assert made.attributes["Arn"] == f"arn:aws:s3:::{name}"
    assert set(made.attributes) == set(catalogue.resources["AWS::S3::Bucket"].attributes)
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    block = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    assert (block["BlockPublicAcls"], block["BlockPublicPolicy"]) == (True, False)
    rule = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"][0]
    assert rule["Expiration"] == {"Days": 9}
    assert rule["Filter"]["And"] == {"Prefix": "p", "Tags": [{"Key": "k", "Value": "v"}]}
    assert s3.get_bucket_cors(Bucket=name)["CORSRules"][0]["MaxAgeSeconds"] == 5
    assert s3.get_bucket_accelerate_configuration(Bucket=name)["Status"] == "Enabled"
    own = {"TargetBucket": name, "TargetPrefix": "own/"}
    assert s3.get_bucket_logging(Bucket=name)["LoggingEnabled"] == own
    metrics = s3.get_bucket_metrics_configuration(Bucket=name, Id="m")["MetricsConfiguration"]
    assert metrics["Filter"]["And"] == {"Prefix": "p", "Tags": [{"Key": "k", "Value": "v"}]}
    inventory = s3.get_bucket_inventory_configuration(Bucket=name, Id="i")["InventoryConfiguration"]
    assert inventory["IsEnabled"] and inventory["Schedule"] == {"Frequency": "Daily"}
    tags = s3.get_bucket_tagging(Bucket=name)["TagSet"]
    assert {"Key": "stack", "Value": "shop"} in tags and {"Key": "a", "Value": "1"} in tags

    carry_out("update", {}, old=PROPERTIES, id=name)
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Suspended"
    assert refusal(s3.get_bucket_website, Bucket=name)[0] == "NoSuchWebsiteConfiguration"
    assert refusal(s3.get_bucket_tagging, Bucket=name)[0] == "NoSuchTagSet"
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=name)
    assert not s3.list_bucket_metrics_configurations(Bucket=name).get("MetricsConfigurationList")
    s3.put_object(Bucket=name, Key="a")
    with pytest.raises(Refused):
        carry_out("delete", {}, id=name)
    s3.delete_object(Bucket=name, Key="a")
    for each in s3.list_object_versions(Bucket=name).get("DeleteMarkers", []):
        s3.delete_object(Bucket=name, Key=each["Key"], VersionId=each["VersionId"])
    carry_out("delete", {}, id=name)
    carry_out("delete", {}, id=name)


def test_a_bucket_that_is_there_is_not_taken(carry_out, bucket):
    with pytest.raises(AwsError) as refused:
        carry_out("create", {"BucketName": bucket})
    assert refused.value.shape() == "BucketAlreadyOwnedByYou"


def test_a_policy(carry_out, s3, bucket, refusal):
    secure = {"Bool": {"aws:SecureTransport": False}}
    resource = f"arn:aws:s3:::{bucket}/*"
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": resource, "Condition": secure}
    properties = {"Bucket": bucket, "PolicyDocument": {"Version": "2012-10-17", "Statement": [deny]}}
    made = carry_out("create", properties, "AWS::S3::BucketPolicy")
    assert made.id == bucket and "SecureTransport" in s3.get_bucket_policy(Bucket=bucket)["Policy"]
    carry_out("delete", properties, "AWS::S3::BucketPolicy", id=bucket)
    assert refusal(s3.get_bucket_policy, Bucket=bucket)[0] == "NoSuchBucketPolicy"


def test_a_bucket_whose_objects_are_locked(carry_out, s3):
    usual = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": "3"}}
    properties = {
        "ObjectLockEnabled": "true", "ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled", "Rule": usual},
    }  # fmt: skip
    name = carry_out("create", properties).id
    found = s3.get_object_lock_configuration(Bucket=name)["ObjectLockConfiguration"]
    assert found["Rule"]["DefaultRetention"] == {"Mode": "GOVERNANCE", "Days": 3}
    carry_out("update", {"ObjectLockEnabled": "true"}, old=properties, id=name)
    assert "Rule" not in s3.get_object_lock_configuration(Bucket=name)["ObjectLockConfiguration"]


def test_tags_follow_those_of_the_stack(carry_out, s3, bucket, refusal):
    def retag(tags, before):
        carry_out("update", {}, id=bucket, old={}, tags=tags, old_tags=before)

    retag({"stack": "shop", "gone": "1"}, {})
    retag({"stack": "news"}, {"stack": "shop", "gone": "1"})
    assert s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == [{"Key": "stack", "Value": "news"}]
    retag({}, {"stack": "news"})
    assert refusal(s3.get_bucket_tagging, Bucket=bucket)[0] == "NoSuchTagSet"
