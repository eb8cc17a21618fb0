"""Events that were put reach those who want them, shaped as they want them, or a dead-letter queue."""

import json

SOLD = {"source": ["shop"], "detail-type": ["sold"]}


def test_an_event_reaches_the_targets_of_matching_rules(town):
    sold = town.hearer("sold", SOLD)
    dear = town.hearer("dear", {"detail": {"price": [{"numeric": [">", 100]}]}})
    id = town.put({"price": 50, "name": "ä"}, Resources=["arn:r"], Time=1_700_000_000)
    assert town.told(sold) == [
        {
            "version": "0",
            "id": id,
            "detail-type": "sold",
            "source": "shop",
            "account": town.aws.account,
            "time": "2023-11-14T22:13:20Z",
            "region": "us-east-1",
            "resources": ["arn:r"],
            "detail": {"price": 50, "name": "ä"},
        }
    ]
    town.put({"price": 500}, source="bank")
    assert [told["source"] for told in town.told(dear)] == ["bank"]
    assert town.heard(sold, wait=0) == []


def test_rules_that_are_changed_switched_off_or_removed(town):
    url = town.hearer("sold", SOLD)
    town.events.disable_rule(Name="sold")
    town.put({"n": 1})
    town.events.enable_rule(Name="sold")
    town.put({"n": 2})
    town.rule("sold", {"source": ["bank"]})
    town.put({"n": 3})
    town.put({"n": 4}, source="bank")
    assert [told["detail"]["n"] for told in town.told(url, 2)] == [2, 4]
    town.events.remove_targets(Rule="sold", Ids=["q"])
    town.events.delete_rule(Name="sold")
    town.put({"n": 5}, source="bank")
    assert town.heard(url, wait=0) == []


def test_entries_that_are_not_events(town):
    whole = {"Source": "shop", "DetailType": "sold", "Detail": "{}"}
    entries = [
        {name: value for name, value in whole.items() if name != "Source"},
        {name: value for name, value in whole.items() if name != "DetailType"},
        {name: value for name, value in whole.items() if name != "Detail"},
        *(whole | {"Detail": text} for text in ("[]", "text", '"text"', '{"a": ')),
        whole | {"Source": "aws.shop"},
        whole | {"EventBusName": "none"},
        whole,
    ]
    answer = town.events.put_events(Entries=entries)
    assert answer["FailedEntryCount"] == 8
    codes = [one.get("ErrorCode") for one in answer["Entries"]]
    required, malformed = ["InvalidArgument"] * 3, ["MalformedDetail"] * 4
    assert codes == [*required, *malformed, "NotAuthorizedForSourceException", None, None]
    told = answer["Entries"][0]["ErrorMessage"]
    assert told == "Parameter Source is not valid. Reason: Source is a required argument."


def test_entries_may_be_ten_and_256_kilobytes(town, refused):
    entry = {"Source": "shop", "DetailType": "sold", "Detail": "{}"}
    told = "source=shop, resources=null, detailType=sold, detail={}, eventBusName=null, traceHeader=null"
    with refused("ValidationException", f"Value '[PutEventsRequestEntry(time=null, {told}"):
        town.events.put_events(Entries=[entry] * 11)
    with refused("ValidationException", "Member must have length less than or equal to 10"):
        town.events.put_events(Entries=[entry] * 11)
    fits = {"Source": "s", "DetailType": "d", "Detail": json.dumps({"a": "x" * (262_144 - 2 - 9)})}
    assert town.events.put_events(Entries=[fits])["FailedEntryCount"] == 0
    with refused("ValidationException", "Total size of the entries in the request is over the limit."):
        town.events.put_events(Entries=[fits | {"Source": "ss"}])


def test_what_targets_are_told(town):
    shapes = {
        "input": {"Input": '{"fixed": 1}'},
        "path": {"InputPath": "$.detail.inner"},
        "text": {"InputPath": "$.detail.inner.name"},
        "none": {"InputPath": "$.detail.none"},
        "template": {
            "InputTransformer": {
                "InputPathsMap": {"name": "$.detail.inner.name", "kind": "$.detail-type"},
                "InputTemplate": '{"rule": <aws.events.rule-name>, "name": "<name>!", "kind": <kind>, '
                '"of": "<aws.events.rule-arn>", "all": <aws.events.event.json>}',
            }
        },
    }
    urls = {name: town.hearer(name, SOLD, **members) for name, members in shapes.items()}
    town.put({"inner": {"name": "hat"}})
    told = {name: town.told(url)[0] for name, url in urls.items()}
    assert told["input"] == {"fixed": 1} and told["path"] == {"name": "hat"}
    assert (told["text"], told["none"]) == ("hat", None)
    filled = told["template"]
    assert (filled["rule"], filled["name"], filled["kind"]) == ("template", "hat!", "sold")
    assert filled["of"] == f"arn:aws:events:us-east-1:{town.aws.account}:rule/template"
    assert filled["all"]["detail"] == {"inner": {"name": "hat"}}


def test_what_cannot_be_told_lies_in_the_dead_letter_queue(town):
    dead, dead_arn = town.queue("dead")
    _, closed = town.queue("closed", policy=False)
    gone = f"arn:aws:sqs:us-east-1:{town.aws.account}:gone"
    unfit = {"InputTransformer": {"InputPathsMap": {"d": "$.detail"}, "InputTemplate": '{"a": "<d>"}'}}
    config = {"DeadLetterConfig": {"Arn": dead_arn}}
    arn = town.rule(
        "sold", SOLD, {"Id": "1", "Arn": closed, **config}, {"Id": "2", "Arn": gone, **config},
        {"Id": "3", "Arn": dead_arn, **unfit, **config},
    )  # fmt: skip
    id = town.put({"a": 1})
    found = {}
    for message in town.heard(dead, 3):
        assert json.loads(message["Body"])["id"] == id
        told = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
        assert told["RULE_ARN"] == arn and told["ERROR_MESSAGE"]
        found[told["TARGET_ARN"]] = told["ERROR_CODE"]
    assert found == {closed: "NO_PERMISSIONS", gone: "NO_RESOURCE", dead_arn: "INVALID_JSON"}


