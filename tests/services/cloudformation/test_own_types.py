"""CloudFormation's own resource types: wait conditions, custom resources, nested stacks."""

import json
from urllib.request import Request, urlopen

import pytest


def put(url: str, body: dict) -> None:
    urlopen(Request(url, data=json.dumps(body).encode(), method="PUT"), timeout=10).close()


def url_of(stacks, name: str) -> str:
    """The handle's URL as soon as it is there."""
    for _ in range(1_000):
        ids = stacks.physical_ids(name)
        if ids.get("Wait") is not None and ids.get("Handle"):
            return ids["Handle"]
    raise AssertionError(ids)


@pytest.mark.parametrize(("status", "expected"), [("SUCCESS", "CREATE_COMPLETE"), ("FAILURE", "ROLLBACK_COMPLETE")])
def test_wait_condition(stacks, status, expected):
    condition = {"Type": "AWS::CloudFormation::WaitCondition", "Properties": {"Handle": {"Ref": "Handle"}}}
    outputs = {"Data": {"Value": {"Fn::GetAtt": ["Wait", "Data"]}}}
    body = stacks.template({"Handle": stacks.HANDLE, "Wait": condition}, Outputs=outputs)
    stacks.client.create_stack(StackName="waits", TemplateBody=body)
    put(url_of(stacks, "waits"), {"Status": status, "UniqueId": "one", "Data": "done", "Reason": "why"})
    stack = stacks.settled("waits")
    assert stack["StackStatus"] == expected
    if status == "SUCCESS":
        assert json.loads(stack["Outputs"][0]["OutputValue"]) == {"one": "done"}
    else:
        words = "WaitCondition received failed message: 'why' for uniqueId: one"
        assert stacks.reason("waits", "Wait", "CREATE_FAILED") == words


def test_a_custom_resource_without_a_function_fails(stacks):
    custom = {"Type": "Custom::Thing", "Properties": {"ServiceToken": "nothing"}}
    stacks.client.create_stack(StackName="custom", TemplateBody=stacks.template({"C": custom}))
    assert stacks.settled("custom")["StackStatus"] == "ROLLBACK_COMPLETE"
    assert stacks.reason("custom", "C", "CREATE_FAILED") == "Invalid service token."


def upload(stacks, key: str, body: str) -> str:
    s3 = stacks.aws("s3")
    bucket = f"templates-{stacks.aws.account}"
    if bucket not in [one["Name"] for one in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key=key, Body=body.encode())
    return f"{stacks.aws.url}/{bucket}/{key}"


@pytest.fixture
def with_s3(stacks):
    if "s3" not in stacks.aws.running.cloud.door.rooms:
        pytest.skip("needs S3")
    return stacks


def nested(url: str, **parameters) -> dict:
    return {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url, "Parameters": parameters}}


def test_nested_stack(with_s3):
    stacks = with_s3
    inner = stacks.template(
        {"Q": stacks.queue(DelaySeconds={"Ref": "Delay"})},
        Parameters={"Delay": {"Type": "Number"}},
        Outputs={"Name": {"Value": {"Fn::GetAtt": ["Q", "QueueName"]}}},
    )
    url = upload(stacks, "inner.json", inner)
    outputs = {"Name": {"Value": {"Fn::GetAtt": ["Child", "Outputs.Name"]}}}
    stack = stacks.create("parent", stacks.template({"Child": nested(url, Delay="1")}, Outputs=outputs))
    child = stacks.settled(stacks.physical_ids("parent")["Child"])
    assert (child["ParentId"], child["RootId"]) == (stack["StackId"], stack["StackId"])
    assert stack["Outputs"][0]["OutputValue"] == child["Outputs"][0]["OutputValue"]
    body = stacks.template({"Child": nested(url, Delay="2")}, Outputs=outputs)
    assert stacks.update("parent", body)["StackStatus"] == "UPDATE_COMPLETE"
    assert stacks.settled(child["StackId"])["StackStatus"] == "UPDATE_COMPLETE"
    assert stacks.delete("parent")["StackStatus"] == "DELETE_COMPLETE"
    assert stacks.settled(child["StackId"])["StackStatus"] == "DELETE_COMPLETE"


