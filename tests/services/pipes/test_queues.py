"""Pipes from queues: filtered, reshaped, enriched, handed over, and left where they were when a target fails."""

import json


def test_a_message_reaches_the_target_as_it_was_read(works):
    (source, source_arn), (target, target_arn) = works.queue("from"), works.queue("to")
    assert works.pipe("plain", source_arn, target_arn)["CurrentState"] == "RUNNING"
    works.send(source, "hello", MessageAttributes={"kind": {"DataType": "String", "StringValue": "greeting"}})
    (told,) = works.told(target)
    assert told["body"] == "hello" and told["eventSource"] == "aws:sqs" and told["eventSourceARN"] == source_arn
    assert told["attributes"]["ApproximateReceiveCount"] == "1" and told["awsRegion"] == "us-east-1"
    assert told["messageAttributes"]["kind"]["stringValue"] == "greeting"
    assert set(told) == {
        "messageId", "receiptHandle", "body", "attributes", "messageAttributes", "md5OfMessageAttributes", "md5OfBody",
        "eventSource", "eventSourceARN", "awsRegion",
    }  # fmt: skip


def test_what_the_filters_do_not_want_is_deleted(works, until):
    (source, source_arn), (target, target_arn) = works.queue("from"), works.queue("to")
    filters = {"Filters": [{"Pattern": json.dumps({"body": {"kind": ["good", {"prefix": "fine"}]}})}]}
    works.pipe("sieve", source_arn, target_arn, SourceParameters={"FilterCriteria": filters})
    works.send(source, {"kind": "bad"}, "no JSON", {"kind": "finest", "n": 1}, {"kind": "good", "n": 2})
    told = works.told(target, 2)
    assert sorted(json.loads(one["body"])["n"] for one in told) == [1, 2]
    assert until(lambda: works.left(source) == 0)


def test_templates_reshape_events(works):
    (source, source_arn), (target, target_arn) = works.queue("from"), works.queue("to")
    template = """{
        "order": <$.body.order>, "first": <$.body.items[0].name>, "text": "Order <$.body.order.id> of <$.body.items>",
        "pipe": <aws.pipes.pipe-name>, "arn": "<aws.pipes.pipe-arn>", "source": <aws.pipes.source-arn>,
        "target": <aws.pipes.target-arn>, "at": <aws.pipes.event.ingestion-time>, "none": <$.body.nothing>,
        "whole": <aws.pipes.event.json>, "raw": <aws.pipes.event>
    }"""
    works.pipe("mould", source_arn, target_arn, TargetParameters={"InputTemplate": template})
    works.send(source, {"order": {"id": 7}, "items": [{"name": "pear"}]})
    (told,) = works.told(target)
    assert told["order"] == {"id": 7} and told["first"] == "pear" and told["none"] == ""
    assert told["text"] == "Order 7 of [{name:pear}]"
    assert (told["pipe"], told["arn"]) == ("mould", works.arn("pipes", "pipe/mould"))
    assert (told["source"], told["target"]) == (source_arn, target_arn) and told["at"].endswith("Z")
    assert told["whole"]["body"]["order"] == {"id": 7} and json.loads(told["raw"]["body"])["order"] == {"id": 7}


def test_a_body_alone(works):
    (source, source_arn), (target, target_arn) = works.queue("from"), works.queue("to")
    works.pipe("bare", source_arn, target_arn, TargetParameters={"InputTemplate": "<$.body>"})
    works.send(source, "just words", {"a": 1})
    assert {message["Body"] for message in works.heard(target, 2)} == {"just words", '{"a":1}'}


def test_fifo_queues_keep_their_groups(works):
    (source, source_arn), (target, target_arn) = works.queue("from.fifo"), works.queue("to.fifo")
    parameters = {"InputTemplate": "<$.body.n>"}
    parameters["SqsQueueParameters"] = {"MessageGroupId": "$.body.who", "MessageDeduplicationId": "$.messageId"}
    works.pipe("line", source_arn, target_arn, TargetParameters=parameters)
    for n in range(12):
        works.send(source, {"who": "ab"[n % 2], "n": n}, MessageGroupId="ab"[n % 2])
    heard = works.heard(target, 12)
    for who in "ab":
        own = [int(one["Body"]) for one in heard if one["Attributes"]["MessageGroupId"] == who]
        assert own == list(range("ab".index(who), 12, 2))


