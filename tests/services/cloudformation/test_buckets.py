"""Stacks with buckets: what a template says of them, and how they go, full or emptied."""

import pytest

FUNCTION = """
import boto3
import cfnresponse

def handler(event, context):
    try:
        if event["RequestType"] == "Delete":
            empty(event["ResourceProperties"]["BucketName"])
        cfnresponse.send(event, context, cfnresponse.SUCCESS, {}, event.get("PhysicalResourceId", "emptier"))
    except Exception as fault:
        cfnresponse.send(event, context, cfnresponse.FAILED, {"Error": str(fault)}, "emptier")

def empty(name):
    s3 = boto3.client("s3")
    tags = s3.get_bucket_tagging(Bucket=name)["TagSet"]
    if {"Key": "aws-cdk:auto-delete-objects", "Value": "true"} not in tags:
        return
    while True:
        page = s3.list_object_versions(Bucket=name)
        found = page.get("Versions", []) + page.get("DeleteMarkers", [])
        if not found:
            return
        named = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
        s3.delete_objects(Bucket=name, Delete={"Objects": named})
"""


@pytest.fixture
def with_s3(stacks):
    if not {"s3", "s3control", "lambda"} <= set(stacks.aws.running.cloud.door.rooms):
        pytest.skip("needs S3 and Lambda")
    return stacks


def role() -> dict:
    """What a function may be, and nothing more: the bucket's policy lets it in."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = {"Version": "2012-10-17", "Statement": [trust]}
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": document}}


def test_a_bucket_that_is_not_empty_stays(with_s3):
    stacks, s3 = with_s3, with_s3.aws("s3")
    body = stacks.template({"B": {"Type": "AWS::S3::Bucket"}})
    stacks.create("full", body)
    name = stacks.physical_ids("full")["B"]
    s3.put_object(Bucket=name, Key="a")
    stack = stacks.delete("full")
    assert stack["StackStatus"] == "DELETE_FAILED"
    reason = stacks.reason(stack["StackId"], "B", "DELETE_FAILED")
    words = "The bucket you tried to delete is not empty (Service: S3, Status Code: 409, Request ID: "
    assert reason.startswith(f'Resource handler returned message: "{words}')
    s3.delete_object(Bucket=name, Key="a")
    assert stacks.delete("full")["StackStatus"] == "DELETE_COMPLETE"


def test_a_bucket_that_a_function_empties(with_s3):
    """As stacks of CDK do with `autoDeleteObjects`."""
    stacks, s3 = with_s3, with_s3.aws("s3")
    bucket = {
        "Type": "AWS::S3::Bucket",
        "Properties": {
            "VersioningConfiguration": {"Status": "Enabled"},
            "Tags": [{"Key": "aws-cdk:auto-delete-objects", "Value": "true"}],
        },
    }
    arn = {"Fn::GetAtt": ["B", "Arn"]}
    everything = [arn, {"Fn::Join": ["", [arn, "/*"]]}]
    actions = ["s3:PutBucketPolicy", "s3:GetBucket*", "s3:List*", "s3:DeleteObject*"]
    policy = {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {
            "Bucket": {"Ref": "B"},
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [{
                    "Effect": "Allow", "Action": actions, "Resource": everything,
                    "Principal": {"AWS": {"Fn::GetAtt": ["R", "Arn"]}},
                }],
            },
        },
    }  # fmt: skip
    function = {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Runtime": "python3.12", "Handler": "index.handler", "Timeout": 60, "Code": {"ZipFile": FUNCTION},
            "Role": {"Fn::GetAtt": ["R", "Arn"]},
        },
    }  # fmt: skip
    emptier = {
        "Type": "Custom::S3AutoDeleteObjects",
        "DependsOn": ["P"],
        "Properties": {"ServiceToken": {"Fn::GetAtt": ["F", "Arn"]}, "BucketName": {"Ref": "B"}},
    }
    body = stacks.template({"B": bucket, "R": role(), "P": policy, "F": function, "E": emptier})
    stack = stacks.create("emptied", body, Capabilities=["CAPABILITY_IAM"])
    name = stacks.physical_ids("emptied")["B"]
    for _ in range(3):
        s3.put_object(Bucket=name, Key="a")
    s3.delete_object(Bucket=name, Key="a")
    gone = stacks.delete("emptied")
    assert gone["StackStatus"] == "DELETE_COMPLETE", stacks.story(stack["StackId"])


def test_a_bucket_with_an_access_point(with_s3):
    stacks = with_s3
    point = {"Type": "AWS::S3::AccessPoint", "Properties": {"Bucket": {"Ref": "B"}, "Name": "of-stack"}}
    outputs = {name: {"Value": {"Fn::GetAtt": ["A", name]}} for name in ("Arn", "Alias", "NetworkOrigin")}
    outputs["Url"] = {"Value": {"Fn::GetAtt": ["B", "WebsiteURL"]}}
    stack = stacks.create("pointed", stacks.template({"B": {"Type": "AWS::S3::Bucket"}, "A": point}, Outputs=outputs))
    found = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    assert found["Arn"].endswith(":accesspoint/of-stack") and found["NetworkOrigin"] == "Internet"
    with_s3.aws("s3").put_object(Bucket=found["Alias"], Key="a")
    with_s3.aws("s3").delete_object(Bucket=found["Alias"], Key="a")
    assert stacks.delete("pointed")["StackStatus"] == "DELETE_COMPLETE"
