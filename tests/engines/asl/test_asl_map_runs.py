"""Distributed Map states: what they ask for, what their answers do, and the helpers of whoever carries them out."""

import gzip
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from freehold.engines import asl
from freehold.engines.asl import maps

RUN = "arn:aws:states:eu-west-1:123456789012:mapRun:m/L:0b5f"


def distributed(*, inner: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "I",
        "States": {"I": inner or {"Type": "Pass", "End": True}},
    }
    return {"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": processor, "End": True, **fields}}}


def asked(start: Callable[..., Any], definition: Any, input: Any = None) -> asl.RunMap:
    (command,) = start(definition, input).maps
    return command


def test_children_run_and_their_outputs_come_back_in_order(play: Callable[..., Any]) -> None:
    world = play(distributed(), ["a", "b"])
    assert world.output == ["a", "b"]
    assert world.types() == [
        *["ExecutionStarted", "MapStateEntered", "MapStateStarted", "MapRunStarted", "MapRunSucceeded"],
        *["MapStateSucceeded", "MapStateExited", "ExecutionSucceeded"],
    ]
    assert world.previous() == [0, 0, 2, 3, 4, 5, 5, 7]
    assert world.history[2]["mapStateStartedEventDetails"] == {"length": 2}
    assert "mapRunArn" in world.history[3]["mapRunStartedEventDetails"]


def test_in_machines_with_variables_the_exit_follows_the_run_s_beginning(play: Callable[..., Any]) -> None:
    world = play(distributed(Assign={"x": 1}), ["a"])
    assert world.previous() == [0, 0, 2, 3, 4, 5, 4, 7]