def test_a_function_takes_a_batch_as_an_array_and_tells_what_it_failed_on(works, until):
    (source, source_arn), (dead, dead_arn) = works.queue("from", VisibilityTimeout="1"), works.queue("dead")
    policy = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 1})
    works.sqs.set_queue_attributes(QueueUrl=source, Attributes={"RedrivePolicy": policy})
    failing = "return {'batchItemFailures': [{'itemIdentifier': r['messageId']} for r in event if r['body'] == 'bad']}"
    arn = works.function("takes", failing)
    works.pipe("reported", source_arn, arn)
    works.send(source, "good", "bad")
    (letter,) = works.heard(dead)
    assert letter["Body"] == "bad" and until(lambda: works.left(source) == 0)


def test_a_function_that_is_told_and_not_waited_for(works, until):
    (source, source_arn), (told, _) = works.queue("from"), works.queue("told")
    code = f"import boto3, json; boto3.client('sqs').send_message(QueueUrl={told!r}, MessageBody=json.dumps(event))"
    arn = works.function("hears", code)
    parameters = {
        "LambdaFunctionParameters": {"InvocationType": "FIRE_AND_FORGET"},
        "InputTemplate": '{"n": <$.body.n>}',
    }
    works.pipe("forgotten", source_arn, arn, TargetParameters=parameters)
    works.send(source, {"n": 4})
    assert works.told(told) == [[{"n": 4}]] and until(lambda: works.left(source) == 0)


def test_a_function_enriches(works):
    (source, source_arn), (target, target_arn) = works.queue("from"), works.queue("to")
    arn = works.function("doubles", "return [{'n': one['n'] * 2, 'of': one['n']} for one in event if one['n']]")
    works.pipe(
        "rich", source_arn, target_arn, Enrichment=arn, EnrichmentParameters={"InputTemplate": '{"n": <$.body.n>}'},
        TargetParameters={"InputTemplate": '{"twice": <$.n>, "event": <aws.pipes.event>}'},
    )  # fmt: skip
    works.send(source, {"n": 0}, {"n": 21})
    assert works.told(target) == [{"twice": 42, "event": {"n": 42, "of": 21}}]


def test_events_reach_a_bus(works):
    (source, source_arn), (target, target_arn) = works.queue("from"), works.queue("to")
    events = works.aws("events")
    bus = events.create_event_bus(Name="town")["EventBusArn"]
    policy = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage",
              "Resource": target_arn}  # fmt: skip
    document = json.dumps({"Version": "2012-10-17", "Statement": [policy]})
    works.sqs.set_queue_attributes(QueueUrl=target, Attributes={"Policy": document})
    events.put_rule(Name="all", EventBusName="town", EventPattern=json.dumps({"account": [works.aws.account]}))
    events.put_targets(Rule="all", EventBusName="town", Targets=[{"Id": "1", "Arn": target_arn}])
    works.pipe("plain", source_arn, bus, TargetParameters={"InputTemplate": '{"n": <$.body.n>}'})
    works.send(source, {"n": 1})
    (told,) = works.told(target)
    assert (told["source"], told["detail-type"], told["detail"]) == ("Pipe plain", "Event from aws:sqs", {"n": 1})
    parameters = {"DetailType": "$.body.kind", "Source": "orders", "Resources": ["$.body.about"], "Time": "$.body.at"}
    works.pipes.update_pipe(
        Name="plain", RoleArn=works.role, TargetParameters={"EventBridgeEventBusParameters": parameters}
    )
    works.settled("plain")
    works.send(source, {"n": 2, "kind": "Made", "about": "arn:aws:x:::y", "at": "2024-01-02T03:04:05Z"})
    (told,) = works.told(target)
    assert (told["source"], told["detail-type"], told["resources"]) == ("orders", "Made", ["arn:aws:x:::y"])
    assert told["time"] == "2024-01-02T03:04:05Z" and told["detail"] == {"n": 2}


def test_a_message_that_is_nested_too_deeply_is_text(works):
    """It holds up nobody, whatever the pipe would look for in it."""
    filtering = {"FilterCriteria": {"Filters": [{"Pattern": '{"body": {"n": [1]}}'}]}}
    (source, source_arn), (target, target_arn) = works.queue("from"), works.queue("to")
    works.pipe(
        "p", source_arn, target_arn, SourceParameters=filtering,
        TargetParameters={"InputTemplate": '{"was": <$.body>}'},
    )  # fmt: skip
    works.send(source, "[" * 5_000 + "]" * 5_000, {"n": 1})
    assert [json.loads(one["Body"]) for one in works.heard(target)] == [{"was": {"n": 1}}]
