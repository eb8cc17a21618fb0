"""Invoking, through boto3: answers, errors, limits, permissions."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import ClientError

from freehold.kernel.errors import AwsError
from freehold.kernel.identity import Principal

FAILING = "def handler(event, context): raise ValueError('no ' + event['what'])"
ASKING = """
import boto3
def handler(event, context):
    client = boto3.client("sqs")
    try:
        return client.get_queue_attributes(QueueUrl=event["url"])["ResponseMetadata"]["HTTPStatusCode"]
    except client.exceptions.ClientError as error:
        return error.response["Error"]["Code"]
"""
WEB = """
def handler(event, context):
    return {"statusCode": 201, "headers": {"x-path": event["rawPath"]}, "cookies": ["a=b"],
            "body": event["requestContext"]["http"]["method"] + event["queryStringParameters"]["q"]}
"""


def test_the_answer_is_what_the_function_returned(workshop):
    workshop.make()
    answer, payload = workshop.invoke({"n": [1, None, "ü"]})
    assert payload["event"] == {"n": [1, None, "ü"]}
    assert (answer["StatusCode"], answer["ExecutedVersion"]) == (200, "$LATEST")
    assert "FunctionError" not in answer


def test_an_error_is_told_as_unhandled(workshop):
    workshop.make(FAILING)
    answer, payload = workshop.invoke({"what": "way"})
    assert answer["FunctionError"] == "Unhandled"
    assert (payload["errorType"], payload["errorMessage"]) == ("ValueError", "no way")


def test_a_function_has_its_time(workshop):
    workshop.make("import time\ndef handler(e, c): time.sleep(9)", Timeout=1)
    answer, payload = workshop.invoke()
    assert answer["FunctionError"] == "Unhandled"
    assert payload["errorMessage"].endswith("Task timed out after 1.00 seconds")


def test_the_tail_of_the_log(workshop):
    workshop.make()
    answer, _ = workshop.invoke({"a": 1}, LogType="Tail")
    log = base64.b64decode(answer["LogResult"]).decode()
    lines = log.splitlines()
    assert lines[0].startswith("START RequestId: ")
    assert 'heard {"a": 1}' in lines
    assert lines[-1].startswith("REPORT RequestId: ")


def test_the_client_context_reaches_the_function(workshop):
    workshop.make("def handler(e, c): return c.client_context.custom")
    context = base64.b64encode(json.dumps({"custom": {"k": "v"}}).encode()).decode()
    assert workshop.invoke(ClientContext=context)[1] == {"k": "v"}


def test_a_payload_is_json(workshop):
    workshop.make()
    with pytest.raises(workshop.client.exceptions.InvalidRequestContentException, match="Could not parse request body"):
        workshop.client.invoke(FunctionName="it", Payload=b"{no")


def test_a_payload_is_not_too_large(workshop):
    workshop.make()
    with pytest.raises(workshop.client.exceptions.RequestTooLargeException):
        workshop.client.invoke(FunctionName="it", Payload=b'"' + b"x" * 6_300_000 + b'"')


def test_a_dry_run_runs_nothing(workshop):
    workshop.make()
    assert workshop.client.invoke(FunctionName="it", InvocationType="DryRun")["StatusCode"] == 204
    with pytest.raises(workshop.client.exceptions.ResourceNotFoundException):
        workshop.client.invoke(FunctionName="none", InvocationType="DryRun")


def test_nothing_runs_where_no_concurrency_is_left(workshop):
    workshop.make()
    workshop.client.put_function_concurrency(FunctionName="it", ReservedConcurrentExecutions=0)
    with pytest.raises(workshop.client.exceptions.TooManyRequestsException) as refused:
        workshop.invoke()
    error = refused.value.response
    assert error["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
    assert error["ResponseMetadata"]["HTTPStatusCode"] == 429
    workshop.client.delete_function_concurrency(FunctionName="it")
    assert workshop.invoke()[0]["StatusCode"] == 200


def test_an_account_keeps_a_hundred_unreserved(workshop):
    workshop.make()
    with pytest.raises(workshop.client.exceptions.InvalidParameterValueException, match="minimum value of"):
        workshop.client.put_function_concurrency(FunctionName="it", ReservedConcurrentExecutions=901)
    workshop.client.put_function_concurrency(FunctionName="it", ReservedConcurrentExecutions=900)
    limit = workshop.client.get_account_settings()["AccountLimit"]
    assert limit["UnreservedConcurrentExecutions"] == 100


def test_a_function_may_do_what_its_role_may(workshop):
    url = workshop.aws("sqs").create_queue(QueueName="q")["QueueUrl"]
    workshop.make(ASKING)
    assert workshop.invoke({"url": url})[1].startswith("AccessDenied")
    allowed = {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}
    workshop.make(ASKING, name="able", role=workshop.role(allowed, name="able"))
    assert workshop.invoke({"url": url}, name="able")[1] == 200


def test_a_caller_needs_permission(workshop):
    workshop.make()
    nobody = workshop.aws.as_role("lambda", "nobody")
    with pytest.raises(ClientError) as refused:
        nobody.invoke(FunctionName="it")
    assert refused.value.response["Error"]["Code"] == "AccessDeniedException"
    arn = f"arn:aws:lambda:*:{workshop.aws.account}:function:it"
    somebody = workshop.aws.as_role(
        "lambda", "somebody", {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": arn}
    )
    assert somebody.invoke(FunctionName="it")["StatusCode"] == 200


def test_a_service_needs_the_functions_policy(workshop):
    workshop.make()
    aws, topic = workshop.aws, f"arn:aws:sns:us-east-1:{workshop.aws.account}:topic"
    principal = Principal("Service", aws.account, "sns.amazonaws.com", "sns.amazonaws.com", issuer=topic)
    door = aws.running.cloud.door

    def deliver():
        asked = {"FunctionName": "it", "Payload": b"{}"}
        return aws.running.run(door.call(aws.account, aws.region, principal).ask("lambda", "Invoke", asked))

    with pytest.raises(AwsError, match="is not authorized"):
        deliver()
    workshop.client.add_permission(
        FunctionName="it", StatementId="s", Action="lambda:InvokeFunction", Principal="sns.amazonaws.com",
        SourceArn=topic,
    )  # fmt: skip
    assert deliver()["StatusCode"] == 200


def test_concurrent_requests_run_side_by_side(workshop):
    workshop.make("import time\ndef handler(e, c): time.sleep(2); return c.log_stream_name")
    with ThreadPoolExecutor(4) as pool:
        environments = set(pool.map(lambda _: workshop.invoke()[1], range(4)))
    assert len(environments) > 1


def test_a_url_is_open_to_whom_the_policy_lets_in(workshop):
    workshop.make(WEB)
    url = workshop.client.create_function_url_config(FunctionName="it", AuthType="NONE")["FunctionUrl"]
    with pytest.raises(HTTPError) as refused:
        urlopen(url)
    assert refused.value.code == 403
    workshop.client.add_permission(
        FunctionName="it", StatementId="web", Action="lambda:InvokeFunctionUrl", Principal="*",
        FunctionUrlAuthType="NONE",
    )  # fmt: skip
    answer = urlopen(Request(url + "some/path?q=1&q=2", method="PUT", data=b"x"))
    assert (answer.status, answer.headers["x-path"], answer.headers["set-cookie"]) == (201, "/some/path", "a=b")
    assert answer.read() == b"PUT1,2"
    workshop.client.delete_function_url_config(FunctionName="it")
    with pytest.raises(HTTPError) as gone:
        urlopen(url)
    assert gone.value.code == 403


def test_a_url_may_want_signatures(workshop):
    workshop.make(WEB)
    url = workshop.client.create_function_url_config(FunctionName="it", AuthType="AWS_IAM")["FunctionUrl"]
    with pytest.raises(HTTPError) as refused:
        urlopen(url)
    assert refused.value.code == 403


def test_an_answer_is_streamed_as_events(workshop):
    workshop.make("def handler(e, c): return {'a': e['a']}")
    asked = {"FunctionName": "it", "Payload": b'{"a": 1}', "LogType": "Tail"}
    *chunks, ending = workshop.client.invoke_with_response_stream(**asked)["EventStream"]
    assert b"".join(chunk["PayloadChunk"]["Payload"] for chunk in chunks) == b'{"a": 1}'
    assert "REPORT" in base64.b64decode(ending["InvokeComplete"]["LogResult"]).decode()
    assert "ErrorCode" not in ending["InvokeComplete"]


def test_a_streamed_failure_is_told_at_the_end(workshop):
    workshop.make("def handler(e, c): raise ValueError('no')")
    *_, ending = workshop.client.invoke_with_response_stream(FunctionName="it")["EventStream"]
    assert ending["InvokeComplete"]["ErrorCode"] == "Unhandled"
    assert json.loads(ending["InvokeComplete"]["ErrorDetails"])["errorMessage"] == "no"


def test_the_old_way_to_promise_an_event(workshop):
    workshop.make()
    assert workshop.client.invoke_async(FunctionName="it", InvokeArgs=b"{}")["Status"] == 202
    with pytest.raises(workshop.client.exceptions.InvalidRequestContentException):
        workshop.client.invoke_async(FunctionName="it", InvokeArgs=b"{")


def test_a_traceback_in_the_log_is_indented_as_aws_does(workshop):
    workshop.make("def handler(e, c):\n    raise ValueError('no')")
    answer, _ = workshop.invoke(LogType="Tail")
    log = base64.b64decode(answer["LogResult"]).decode()
    assert '\n\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}File "/var/task/index.py", line 2, in handler\n' in log