def test_the_command_has_all_that_the_definition_says(start: Callable[..., Any]) -> None:
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "Parameters": {"Bucket.$": "$.bucket", "Key": "k"},
        "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["a"], "MaxItemsPath": "$.n"},
    }
    definition = distributed(
        ItemReader=reader,
        ItemBatcher={"MaxItemsPerBatchPath": "$.n", "MaxInputBytesPerBatch": 10, "BatchInput": {"b.$": "$.bucket"}},
        ResultWriter={"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "r", "Prefix": "p"}},
        MaxConcurrencyPath="$.n",
        ToleratedFailureCount=1,
        ToleratedFailurePercentagePath="$.n",
        Label="L",
    )
    world = start(definition, {"bucket": "B", "n": "7"})
    (command,) = world.maps
    assert world.history[2]["mapStateStartedEventDetails"] == {"length": 0}
    assert command.reader == asl.Reader(
        resource="arn:aws:states:::s3:getObject",
        parameters='{"Bucket":"B","Key":"k"}',
        input_type="CSV",
        header_location="GIVEN",
        headers=("a",),
        items_max=7,
    )
    assert command.batcher == asl.Batcher(items_max=7, bytes_max=10, input='{"b":"B"}')
    assert command.writer == asl.Writer("arn:aws:states:::s3:putObject", '{"Bucket":"r","Prefix":"p"}')
    assert (command.concurrency, command.failures_max, command.failures_percent_max) == (7, 1, 7)
    assert (command.label, command.execution_type, command.processor) == ("L", "STANDARD", "/States/M/ItemProcessor")
    assert command.items is None
    assert msgspec.json.decode(msgspec.json.encode(command), type=asl.Command) == command


BROKEN = [
    ({"ItemsPath": "$.no"}, 2, "Invalid path '$.no' : No results for path: $['no']"),
    ({"ToleratedFailureCountPath": "$.word"}, 3, 'field refers to value "w" which is not a valid integer: $.word'),
    ({"ToleratedFailurePercentagePath": "$.large"}, 3, "ToleratedFailurePercentage must be between 0 and 100."),
    ({"ToleratedFailureCountPath": "$.small"}, 3, "ToleratedFailureCount cannot be negative."),
    ({"MaxConcurrencyPath": "$.half"}, 2, 'MaxConcurrencyPath field refers to value "1.5" which is not a valid'),
]


@pytest.mark.parametrize(("fields", "events", "words"), BROKEN)
def test_what_cannot_be_asked_for(play: Callable[..., Any], fields: dict[str, Any], events: int, words: str) -> None:
    world = play(
        distributed(**{"ItemsPath": "$.i", **fields}), {"i": [1], "word": "w", "large": 100.1, "small": -1, "half": 1.5}
    )
    error, cause = world.failure
    assert (error, len(world.history)) == ("States.Runtime", events + 1)
    assert words in cause


def test_a_run_that_fails_can_be_tried_again_and_caught(start: Callable[..., Any]) -> None:
    definition = distributed(
        Retry=[{"ErrorEquals": ["States.ItemReaderFailed"], "MaxAttempts": 1}],
        Catch=[{"ErrorEquals": ["States.ALL"], "Next": "C"}],
    )
    definition["States"]["C"] = {"Type": "Pass", "End": True}
    world = start(definition, [1])
    for _ in range(2):
        world.send(asl.MapRunStarted(world.maps[-1].id, RUN))
        world.send(asl.MapRunFailed(world.maps.pop().id, "States.ItemReaderFailed", "why"))
        if world.alarms:
            world.ring()
    assert world.output == {"Error": "States.ItemReaderFailed", "Cause": "why"}
    assert world.types()[3:] == [
        *["MapRunStarted", "MapRunFailed", "MapStateStarted", "MapRunStarted", "MapRunFailed", "MapStateFailed"],
        *["MapStateExited", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"],
    ]


def test_answers_to_an_earlier_run_change_nothing(start: Callable[..., Any]) -> None:
    world = start(distributed(), [1])
    assert not world.send(asl.MapRunSucceeded("0#9", "[]")).events
    assert not world.send(asl.TaskSucceeded(world.maps[0].id, "[]")).events


def test_stopping_cancels_the_run(start: Callable[..., Any]) -> None:
    world = start(distributed(), [1])
    command = world.maps[0]
    assert asl.Cancel(command.id) in world.send(asl.Stop()).commands


def test_the_selector_sees_the_item_its_index_and_its_source(start: Callable[..., Any]) -> None:
    selector = {"v.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index", "s.$": "$$.Map.Item.Source", "b.$": "$.b"}
    world = start(distributed(ItemsPath="$.i", ItemSelector=selector), {"i": ["x", "y"], "b": 1})
    children = [msgspec.json.decode(child.input) for child in world.inputs(world.maps[0])]
    assert children == [{"v": word, "i": at, "s": "STATE_DATA", "b": 1} for at, word in enumerate("xy")]


# Batches


def batches(start: Callable[..., Any], batcher: dict[str, Any], items: list[Any]) -> list[tuple[Any, int]]:
    world = start(distributed(ItemBatcher=batcher), items)
    return [(msgspec.json.decode(child.input), child.items) for child in world.inputs(world.maps[0])]


def test_batches_by_count(start: Callable[..., Any]) -> None:
    found = batches(start, {"MaxItemsPerBatch": 2, "BatchInput": {"x": 1}}, [1, 2, 3])
    assert found == [({"BatchInput": {"x": 1}, "Items": [1, 2]}, 2), ({"BatchInput": {"x": 1}, "Items": [3]}, 1)]


def test_batches_by_bytes(start: Callable[..., Any]) -> None:
    limit = len('{"Items":["é","é"]}'.encode())
    assert [items for _, items in batches(start, {"MaxInputBytesPerBatch": limit}, ["é"] * 5)] == [2, 2, 1]
    with pytest.raises(asl.Failure, match="exceeds the limit of 9 bytes"):
        batches(start, {"MaxInputBytesPerBatch": 9}, ["é"])


# Readers


def read(text: str, **config: Any) -> list[Any]:
    return list(maps.read(text, asl.Reader("arn:aws:states:::s3:getObject", "{}", **config)))


CSV = "Col1,Col2,Col3\na,b,c\n,,,\ntrue,1,'x'\nNull,None,\n   \n"
ROWS = [("a", "b", "c"), ("", "", ""), ("true", "1", "'x'"), ("Null", "None", ""), ("   ", "", "")]
COLUMNS = ("Col1", "Col2", "Col3")
READ = [
    (CSV, {"input_type": "CSV", "header_location": "FIRST_ROW"}, [dict(zip(COLUMNS, row)) for row in ROWS]),
    ("a|b\n", {"input_type": "CSV", "header_location": "GIVEN", "headers": ("x",), "delimiter": "PIPE"}, [{"x": "a"}]),
    ('a\n"x\n""y"""\n', {"input_type": "CSV", "header_location": "FIRST_ROW"}, [{"a": 'x\n"y"'}]),
    ("a,\nb,c", {"input_type": "CSV", "header_location": "FIRST_ROW"}, [{"a": "b", "": "c"}]),
    ("[1, 2, 3]", {"input_type": "JSON", "items_max": 2}, [1, 2]),
    ('{"a": {"b/c": [1]}}', {"input_type": "JSON", "items_pointer": "/a/b~1c"}, [1]),
    ('{"a": 1}\n\n{"a": 2}\n', {"input_type": "JSONL"}, [{"a": 1}, {"a": 2}]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "config", "items"), READ)
def test_files_are_read(text: str, config: dict[str, Any], items: list[Any]) -> None:
    assert read(text, **config) == items


UNREADABLE = [
    ('{"Hello": "world"}', {"input_type": "JSON"}, "Attempting to map over non-iterable node."),
    ("no", {"input_type": "JSON"}, "no valid JSON"),
    ("{}", {"input_type": "JSON", "items_pointer": "/a"}, "The ItemsPointer /a leads nowhere."),
    ("a,a\n1,2", {"input_type": "CSV", "header_location": "FIRST_ROW"}, "CSV headers cannot contain duplicates."),
    ("[]", {"input_type": "JSON", "items_max": -1}, "field MaxItems must be positive"),
    ("", {"input_type": "PARQUET"}, "The InputType PARQUET cannot be read"),
]


@pytest.mark.parametrize(("text", "config", "words"), UNREADABLE)
def test_files_that_cannot_be_read(text: str, config: dict[str, Any], words: str) -> None:
    with pytest.raises(asl.Failure, match=words) as failed:
        read(text, **config)
    assert failed.value.error == "States.ItemReaderFailed"


def test_reading_is_lazy() -> None:
    def lines() -> Iterator[str]:
        yield "a"
        raise AssertionError("read too far")

    rows = maps.rows(([line] for line in lines()), ["h"])
    assert next(rows) == {"h": "a"}


def test_an_inventory_names_files_and_columns() -> None:
    inventory = {
        "destinationBucket": "arn:aws:s3:::there",
        "fileFormat": "CSV",
        "fileSchema": "Bucket, Key",
        "files": [{"key": "data/1.csv.gz"}],
    }
    reader = asl.Reader("arn:aws:states:::s3:getObject", "{}", input_type="MANIFEST")
    (part,) = maps.parts(msgspec.json.encode(inventory).decode(), reader)
    assert (part.bucket, part.key, part.gzipped) == ("there", "data/1.csv.gz", True)
    text = gzip.decompress(gzip.compress(b'"b","k"\n')).decode()
    assert list(maps.read(text, part.reader)) == [{"Bucket": "b", "Key": "k"}]


def test_an_athena_manifest_names_files() -> None:
    reader = asl.Reader("r", "{}", input_type="JSONL", manifest_type="ATHENA_DATA")
    assert [(part.bucket, part.key) for part in maps.parts("s3://b/k/1\ns3://b/k/2.gz\n", reader)] == [
        ("b", "k/1"),
        ("b", "k/2.gz"),
    ]


def test_a_list_of_objects_is_its_items() -> None:
    one = {"ETag": '"e"', "Key": "k", "LastModified": 1.0, "Size": 2}
    assert list(maps.listed([one])) == [
        {"Etag": '"e"', "Key": "k", "LastModified": 1.0, "Size": 2, "StorageClass": "STANDARD"}
    ]


# Results

OUTCOMES = [
    maps.Outcome("SUCCEEDED", "[1,2]", {"executionArn": "a", "status": "SUCCEEDED", "output": "[1,2]", "startDate": 0}),
    maps.Outcome("FAILED", None, {"executionArn": "b", "status": "FAILED", "inputDetails": {"included": True}}),
    maps.Outcome("SUCCEEDED", "3", {"executionArn": "c", "status": "SUCCEEDED"}),
    maps.Outcome("", None, {"executionArn": "d"}),
]  # fmt: skip


def writing(start: Callable[..., Any], **config: str) -> asl.RunMap:
    return asked(start, distributed(ResultWriter={"WriterConfig": config}), [1])


def test_outputs_without_files(start: Callable[..., Any]) -> None:
    def output(**config: str) -> Any:
        command = writing(start, **config) if config else asked(start, distributed(), [1])
        return msgspec.json.decode(maps.output(command, OUTCOMES))

    assert output() == [[1, 2], 3]
    assert output(Transformation="FLATTEN") == [1, 2, 3]
    assert output(Transformation="NONE")[0] == {
        "ExecutionArn": "a",
        "Output": "[1,2]",
        "StartDate": "1970-01-01T00:00:00.000Z",
        "Status": "SUCCEEDED",
    }
    assert output(Transformation="FLATTEN", OutputType="JSONL") == "1\n2\n3"


def test_files_and_their_manifest(start: Callable[..., Any]) -> None:
    where = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "r", "Prefix": "jobs/"}}
    command = asked(start, distributed(ResultWriter=where), [1])
    written = maps.files(command, RUN, OUTCOMES)
    assert [file.key for file in written] == [f"jobs/0b5f/{kind}_0.json" for kind in ("FAILED", "PENDING", "SUCCEEDED")]
    assert msgspec.json.decode(written[0].text)[0]["InputDetails"] == {"Included": True}
    file, output = maps.manifest(command, RUN, written)
    assert file.key == "jobs/0b5f/manifest.json"
    told = msgspec.json.decode(file.text)
    assert (told["DestinationBucket"], told["MapRunArn"]) == ("r", RUN)
    assert told["ResultFiles"]["SUCCEEDED"] == [{"Key": written[2].key, "Size": len(written[2].text)}]
    details = {"Bucket": "r", "Key": "jobs/0b5f/manifest.json"}
    assert msgspec.json.decode(output) == {"MapRunArn": RUN, "ResultWriterDetails": details}