def test_failing_nested_stack(with_s3):
    stacks = with_s3
    url = upload(stacks, "bad.json", stacks.template({"Q": stacks.queue(VisibilityTimeout=-1)}))
    stacks.client.create_stack(StackName="parent", TemplateBody=stacks.template({"Child": nested(url)}))
    assert stacks.settled("parent")["StackStatus"] == "ROLLBACK_COMPLETE"
    reason = stacks.reason("parent", "Child", "CREATE_FAILED")
    assert reason.startswith("Embedded stack arn:aws:cloudformation:")
    assert reason.endswith("was not successfully created: The following resource(s) failed to create: [Q]. ")
    assert not stacks.queue_names()


def asked(sqs, url: str) -> dict:
    """The next request that a custom resource's topic was sent."""
    message = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10)["Messages"][0]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return json.loads(json.loads(message["Body"])["Message"])


@pytest.fixture
def topic(stacks):
    """A topic for custom resources' requests, and a function that answers the next of them."""
    if "sns" not in stacks.aws.running.cloud.door.rooms:
        pytest.skip("needs SNS")
    sqs, sns = stacks.aws("sqs"), stacks.aws("sns")
    arn = sns.create_topic(Name="requests")["TopicArn"]
    url = sqs.create_queue(QueueName="requests")["QueueUrl"]
    queue_arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": queue_arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue_arn)

    def answer(**body) -> dict:
        request = asked(sqs, url)
        put(request["ResponseURL"], {"Status": "SUCCESS", **body})
        return request

    return arn, answer


def custom(arn: str, **properties) -> dict:
    return {"Type": "Custom::Thing", "Properties": {"ServiceToken": arn, **properties}}


def test_custom_resource(stacks, topic):
    arn, answer = topic
    outputs = {"Color": {"Value": {"Fn::GetAtt": ["Thing", "Color"]}}}
    client = stacks.client
    client.create_stack(StackName="own", TemplateBody=stacks.template({"Thing": custom(arn, Size=1)}, Outputs=outputs))
    request = answer(PhysicalResourceId="thing-1", Data={"Color": "red"})
    assert (request["RequestType"], request["ResourceType"]) == ("Create", "Custom::Thing")
    assert request["ResourceProperties"] == {"ServiceToken": arn, "Size": "1"}
    assert stacks.settled("own")["Outputs"][0]["OutputValue"] == "red"
    assert stacks.physical_ids("own") == {"Thing": "thing-1"}

    client.update_stack(StackName="own", TemplateBody=stacks.template({"Thing": custom(arn, Size=2)}))
    request = answer(PhysicalResourceId="thing-2")
    assert (request["RequestType"], request["OldResourceProperties"]["Size"]) == ("Update", "1")
    request = answer()
    assert (request["RequestType"], request["PhysicalResourceId"]) == ("Delete", "thing-1")
    assert stacks.settled("own")["StackStatus"] == "UPDATE_COMPLETE"


def test_a_custom_resource_that_fails_is_deleted(stacks, topic):
    arn, answer = topic
    stacks.client.create_stack(StackName="own", TemplateBody=stacks.template({"Thing": custom(arn)}))
    answer(Status="FAILED", Reason="no more", PhysicalResourceId="half")
    assert answer()["PhysicalResourceId"] == "half"
    assert stacks.settled("own")["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "Message returned: no more" in stacks.reason("own", "Thing", "CREATE_FAILED")


def test_answers_are_taken_at_the_host_that_aws_has_for_them(stacks, topic):
    arn, _ = topic
    stacks.client.create_stack(StackName="own", TemplateBody=stacks.template({"Thing": custom(arn)}))
    url = stacks.aws("sqs").get_queue_url(QueueName="requests")["QueueUrl"]
    token = asked(stacks.aws("sqs"), url)["RequestId"]
    host = "cloudformation-custom-resource-response-useast1.s3.us-east-1.amazonaws.com"
    answer = Request(f"{stacks.aws.url}/{token}", b'{"Status": "SUCCESS"}', {"Host": host}, method="PUT")
    assert urlopen(answer, timeout=30).status == 200
    assert stacks.settled("own")["StackStatus"] == "CREATE_COMPLETE"
