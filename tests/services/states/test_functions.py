"""Tasks that invoke Lambda functions, publish to SNS, and read and write S3."""

import io
import json
import zipfile

import pytest

from .definitions import machine

CODE = """
class Refused(Exception): pass

def answer(event, context):
    if event.get("refuse"):
        raise Refused("not today")
    return {"got": event}
"""


@pytest.fixture
def function(aws) -> str:
    """The ARN of a function that answers with its event, or refuses."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("code.py", CODE)
    return aws("lambda").create_function(
        FunctionName="answer",
        Runtime="python3.11",
        Role=aws.role("function", "lambda.amazonaws.com"),
        Handler="code.answer",
        Code={"ZipFile": packed.getvalue()},
    )["FunctionArn"]


def invoke(function: str, resource: str = "arn:aws:states:::lambda:invoke") -> dict:
    return {"Type": "Task", "Resource": resource, "Parameters": {"FunctionName": function, "Payload.$": "$"}}


def test_invoke(flows, function):
    told = flows.run(machine(("Call", invoke(function))), {"n": 1})
    output = json.loads(told["output"])
    assert (output["Payload"], output["StatusCode"], output["ExecutedVersion"]) == ({"got": {"n": 1}}, 200, "$LATEST")
    assert output["SdkHttpMetadata"]["HttpHeaders"]["X-Amz-Executed-Version"] == "$LATEST"


def test_a_text_is_the_payload_as_it_is(flows, function):
    """As AWS answers: a payload that is a text is not made JSON a second time."""
    told = flows.run(machine(("Call", invoke(function))), json.dumps({"n": 1}))
    assert json.loads(told["output"])["Payload"] == {"got": {"n": 1}}


def test_a_function_as_the_resource(flows, function):
    told = flows.run(machine(("Call", {"Type": "Task", "Resource": function})), {"n": 1})
    assert json.loads(told["output"]) == {"got": {"n": 1}}
    assert flows.types(told["executionArn"])[2:5] == [
        "LambdaFunctionScheduled",
        "LambdaFunctionStarted",
        "LambdaFunctionSucceeded",
    ]


def test_a_function_that_raises(flows, function):
    for name, task in (("invoke", invoke(function)), ("arn", {"Type": "Task", "Resource": function})):
        told = flows.run(machine(("Call", task)), {"refuse": True}, name=name)
        assert told["error"] == "Refused"
        assert json.loads(told["cause"])["errorMessage"] == "not today"


def test_a_function_that_is_not_there(flows, function):
    told = flows.run(machine(("Call", invoke(f"{function}-not"))))
    assert told["error"] == "Lambda.ResourceNotFoundException"
    assert "Function not found" in told["cause"] and "Error Code: ResourceNotFoundException" in told["cause"]


def test_publish(flows, aws):
    topic = aws("sns").create_topic(Name="news")["TopicArn"]
    parameters = {"TopicArn": topic, "Message": {"structured": True}}
    definition = machine(
        ("Tell", {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": parameters})
    )
    assert json.loads(flows.run(definition)["output"])["MessageId"]


def test_objects(flows, aws):
    aws("s3").create_bucket(Bucket=f"things-{aws.account}")
    place = {"Bucket": f"things-{aws.account}", "Key": "one"}
    calls = {"putObject": {**place, "Body": {"a": 1}}, "getObject": place}
    put, get = (
        (name, {"Type": "Task", "Resource": f"arn:aws:states:::aws-sdk:s3:{name}", "Parameters": parameters})
        for name, parameters in calls.items()
    )
    output = json.loads(flows.run(machine(put, get))["output"])
    assert (output["Body"], output["ContentLength"]) == ('{"a":1}', 7)
    told = flows.run(machine(("getObject", {**get[1], "Parameters": {**place, "Key": "two"}})), name="none")
    assert told["error"] == "S3.NoSuchKeyException"
    assert told["cause"].startswith("The specified key does not exist. (Service: S3, Status Code: 404, Request ID: ")