def test_a_fifo_queue_gets_its_group(town):
    url, arn = town.queue("line.fifo")
    failed = town.rule("sold", SOLD) and town.events.put_targets(Rule="sold", Targets=[{"Id": "1", "Arn": arn}])
    assert failed["FailedEntries"][0]["ErrorMessage"] == "Parameter(s) SqsParameters must be specified for target: 1."
    town.events.put_targets(Rule="sold", Targets=[{"Id": "1", "Arn": arn, "SqsParameters": {"MessageGroupId": "g"}}])
    town.put()
    assert town.heard(url)[0]["Attributes"]["MessageGroupId"] == "g"


def test_topics_functions_machines_streams_and_logs(town, aws):
    """Each kind of target, told once. A queue stands behind the topic; the function's asynchronous call is taken."""
    sns, logs, kinesis, states = aws("sns"), aws("logs"), aws("kinesis"), aws("stepfunctions")
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    role = aws.role("teller", "events.amazonaws.com", allow)
    topic = sns.create_topic(Name="news")["TopicArn"]
    statement = allow | {"Principal": {"Service": "events.amazonaws.com"}, "Action": "sns:Publish", "Resource": topic}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    url, queue = town.queue("behind")
    open_to_all = allow | {"Principal": "*", "Resource": queue}
    town.sqs.set_queue_attributes(
        QueueUrl=url, Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [open_to_all]})}
    )
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes={"RawMessageDelivery": "true"})
    machine = states.create_state_machine(
        name="m", roleArn=aws.role("runner", "states.amazonaws.com"),
        definition=json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}),
    )["stateMachineArn"]  # fmt: skip
    kinesis.create_stream(StreamName="s", ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(StreamName="s", WaiterConfig={"Delay": 1})
    stream = f"arn:aws:kinesis:us-east-1:{aws.account}:stream/s"
    logs.create_log_group(logGroupName="/aws/events/sold")
    logs.put_resource_policy(
        policyName="p",
        policyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "events.amazonaws.com"},
                        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                        "Resource": f"arn:aws:logs:us-east-1:{aws.account}:log-group:/aws/events/*:*",
                    }
                ],
            }
        ),
    )
    town.rule(
        "sold", SOLD, {"Id": "1", "Arn": topic}, {"Id": "2", "Arn": machine, "RoleArn": role},
        {"Id": "3", "Arn": stream, "RoleArn": role, "KinesisParameters": {"PartitionKeyPath": "$.detail.key"}},
        {"Id": "4", "Arn": f"arn:aws:logs:us-east-1:{aws.account}:log-group:/aws/events/sold"},
    )  # fmt: skip
    id = town.put({"key": "k"})
    assert town.told(url)[0]["id"] == id
    while not (found := states.list_executions(stateMachineArn=machine)["executions"]):
        pass
    assert found[0]["name"].startswith(id)
    shard = kinesis.list_shards(StreamName="s")["Shards"][0]["ShardId"]
    iterator = kinesis.get_shard_iterator(StreamName="s", ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    while not (records := kinesis.get_records(ShardIterator=iterator["ShardIterator"])["Records"]):
        pass
    assert (records[0]["PartitionKey"], json.loads(records[0]["Data"])["id"]) == ("k", id)
    while not (lines := logs.filter_log_events(logGroupName="/aws/events/sold")["events"]):
        pass
    assert json.loads(lines[0]["message"])["id"] == id


def test_log_groups_ask_for_a_resource_policy(town, aws):
    dead, dead_arn = town.queue("dead")
    aws("logs").create_log_group(logGroupName="/aws/events/closed")
    arn = f"arn:aws:logs:us-east-1:{aws.account}:log-group:/aws/events/closed"
    town.rule("sold", SOLD, {"Id": "1", "Arn": arn, "DeadLetterConfig": {"Arn": dead_arn}})
    town.put()
    assert town.heard(dead)[0]["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "NO_PERMISSIONS"


def test_an_event_that_is_nested_too_deeply_is_refused_alone(town):
    url = town.hearer("sold", {"source": ["shop"]})
    deep = '{"a":' * 1_000 + "1" + "}" * 1_000
    entries = [{"Source": "shop", "DetailType": "d", "Detail": detail} for detail in (deep, "{}")]
    refused, taken = town.events.put_events(Entries=entries)["Entries"]
    assert refused["ErrorCode"] == "MalformedDetail" and taken["EventId"]
    assert [told["detail"] for told in town.told(url)] == [{}]


def test_the_cloud_s_log_says_why_a_target_was_not_told(town, caplog):
    """Also of a rule without a dead-letter queue, whose events are gone."""
    dead, dead_arn = town.queue("dead")
    _, shut = town.queue("shut", policy=False)
    rule = town.rule("r", {"source": ["shop"]}, {"Id": "q", "Arn": shut, "DeadLetterConfig": {"Arn": dead_arn}})
    town.put()
    assert town.heard(dead)
    assert [line for line in caplog.messages if line.startswith(f"{rule} did not tell {shut}: ") and "policy" in line]
