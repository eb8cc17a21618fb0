"""Tasks: calls of other services, their errors, retries, callbacks, activities and nested executions."""

import json

import pytest
from botocore.exceptions import ClientError

from .definitions import machine

SEND = "arn:aws:states:::sqs:sendMessage"


def sqs_task(url: str, resource: str = SEND, body="$", **more) -> dict:
    parameters = {"QueueUrl": url, "MessageBody.$": body}
    return {"Type": "Task", "Resource": resource, "Parameters": parameters, **more}


@pytest.fixture
def queue(aws):
    return aws("sqs").create_queue(QueueName="jobs")["QueueUrl"]


def test_a_message_sent(flows, aws, queue):
    told = flows.run(machine(("Send", sqs_task(queue))), {"order": 7})
    output = json.loads(told["output"])
    assert output["SdkHttpMetadata"]["HttpStatusCode"] == 200
    assert output["MessageId"] and output["SdkResponseMetadata"]["RequestId"]
    (message,) = aws("sqs").receive_message(QueueUrl=queue)["Messages"]
    assert (message["MessageId"], json.loads(message["Body"])) == (output["MessageId"], {"order": 7})
    scheduled = flows.events(told["executionArn"])[2]
    assert scheduled["taskScheduledEventDetails"]["resourceType"] == "sqs"
    assert flows.types(told["executionArn"])[2:5] == ["TaskScheduled", "TaskStarted", "TaskSucceeded"]


