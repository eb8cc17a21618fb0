"""Targets: each kind is called as the schedule's role, with what AWS tells it."""

import io
import json
import zipfile

from tests.services.scheduler.conftest import ALL, Town

SDK = "arn:aws:scheduler:::aws-sdk:"
ECHO = "def handler(event, context):\n    print('TOLD', event['message'])\n"
PASS = {"StartAt": "Done", "States": {"Done": {"Type": "Pass", "End": True}}}


def soon(town, arn, **members):
    """A schedule that is due at once."""
    expression, told = town.at(0)
    town.schedule("s", expression, arn, target=members)
    return told


def made_function(town):
    """The ARN of a new function that prints what it is told."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as code:
        code.writestr("app.py", ECHO)
    role = town.aws.role("function", "lambda.amazonaws.com", ALL)
    made = town.aws("lambda").create_function(
        FunctionName="f", Runtime="python3.12", Role=role, Handler="app.handler", Code={"ZipFile": file.getvalue()}
    )  # fmt: skip
    town.aws("lambda").get_waiter("function_active_v2").wait(FunctionName="f")
    return made["FunctionArn"]


def test_a_queue_is_told_the_default_event(town):
    url, queue = town.queue("due")
    told = soon(town, queue)
    (event,) = town.told(url)
    assert event.pop("id")
    assert event == {
        "version": "0",
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": town.aws.account,
        "time": told,
        "region": "us-east-1",
        "resources": [town.arn("scheduler", "schedule/default/s")],
        "detail": "{}",
    }


def test_keywords_are_replaced(town):
    url, queue = town.queue("due")
    keywords = ("schedule-arn", "scheduled-time", "execution-id", "attempt-number", "other")
    told = soon(town, queue, Input=" ".join(f"<aws.scheduler.{word}>" for word in keywords))
    (message,) = town.heard(url)
    arn, time, id, attempt, other = message["Body"].split()
    assert (arn, time, attempt) == (town.arn("scheduler", "schedule/default/s"), told, "1")
    assert len(id) == 16 and other == "<aws.scheduler.other>"


def test_a_fifo_queue_and_a_topic(town):
    url, queue = town.queue("due.fifo")
    soon(town, queue, Input="hello", SqsParameters={"MessageGroupId": "g"})
    (message,) = town.heard(url)
    assert (message["Body"], message["Attributes"]["MessageGroupId"]) == ("hello", "g")
    sns, (url, queue) = town.aws("sns"), town.queue("heard")
    topic = sns.create_topic(Name="news")["TopicArn"]
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": queue}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    town.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes={"RawMessageDelivery": "true"})
    town.schedule("topic", town.at(0)[0], topic, target={"Input": "news"})
    assert [message["Body"] for message in town.heard(url)] == ["news"]


def test_a_bus(town):
    events, (url, queue) = town.aws("events"), town.queue("heard")
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": queue}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    town.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    events.put_rule(Name="r", EventPattern=json.dumps({"source": ["clock"]}))
    events.put_targets(Rule="r", Targets=[{"Id": "q", "Arn": queue}])
    parameters = {"DetailType": "due", "Source": "clock"}
    soon(town, town.arn("events", "event-bus/default"), Input='{"a": 1}', EventBridgeParameters=parameters)
    (event,) = town.told(url)
    assert (event["source"], event["detail-type"], event["detail"]) == ("clock", "due", {"a": 1})


def test_a_stream(town, until):
    kinesis = town.aws("kinesis")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(StreamName="s")
    arn = town.arn("kinesis", "stream/s")
    soon(town, arn, Input="data", KinesisParameters={"PartitionKey": "k"})
    (shard,) = kinesis.list_shards(StreamName="s")["Shards"]
    place = {"StreamName": "s", "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}

    def records():
        return kinesis.get_records(ShardIterator=kinesis.get_shard_iterator(**place)["ShardIterator"])["Records"]

    (record,) = until(records)
    assert (record["Data"], record["PartitionKey"]) == (b"data", "k")


def test_a_machine_and_a_function(town, until):
    states = town.aws("stepfunctions")
    role = town.aws.role("machine", "states.amazonaws.com")
    made = states.create_state_machine(name="m", definition=json.dumps(PASS), roleArn=role)["stateMachineArn"]
    soon(town, made, Input='{"at": "<aws.scheduler.scheduled-time>"}')
    (execution,) = until(lambda: states.list_executions(stateMachineArn=made)["executions"])
    told = states.describe_execution(executionArn=execution["executionArn"])["input"]
    assert json.loads(told)["at"].endswith("Z")
    function = made_function(town)
    town.schedule("f", town.at(0)[0], function, target={"Input": '{"message": "hello"}'})
    logs = town.aws("logs")

    def lines():
        try:
            found = logs.filter_log_events(logGroupName="/aws/lambda/f", filterPattern="TOLD")["events"]
        except logs.exceptions.ResourceNotFoundException:
            return []
        return [event["message"].strip() for event in found]

    assert until(lines) == ["TOLD hello"]


def test_any_operation_by_the_names_of_the_sdk(town, until):
    soon(town, f"{SDK}sqs:createQueue", Input=json.dumps({"QueueName": "made", "Attributes": {"DelaySeconds": 5}}))
    assert until(lambda: town.sqs.list_queues(QueueNamePrefix="made").get("QueueUrls"))
    attributes = town.sqs.get_queue_attributes(
        QueueUrl=town.sqs.get_queue_url(QueueName="made")["QueueUrl"], AttributeNames=["DelaySeconds"]
    )  # fmt: skip
    assert attributes["Attributes"]["DelaySeconds"] == "5"
    town.aws("dynamodb").create_table(
        TableName="table", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
    )  # fmt: skip
    item = {"TableName": "table", "Item": {"k": {"S": "<aws.scheduler.attempt-number>"}}}
    town.schedule("item", town.at(0)[0], f"{SDK}dynamodb:putItem", target={"Input": json.dumps(item)})
    assert until(lambda: town.aws("dynamodb").get_item(TableName="table", Key={"k": {"S": "1"}}).get("Item"))


def test_bodies_that_are_streamed(town, until):
    s3 = town.aws("s3")
    s3.create_bucket(Bucket=f"b-{town.aws.account}")
    request = {"Bucket": f"b-{town.aws.account}", "Key": "k", "Body": "hello"}
    soon(town, f"{SDK}s3:putObject", Input=json.dumps(request))
    assert until(lambda: s3.list_objects_v2(Bucket=request["Bucket"]).get("Contents"))
    assert s3.get_object(Bucket=request["Bucket"], Key="k")["Body"].read() == b"hello"


def test_what_fails_for_good_goes_to_the_dead_letter_queue(town):
    url, dead = town.queue("dead")
    missing = f"https://sqs.us-east-1.amazonaws.com/{town.aws.account}/none"
    text = json.dumps({"MessageBody": "hello", "QueueUrl": missing})
    told = soon(town, f"{SDK}sqs:sendMessage", Input=text, DeadLetterConfig={"Arn": dead})
    (message,) = town.heard(url)
    attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert message["Body"] == text
    assert len(attributes.pop("EXECUTION_ID")) == 16 and "does not exist" in attributes.pop("ERROR_MESSAGE")
    assert attributes.pop("ERROR_CODE").endswith(("NonExistentQueue", "QueueDoesNotExist"))
    assert attributes == {
        "IS_PAYLOAD_TRUNCATED": "false",
        "RETRY_ATTEMPTS": "0",
        "SCHEDULED_TIME": told,
        "SCHEDULE_ARN": town.arn("scheduler", "schedule/default/s"),
        "TARGET_ARN": f"{SDK}sqs:sendMessage",
    }


def test_an_event_that_is_not_taken_goes_to_the_dead_letter_queue(town):
    url, dead = town.queue("dead")
    parameters = {"DetailType": "due", "Source": "clock"}
    bus, letters = town.arn("events", "event-bus/default"), {"DeadLetterConfig": {"Arn": dead}}
    soon(town, bus, Input="[1]", EventBridgeParameters=parameters, **letters)
    (message,) = town.heard(url)
    told = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert (told["ERROR_CODE"], told["TARGET_ARN"]) == ("MalformedDetail", f"{SDK}eventbridge:putEvents")


def test_a_role_may_do_what_it_may_and_no_more(aws):
    town = Town(aws, {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:*:*:dead"})
    (url, dead), (_, queue) = town.queue("dead"), town.queue("due")
    soon(town, queue, Input="hello", DeadLetterConfig={"Arn": dead})
    (message,) = town.heard(url)
    attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert "AccessDenied" in attributes["ERROR_CODE"] and attributes["TARGET_ARN"] == f"{SDK}sqs:sendMessage"
    assert json.loads(message["Body"])["MessageBody"] == "hello"


def test_a_role_that_trusts_no_longer_is_not_used(town):
    url, dead = town.queue("dead")
    _, queue = town.queue("due")
    town.schedule("s", town.at(3)[0], queue, target={"DeadLetterConfig": {"Arn": dead}})
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    town.aws("iam").update_assume_role_policy(RoleName="runs", PolicyDocument=document)
    (message,) = town.heard(url)
    assert message["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "AccessDenied"


def throttled(town, **policy):
    """The URL of the dead-letter queue of a schedule that is due now, whose function may not run."""
    function = made_function(town)
    town.aws("lambda").put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
    url, dead = town.queue("dead")
    request = {"FunctionName": function, "Payload": '{"message": "<aws.scheduler.attempt-number>"}'}
    soon(town, f"{SDK}lambda:invoke", Input=json.dumps(request), DeadLetterConfig={"Arn": dead}, RetryPolicy=policy)
    return url


def spent(town, url):
    """After how many retries, and why no more."""
    for _ in range(50):
        found = town.heard(url, wait=0)
        if found:
            told = found[0]["MessageAttributes"]
            return tuple(told[name]["StringValue"] for name in ("RETRY_ATTEMPTS", "EXHAUSTED_RETRY_CONDITION"))
        town.aws.advance(30)
    raise AssertionError("nothing was buried")


def test_what_may_succeed_later_is_tried_as_often_as_allowed(own_town, until):
    town = own_town
    url = throttled(town, MaximumRetryAttempts=2)
    assert spent(town, url) == ("2", "MaximumRetryAttempts")
    cloudwatch, group = town.aws("cloudwatch"), [{"Name": "ScheduleGroup", "Value": "default"}]

    def counted(name):
        found = cloudwatch.get_metric_statistics(
            Namespace="AWS/Scheduler", MetricName=name, Dimensions=group, StartTime=town.now - 86_400,
            EndTime=town.now + 60, Period=86_400, Statistics=["Sum"],
        )["Datapoints"]  # fmt: skip
        return sum(point["Sum"] for point in found)

    town.aws.advance(60)
    assert until(lambda: counted("InvocationAttemptCount") == 3)
    assert counted("TargetErrorThrottledCount") == 3
    assert counted("InvocationDroppedCount") == counted("InvocationsSentToDeadLetterCount") == 1


def test_what_may_succeed_later_is_not_tried_when_it_is_too_old(own_town):
    retries, why = spent(own_town, throttled(own_town, MaximumEventAgeInSeconds=60))
    assert why == "MaximumEventAgeInSeconds" and int(retries) < 10