TOLERANCE = [(None, None, 1, 9, True), (1, None, 1, 9, False), (1, None, 2, 9, True), (None, 50, 2, 4, False),
             (None, 50, 3, 4, True), (5, 10, 2, 10, True), (0, 100, 1, 10, True)]  # fmt: skip


@pytest.mark.parametrize(("count", "percent", "failed", "total", "expected"), TOLERANCE)
def test_tolerance(
    start: Callable[..., Any], count: Any, percent: Any, failed: int, total: int, expected: bool
) -> None:
    limits = {"ToleratedFailureCount": count, "ToleratedFailurePercentage": percent}
    command = asked(start, distributed(**{name: limit for name, limit in limits.items() if limit is not None}), [1])
    assert maps.exceeded(command, failed, total) is expected
    assert not maps.exceeded(command, 0, total)


REFUSED = [
    ({"Label": ""}, "Label cannot be empty at /States/M/Label"),
    ({"Label": "x" * 41}, "Label cannot exceed 40 characters at /States/M/Label"),
    ({"Label": "a*"}, "Label contains invalid character: '*' at /States/M/Label"),
    (
        {"ItemReader": {"Resource": "arn:aws:states:::s3:putObject"}},
        "The resource provided arn:aws:states:::s3:putObject is not recognized. The value is not a valid resource ARN, "
        "or the resource is not available in this region. at /States/M/ItemReader/Resource",
    ),
    ({"ItemReader": {}}, "These fields are required: [Resource] at /States/M/ItemReader"),
    ({"ItemBatcher": {"Size": 1}}, "Field 'Size' is not supported at /States/M/ItemBatcher"),
    (
        {"ResultWriter": {"WriterConfig": {"OutputType": "CSV"}}},
        "The field 'OutputType' should have one of these values: [JSON, JSONL] at "
        "/States/M/ResultWriter/WriterConfig/OutputType",
    ),
]


@pytest.mark.parametrize(("fields", "words"), REFUSED)
def test_definitions_that_are_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(asl.InvalidDefinition) as refused:
        asl.compile(distributed(**fields))
    assert words in "\n".join(map(str, refused.value.problems))


def test_members_of_rows_are_ordered_as_aws_has_them():
    row = next(maps.read("0,True,{}\n1,2,3\n", asl.Reader("", "{}", "CSV", header_location="FIRST_ROW")))
    assert list(row.items()) == [("0", "1"), ("{}", "3"), ("True", "2")]