def test_sdk_calls_take_and_give_capital_letters(flows, queue):
    definition = machine(
        ("Queues", {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:listQueues", "Parameters": {}}),
        (
            "Start",
            {
                "Type": "Task",
                "Resource": "arn:aws:states:::aws-sdk:sfn:listStateMachines",
                "Parameters": {"MaxResults": 5},
                "ResultPath": "$.machines",
            },
        ),
    )
    output = json.loads(flows.run(definition)["output"])
    assert output["QueueUrls"] == [queue]
    (told,) = output["machines"]["StateMachines"]
    assert told["Name"] == "flow" and told["CreationDate"].endswith("Z")


NAMES = [
    ("arn:aws:states:::dynamodb:getItem", "DynamoDB.ResourceNotFoundException", "AmazonDynamoDBv2; Status Code: 400"),
    ("arn:aws:states:::aws-sdk:dynamodb:getItem", "DynamoDb.ResourceNotFoundException", "DynamoDb, Status Code: 400"),
]


@pytest.mark.parametrize(("resource", "error", "words"), NAMES)
def test_errors_have_the_services_names(flows, resource, error, words):
    parameters = {"TableName": "none", "Key": {"id": {"S": "1"}}}
    told = flows.run(machine(("Get", {"Type": "Task", "Resource": resource, "Parameters": parameters})))
    assert (told["status"], told["error"]) == ("FAILED", error)
    assert f"Requested resource not found (Service: {words}" in told["cause"]


@pytest.fixture
def things(aws):
    """A table by that name."""
    aws("dynamodb").create_table(
        TableName="things",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )


def test_texts_are_attribute_values(flows, aws, things):
    """As published workflows write them: the SDK for Java 1 makes an AttributeValue of a text."""
    item = {"id": "one", "done": {"BOOL": "false"}, "names": {"L": ["a"]}}
    task = {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem"}
    assert flows.run(machine(("Put", {**task, "Parameters": {"TableName": "things", "Item": item}})))["output"]
    found = aws("dynamodb").get_item(TableName="things", Key={"id": {"S": "one"}})["Item"]
    assert found == {"id": {"S": "one"}, "done": {"BOOL": False}, "names": {"L": [{"S": "a"}]}}


def test_parameters_of_the_wrong_kind(flows, things):
    task = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:putItem"}
    task["Parameters"] = {"TableName": "things", "Item": {"id": "one"}}
    told = flows.run(machine(("Put", task)))
    assert (told["status"], told["error"]) == ("FAILED", "States.TaskFailed")
    assert 'could not be used to start the Task: [a structure is due where there is "one"]' in told["cause"]


def test_a_condition_that_fails_is_caught(flows, things):
    put = {
        "Type": "Task",
        "Resource": "arn:aws:states:::dynamodb:putItem",
        "Parameters": {
            "TableName": "things",
            "Item": {"id": {"S.$": "$.id"}},
            "ConditionExpression": "attribute_not_exists(id)",
        },
    }
    caught = {"ErrorEquals": ["DynamoDB.ConditionalCheckFailedException"], "Next": "Known"}
    definition = machine(
        ("Put", {**put, "ResultPath": None}),
        ("Again", {**put, "Catch": [caught]}),
        ("Known", {"Type": "Pass", "Result": "known"}),
    )
    assert flows.run(definition, {"id": "1"})["output"] == '"known"'


def test_a_service_that_is_not_there(flows):
    told = flows.run(machine(("Run", {"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask", "Parameters": {}})))
    assert (told["status"], told["error"]) == ("FAILED", "States.TaskFailed")
    assert told["cause"] == "Freehold does not have the service integration 'ecs:runTask' yet."


def test_retries_wait_longer_each_time(own_flows, own_cloud):
    retry = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 100, "BackoffRate": 3, "MaxAttempts": 2}
    parameters = {"TableName": "none", "Key": {"id": {"S": "1"}}}
    task = {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": parameters}
    arn = own_flows.start(own_flows.create(machine(("Get", {**task, "Retry": [retry]}))))

    def tried() -> int:
        return own_flows.types(arn).count("TaskFailed")

    for attempts, delay in ((1, 100), (2, 300)):
        own_flows.until(lambda attempts=attempts: tried() == attempts)
        own_cloud.advance(delay - 1)
        assert tried() == attempts
        own_cloud.advance(1)
    assert own_flows.ended(arn)["status"] == "FAILED"
    assert tried() == 3


# Callbacks


def waiting(flows, aws, queue, **more) -> tuple[str, str]:
    """An execution that waits for a callback, and its token."""
    task = sqs_task(queue, f"{SEND}.waitForTaskToken", "$$.Task.Token", **more)
    arn = flows.start(flows.create(machine(("Ask", task))))
    flows.until_type(arn, "TaskSubmitted")
    (message,) = aws("sqs").receive_message(QueueUrl=queue)["Messages"]
    return arn, message["Body"]


def test_callback(flows, aws, queue):
    arn, token = waiting(flows, aws, queue)
    with pytest.raises(ClientError, match="Invalid Output: 'Unrecognized token 'nonsense'"):
        flows.client.send_task_success(taskToken=token, output="nonsense")
    flows.client.send_task_success(taskToken=token, output='{"yes": true}')
    assert json.loads(flows.ended(arn)["output"]) == {"yes": True}
    for late, code in ((token, "TaskTimedOut"), ("nonsense", "InvalidToken")):
        with pytest.raises(ClientError) as refusal:
            flows.client.send_task_failure(taskToken=late)
        assert refusal.value.response["Error"]["Code"] == code


def test_callback_that_fails(flows, aws, queue):
    arn, token = waiting(flows, aws, queue)
    flows.client.send_task_failure(taskToken=token, error="Refused", cause="no")
    told = flows.ended(arn)
    assert (told["error"], told["cause"]) == ("Refused", "no")


def test_heartbeats(own_flows, own_cloud):
    queue = own_cloud("sqs").create_queue(QueueName="jobs")["QueueUrl"]
    arn, token = waiting(own_flows, own_cloud, queue, HeartbeatSeconds=60)
    for _ in range(3):
        own_cloud.advance(50)
        own_flows.client.send_task_heartbeat(taskToken=token)
    own_cloud.advance(61)
    assert own_flows.ended(arn)["error"] == "States.Timeout"
    with pytest.raises(ClientError, match="Provided task does not exist anymore"):
        own_flows.client.send_task_heartbeat(taskToken=token)


# Activities


def test_activity(flows):
    activity = flows.client.create_activity(name="dig")["activityArn"]
    arn = flows.start(flows.create(machine(("Dig", {"Type": "Task", "Resource": activity}))), {"deep": 3})
    task = flows.client.get_activity_task(activityArn=activity, workerName="mole")
    assert json.loads(task["input"]) == {"deep": 3}
    flows.client.send_task_success(taskToken=task["taskToken"], output='"dug"')
    assert flows.ended(arn)["output"] == '"dug"'
    assert [event["type"] for event in flows.events(arn)[2:5]] == [
        "ActivityScheduled",
        "ActivityStarted",
        "ActivitySucceeded",
    ]
    assert flows.events(arn)[3]["activityStartedEventDetails"]["workerName"] == "mole"


def test_activities_are_named_and_found(flows):
    client = flows.client
    arn = client.create_activity(name="dig")["activityArn"]
    assert client.create_activity(name="dig")["activityArn"] == arn
    assert client.describe_activity(activityArn=arn)["name"] == "dig"
    assert [one["name"] for one in client.list_activities()["activities"]] == ["dig"]
    client.delete_activity(activityArn=arn)
    with pytest.raises(ClientError, match="Activity Does Not Exist"):
        client.describe_activity(activityArn=arn)


# Nested executions


def nested(child: str, pattern: str) -> str:
    parameters = {"StateMachineArn": child, "Input": {"n": 1}}
    task = {"Type": "Task", "Resource": f"arn:aws:states:::states:startExecution{pattern}", "Parameters": parameters}
    return machine(("Child", task))


@pytest.mark.parametrize(("pattern", "output"), [(".sync", '{"n":1}'), (".sync:2", {"n": 1})])
def test_nested(flows, pattern, output):
    child = flows.create(machine(("Done", {"Type": "Pass"})), "child")
    told = flows.run(nested(child, pattern), name="parent")
    result = json.loads(told["output"])
    assert (result["Status"], result["Output"], result["StateMachineArn"]) == ("SUCCEEDED", output, child)
    assert "TaskSubmitted" in flows.types(told["executionArn"])


def test_nested_that_fails(flows):
    child = flows.create(machine(("No", {"Type": "Fail", "Error": "Bad", "Cause": "luck"})), "child")
    told = flows.run(nested(child, ".sync:2"), name="parent")
    assert told["error"] == "States.TaskFailed"
    assert json.loads(told["cause"])["Error"] == "Bad"


@pytest.mark.parametrize("pause", [{"Type": "Pass"}, {"Type": "Wait", "Seconds": 1}])
def test_nested_express(flows, pause):
    """Also one that is over in the step that starts it."""
    child = flows.create(machine(("Pause", pause)), "child", type="EXPRESS")
    told = flows.run(nested(child, ".sync:2"), name="parent")
    result = json.loads(told["output"])
    assert (result["Status"], result["Output"], result["StateMachineArn"]) == ("SUCCEEDED", {"n": 1}, child)
    assert result["ExecutionArn"].startswith(child.replace(":stateMachine:", ":express:"))
    assert result["BillingDetails"]["BilledDurationInMilliseconds"] in range(100, 5_000, 100)
    assert result["BillingDetails"]["BilledMemoryUsedInMB"] == 64
    assert "RedriveCount" not in result


def test_nested_express_that_fails(flows):
    child = flows.create(machine(("No", {"Type": "Fail", "Error": "Bad"})), "child", type="EXPRESS")
    told = flows.run(nested(child, ".sync"), name="parent")
    assert (told["error"], json.loads(told["cause"])["Error"]) == ("States.TaskFailed", "Bad")


def test_a_parent_that_is_stopped_lets_its_express_child_go_on(flows):
    """AWS cannot stop Express executions."""
    child = flows.create(machine(("Sleep", {"Type": "Wait", "Seconds": 1_000})), "child", type="EXPRESS")
    arn = flows.start(flows.create(nested(child, ".sync"), "parent"))
    flows.until_type(arn, "TaskSubmitted")
    flows.client.stop_execution(executionArn=arn)
    assert flows.ended(arn)["status"] == "ABORTED"


def test_a_parent_that_is_stopped_stops_its_child(flows):
    child = flows.create(machine(("Sleep", {"Type": "Wait", "Seconds": 1_000})), "child")
    arn = flows.start(flows.create(nested(child, ".sync"), "parent"))
    submitted = flows.until_type(arn, "TaskSubmitted")["taskSubmittedEventDetails"]
    flows.client.stop_execution(executionArn=arn)
    assert flows.ended(json.loads(submitted["output"])["ExecutionArn"])["status"] == "ABORTED"
