"""Each kind of target and enrichment: what it is told, and what becomes of what it does not take."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

EXPRESS = {
    "StartAt": "Double",
    "States": {
        "Double": {
            "Type": "Map", "ItemProcessor": {"StartAt": "One", "States": {"One": {
                "Type": "Pass", "Parameters": {"twice.$": "States.MathAdd($.n, $.n)"}, "End": True}}}, "End": True,
        }
    },
}  # fmt: skip


@pytest.fixture
def source(works):
    return works.queue("from", VisibilityTimeout="1")


@pytest.fixture
def machine(works):
    """The ARN of a new state machine of a type."""

    def make(name, definition, kind):
        role = works.aws.role(f"{name}-runs", "states.amazonaws.com")
        states = works.aws("stepfunctions")
        made = states.create_state_machine(name=name, definition=json.dumps(definition), roleArn=role, type=kind)
        return made["stateMachineArn"]

    return make


@pytest.fixture
def endpoint(works):
    """A server of its own behind an API destination: its ARN and what it was sent; it answers what `answers` holds."""
    sent, answers = [], []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sent.append((self.path, dict(self.headers), body.decode()))
            status, text = answers.pop(0) if answers else (200, "{}")
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    events = works.aws("events")
    auth = {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "secret"}}
    connection = events.create_connection(Name="c", AuthorizationType="API_KEY", AuthParameters=auth)["ConnectionArn"]
    arn = events.create_api_destination(
        Name="d", ConnectionArn=connection, HttpMethod="POST",
        InvocationEndpoint=f"http://127.0.0.1:{server.server_address[1]}/things/*",
    )["ApiDestinationArn"]  # fmt: skip
    yield arn, sent, answers
    server.shutdown()


def test_a_topic(works, source):
    topic = works.aws("sns").create_topic(Name="t")["TopicArn"]
    told, told_arn = works.queue("told")
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": told_arn}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    works.sqs.set_queue_attributes(QueueUrl=told, Attributes={"Policy": document})
    raw = {"RawMessageDelivery": "true"}
    works.aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=told_arn, Attributes=raw)
    works.pipe("p", source[1], topic, TargetParameters={"InputTemplate": "Hello, <$.body.name>"})
    works.send(source[0], {"name": "you"})
    assert [message["Body"] for message in works.heard(told)] == ["Hello, you"]


def test_a_stream(works, source, until):
    kinesis = works.aws("kinesis")
    kinesis.create_stream(StreamName="line", ShardCount=1)
    arn = works.arn("kinesis", "stream/line")
    parameters = {"KinesisStreamParameters": {"PartitionKey": "$.body.who"}, "InputTemplate": '{"n": <$.body.n>}'}
    works.pipe("p", source[1], arn, TargetParameters=parameters)
    works.send(source[0], {"who": "me", "n": 1})
    shard = {"StreamName": "line", "ShardId": "shardId-000000000000", "ShardIteratorType": "TRIM_HORIZON"}

    def records():
        iterator = kinesis.get_shard_iterator(**shard)["ShardIterator"]
        return kinesis.get_records(ShardIterator=iterator)["Records"]

    (record,) = until(records)
    assert (record["PartitionKey"], json.loads(record["Data"])) == ("me", {"n": 1})


def test_a_log_group(works, source, until):
    logs = works.aws("logs")
    logs.create_log_group(logGroupName="/told")
    parameters = {"CloudWatchLogsParameters": {"LogStreamName": "$.body.stream", "Timestamp": "$.body.at"}}
    at_ms = int(works.aws.running.cloud.clock.now() * 1_000) - 5_000
    works.pipe(
        "p", source[1], works.arn("logs", "log-group:/told"),
        TargetParameters={**parameters, "InputTemplate": "said <$.body.text>"},
        SourceParameters={"SqsQueueParameters": {"BatchSize": 1}},
    )  # fmt: skip
    works.send(source[0], {"stream": "one", "at": at_ms, "text": "it"})
    (event,) = until(lambda: logs.filter_log_events(logGroupName="/told")["events"])
    assert (event["logStreamName"], event["timestamp"], event["message"]) == ("one", at_ms, "said it")


def test_a_workflow_that_is_not_waited_for(works, source, machine, until):
    arn = machine("waits", {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}, "STANDARD")
    parameters = {"StepFunctionStateMachineParameters": {"InvocationType": "FIRE_AND_FORGET"}}
    works.pipe("p", source[1], arn, TargetParameters={**parameters, "InputTemplate": "<$.body>"})
    works.send(source[0], {"n": 1})
    states = works.aws("stepfunctions")
    (one,) = until(lambda: states.list_executions(stateMachineArn=arn)["executions"])
    assert json.loads(states.describe_execution(executionArn=one["executionArn"])["input"]) == [{"n": 1}]


def test_a_workflow_that_is_waited_for_reports_what_it_failed_on(works, source, machine, until):
    dead, dead_arn = works.queue("dead")
    policy = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 1})
    works.sqs.set_queue_attributes(QueueUrl=source[0], Attributes={"RedrivePolicy": policy})
    report = {"batchItemFailures": [{"itemIdentifier.$": "$[0].messageId"}]}
    definition = {
        "StartAt": "Bad", "States": {
            "Bad": {"Type": "Choice", "Default": "Fine", "Choices": [
                {"Variable": "$[0].body", "StringEquals": "bad", "Next": "Report"}]},
            "Report": {"Type": "Pass", "Parameters": report, "End": True},
            "Fine": {"Type": "Succeed"},
        },
    }  # fmt: skip
    arn = machine("reports", definition, "EXPRESS")
    works.pipe("p", source[1], arn, SourceParameters={"SqsQueueParameters": {"BatchSize": 1}})
    works.send(source[0], "good", "bad")
    assert [message["Body"] for message in works.heard(dead)] == ["bad"]
    assert until(lambda: works.left(source[0]) == 0)


def test_an_express_workflow_enriches(works, source, machine):
    target, target_arn = works.queue("to")
    works.pipe(
        "p", source[1], target_arn, Enrichment=machine("doubles", EXPRESS, "EXPRESS"),
        EnrichmentParameters={"InputTemplate": '{"n": <$.body.n>}'},
    )  # fmt: skip
    works.send(source[0], {"n": 3})
    assert works.told(target) == [{"twice": 6}]


def test_an_api_destination(works, source, endpoint, until):
    arn, sent, _ = endpoint
    http = {
        "PathParameterValues": ["$.body.id"],
        "HeaderParameters": {"X-Kind": "$.body.kind"},
        "QueryStringParameters": {"at": "fixed"},
    }
    told = works.pipe(
        "p", source[1], arn, TargetParameters={"HttpParameters": http, "InputTemplate": '{"is": <$.body.kind>}'}
    )
    assert told["SourceParameters"]["SqsQueueParameters"] == {"BatchSize": 1}
    works.send(source[0], {"id": 7, "kind": "red"})
    assert until(lambda: sent)
    path, headers, body = sent[0]
    assert path == "/things/7?at=fixed" and json.loads(body) == {"is": "red"}
    assert (headers["X-Kind"], headers["X-Key"]) == ("red", "secret")
    assert until(lambda: works.left(source[0]) == 0)


def test_an_api_destination_that_refuses_leaves_the_message(works, source, endpoint, until):
    arn, sent, answers = endpoint
    answers += [(400, "no"), (500, "later")]
    works.pipe("p", source[1], arn, TargetParameters={"InputTemplate": "<$.body>"})
    works.send(source[0], "again")
    assert until(lambda: len(sent) == 3 and works.left(source[0]) == 0)
    assert {body for _, _, body in sent} == {"again"}


def test_an_api_destination_enriches(works, source, endpoint):
    arn, sent, answers = endpoint
    answers.append((200, json.dumps({"name": "Ann"})))
    target, target_arn = works.queue("to")
    works.pipe(
        "p", source[1], target_arn, Enrichment=arn, EnrichmentParameters={"InputTemplate": '{"id": <$.body.id>}'},
        TargetParameters={"InputTemplate": "Hello, <$.name>"},
    )  # fmt: skip
    works.send(source[0], {"id": 7})
    assert [message["Body"] for message in works.heard(target)] == ["Hello, Ann"]
    assert [json.loads(body) for _, _, body in sent] == [{"id": 7}]


def test_who_may_call_a_destination(works, source, endpoint, until):
    arn, sent, _ = endpoint
    allowed = {"Effect": "Allow", "Action": ["sqs:*", "logs:*"], "Resource": "*"}
    works.role = works.aws.role("may-not", "pipes.amazonaws.com", allowed)
    works.aws("logs").create_log_group(logGroupName="/pipes")
    destination = {"LogGroupArn": works.arn("logs", "log-group:/pipes")}
    logging = {"Level": "ERROR", "CloudwatchLogsLogDestination": destination}
    works.pipe("p", source[1], arn, LogConfiguration=logging)
    works.send(source[0], "no")
    events = until(lambda: works.aws("logs").filter_log_events(logGroupName="/pipes")["events"])
    told = json.loads(events[0]["message"])
    assert told["messageType"] == "TargetInvocationFailed" and not sent
    assert "events:InvokeApiDestination" in told["error"]["message"] and told["error"]["httpStatusCode"] == 403


@pytest.fixture
def api(works):
    """The ARN of a method of an API whose function answers what it was sent, and how it was sent."""
    function = works.function(
        "echo", "return {'statusCode': 200, 'body': __import__('json').dumps([event['path'], event['body']])}"
    )
    gateway = works.aws("apigateway")
    id = gateway.create_rest_api(name="a")["id"]
    root = gateway.get_resources(restApiId=id)["items"][0]["id"]
    place = {"restApiId": id, "resourceId": gateway.create_resource(restApiId=id, parentId=root, pathPart="x")["id"]}
    gateway.put_method(**place, httpMethod="POST", authorizationType="NONE")
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"
    gateway.put_integration(**place, httpMethod="POST", type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
    gateway.create_deployment(restApiId=id, stageName="p")
    works.aws("lambda").add_permission(
        FunctionName="echo", StatementId="api", Action="lambda:InvokeFunction", Principal="apigateway.amazonaws.com"
    )
    return works.arn("execute-api", f"{id}/p/POST/x")


def test_an_api_of_this_cloud_enriches(works, source, api):
    target, target_arn = works.queue("to")
    works.pipe("p", source[1], target_arn, Enrichment=api, EnrichmentParameters={"InputTemplate": '{"n": <$.body>}'})
    works.send(source[0], "5")
    assert set(works.told(target, 2)) == {"/x", '{"n": 5}'}


def test_an_enrichment_that_returns_more_than_the_target_takes(works, source, until):
    """Nothing is handed over, and the messages stay."""
    target, target_arn = works.queue("to")
    works.aws("logs").create_log_group(logGroupName="/pipes")
    destination = {"LogGroupArn": works.arn("logs", "log-group:/pipes")}
    logging = {"Level": "ERROR", "CloudwatchLogsLogDestination": destination}
    arn = works.function("many", "return [{'n': n} for n in range(11)]")
    works.pipe("p", source[1], target_arn, Enrichment=arn, LogConfiguration=logging)
    works.send(source[0], "one")
    events = until(lambda: works.aws("logs").filter_log_events(logGroupName="/pipes")["events"])
    assert "takes at most 10 events" in json.loads(events[0]["message"])["error"]["message"]
    assert works.left(target) == 0 and works.left(source[0]) == 1
