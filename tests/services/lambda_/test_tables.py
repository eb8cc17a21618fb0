"""Streams of tables that are read for functions: what the settings of a mapping do to them."""

import json

import pytest

from .test_streams import Stage

PICKY = """names = [one["dynamodb"]["Keys"]["pk"]["S"] for one in event["Records"]]
    assert not [name for name in names if name.startswith("bad")], names"""
REPORTING = """bad = [one for one in event["Records"] if one["dynamodb"]["Keys"]["pk"]["S"].startswith("bad")]
    return {"batchItemFailures": [{"itemIdentifier": one["dynamodb"]["SequenceNumber"]} for one in bad[:1]]}"""
COUNTING = 'return {"state": {"count": event["state"].get("count", 0) + len(event["Records"])}}'


class TableStage(Stage):
    """A stage whose stream is a table's."""

    def __init__(self, workshop):
        super().__init__(workshop)
        self.dynamodb = self.aws("dynamodb")
        self.arn = self.dynamodb.create_table(
            TableName="things", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )["TableDescription"]["LatestStreamArn"]  # fmt: skip

    def put(self, *names, **more):
        for name in names:
            self.dynamodb.put_item(TableName="things", Item={"pk": {"S": name}, **more})

    def batches(self, count):
        return [names(event) for event in self.events(count)]


def names(event):
    return [record["dynamodb"]["Keys"]["pk"]["S"] for record in event["Records"]]


@pytest.fixture
def stage(workshop):
    return TableStage(workshop)


@pytest.fixture
def own_stage(own_workshop):
    return TableStage(own_workshop)


def test_a_window_gathers_a_batch(stage):
    stage.map(BatchSize=3, MaximumBatchingWindowInSeconds=300)
    stage.put("1", "2", "3")
    assert stage.batches(1) == [["1", "2", "3"]]


def test_filters_choose_changes(stage):
    wanted = [
        {"eventName": ["MODIFY"], "dynamodb": {"NewImage": {"n": {"N": [{"numeric": [">", 5]}]}}}},
        {"dynamodb": {"Keys": {"pk": {"S": [{"prefix": "special"}]}}}},
    ]
    stage.map(FilterCriteria={"Filters": [{"Pattern": json.dumps(one)} for one in wanted]}, BatchSize=1)
    stage.put("a", n={"N": "9"})
    stage.put("a", n={"N": "1"})
    stage.put("special")
    assert stage.batches(1) == [["special"]]


def test_a_failing_batch_is_tried_again_and_given_up(stage):
    stage.put("bad", "good")
    stage.map(PICKY, MaximumRetryAttempts=1, DestinationConfig=stage.to_letters())
    assert stage.batches(2) == [["bad", "good"]] * 2
    letter = stage.letter()
    assert letter["requestContext"]["condition"] == "RetryAttemptsExhausted"
    told = letter["DDBStreamBatchInfo"]
    assert (told["batchSize"], told["streamArn"]) == (2, stage.arn)
    assert int(told["startSequenceNumber"]) < int(told["endSequenceNumber"])
    stage.put("next")
    assert stage.batches(1) == [["next"]]


def test_a_failing_batch_is_halved(stage):
    stage.put("1", "2", "bad", "4")
    stage.map(
        PICKY, BisectBatchOnFunctionError=True, MaximumRetryAttempts=0, DestinationConfig=stage.to_letters()
    )  # fmt: skip
    assert stage.batches(5) == [["1", "2", "bad", "4"], ["1", "2"], ["bad", "4"], ["bad"], ["4"]]
    assert stage.letter()["DDBStreamBatchInfo"]["batchSize"] == 1


def test_what_was_reported_as_done_is_not_tried_again(stage):
    stage.put("1", "2", "bad", "4")
    stage.map(
        REPORTING, FunctionResponseTypes=["ReportBatchItemFailures"], MaximumRetryAttempts=1,
        DestinationConfig=stage.to_letters(),
    )  # fmt: skip
    assert stage.batches(2) == [["1", "2", "bad", "4"], ["bad", "4"]]
    assert stage.letter()["DDBStreamBatchInfo"]["batchSize"] == 2


def test_lanes_keep_the_order_of_each_item(stage):
    for number in range(24):
        stage.put(f"key {number % 4}", n={"N": str(number)})
    stage.map(ParallelizationFactor=4, BatchSize=2)
    heard, count = {}, 0
    while count < 24:
        for event in stage.events(1):
            for record, name in zip(event["Records"], names(event), strict=True):
                heard.setdefault(name, []).append(int(record["dynamodb"]["NewImage"]["n"]["N"]))
                count += 1
    assert sorted(number for numbers in heard.values() for number in numbers) == list(range(24))
    assert all(numbers == sorted(numbers) for numbers in heard.values())


def test_a_window_remembers_until_it_is_over(own_stage):
    own_stage.map(COUNTING, TumblingWindowInSeconds=60, BatchSize=1)
    now = own_stage.aws.running.get("/_freehold/clock")["now"]
    own_stage.aws.advance(61 - now % 60)
    own_stage.put("1", "2")
    first, second = own_stage.events(2)
    assert (first["state"], second["state"]) == ({}, {"count": 1})
    own_stage.aws.advance(61)
    (last,) = own_stage.events(1)
    assert (last["Records"], last["state"], last["isFinalInvokeForWindow"]) == ([], {"count": 2}, True)


def test_an_item_that_expires_is_told_as_the_services_doing(own_stage):
    service = {"type": ["Service"], "principalId": ["dynamodb.amazonaws.com"]}
    filters = [{"Pattern": json.dumps({"userIdentity": service})}]
    own_stage.map(FilterCriteria={"Filters": filters})
    now = int(own_stage.aws.running.get("/_freehold/clock")["now"])
    own_stage.dynamodb.update_time_to_live(
        TableName="things", TimeToLiveSpecification={"Enabled": True, "AttributeName": "ends"}
    )
    own_stage.put("kept")
    own_stage.put("gone", ends={"N": str(now + 30)})
    own_stage.aws.advance(120)
    (event,) = own_stage.events(1)
    (record,) = event["Records"]
    assert record["userIdentity"] == {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
    assert (record["eventName"], names(event)) == ("REMOVE", ["gone"])
    assert record["dynamodb"]["OldImage"]["pk"] == {"S": "gone"}
