"""Targets and enrichments: how each kind is asked.

One idea: a kind is a function from a letter to an operation of a service; those that take several events are given them
by their batch operations, even one alone. It may not know who acts.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-target.html
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from freehold.engines.addresses import log_group, queue_url
from freehold.services.pipes.flow.events import resolved
from freehold.services.pipes.flow.failures import Failed
from freehold.services.pipes.flow.letters import (
    CUSTOMER,
    Answer,
    Asked,
    Letter,
    decoded,
    failed_entries,
    failed_records,
    reported,
)

LATER = "FIRE_AND_FORGET"
SUCCEEDED = "SUCCEEDED"
SOURCE, DETAIL_TYPE = "Pipe {pipe}", "Event from aws:{source}"


def _function(letter: Letter) -> Asked:
    later = letter.parameters.get("InvocationType") == LATER
    request = {"FunctionName": letter.arn, "Payload": letter.array.encode()}
    if later:
        return Asked("lambda", "Invoke", {**request, "InvocationType": "Event"})
    return Asked("lambda", "Invoke", request, lambda letter, answer: reported(letter, function_output(letter, answer)))


def function_output(letter: Letter, answer: Answer) -> Any:
    """What a function returned. Raises Failed for one that failed."""
    if answer.get("FunctionError"):
        raise Failed(CUSTOMER.format(arn=letter.arn), letter.arn, answer["StatusCode"])
    return decoded(answer.get("Payload") or b"")


def _machine(letter: Letter) -> Asked:
    request = {"stateMachineArn": letter.arn, "input": letter.array}
    if letter.parameters.get("InvocationType") == LATER:
        return Asked("states", "StartExecution", request)
    return Asked(
        "states", "StartSyncExecution", request, lambda letter, answer: reported(letter, machine_output(letter, answer))
    )


def machine_output(letter: Letter, answer: Answer) -> Any:
    """What an Express workflow ended with. Raises Failed for one that did not succeed."""
    if answer["status"] != SUCCEEDED:
        raise Failed(CUSTOMER.format(arn=letter.arn), letter.arn, 200)
    return decoded(answer.get("output") or "")


def _queue(letter: Letter) -> Asked:
    entries = [
        {"Id": str(place), "MessageBody": share.text, **resolved(share.event, letter.parameters)}
        for place, share in enumerate(letter.shares)
    ]
    request = {"QueueUrl": queue_url(letter.arn), "Entries": entries}
    return Asked("sqs", "SendMessageBatch", request, failed_entries)


def _topic(letter: Letter) -> Asked:
    entries = [{"Id": str(place), "Message": share.text} for place, share in enumerate(letter.shares)]
    request = {"TopicArn": letter.arn, "PublishBatchRequestEntries": entries}
    return Asked("sns", "PublishBatch", request, failed_entries)


def _stream(letter: Letter) -> Asked:
    records = [
        {"Data": share.text.encode(), "PartitionKey": resolved(share.event, letter.parameters["PartitionKey"])}
        for share in letter.shares
    ]
    return Asked("kinesis", "PutRecords", {"StreamARN": letter.arn, "Records": records}, failed_records("Records"))


def _bus(letter: Letter) -> Asked:
    fixed = {
        "Source": SOURCE.format(pipe=letter.pipe),
        "DetailType": DETAIL_TYPE.format(source=letter.source),
        "EventBusName": letter.arn,
    }
    own = {name: value for name, value in letter.parameters.items() if name != "EndpointId"}
    entries = []
    for share in letter.shares:
        given = resolved(share.event, own)
        time = {"Time": _epoch(given["Time"])} if given.get("Time") else {}
        entries.append(fixed | given | time | {"Detail": letter.json(share)})
    endpoint = {name: letter.parameters[name] for name in ("EndpointId",) if name in letter.parameters}
    return Asked("events", "PutEvents", {"Entries": entries, **endpoint}, failed_records("Entries"))


def _epoch(text: str) -> float:
    """A moment that is told in epoch milliseconds or as ISO 8601, in epoch seconds; 0 for what is none."""
    try:
        return float(text) / 1_000
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return 0.0


def _log(letter: Letter) -> Asked:
    """Into the stream that is told, or that of the pipe's name; the first event's says which where it is a path."""
    stream = resolved(letter.shares[0].event, letter.parameters.get("LogStreamName", letter.pipe)) or letter.pipe
    where = {"logGroupName": log_group(letter.arn), "logStreamName": stream}
    told = letter.parameters.get("Timestamp")
    lines: list[dict[str, Any]] = [
        {
            "timestamp": int((_epoch(resolved(share.event, told)) if told else letter.now) * 1_000),
            "message": share.text,
        }
        for share in letter.shares
    ]
    lines.sort(key=lambda line: line["timestamp"])
    return Asked("logs", "PutLogEvents", {**where, "logEvents": lines}, making=("CreateLogStream", where))


def _http(letter: Letter, operation: str) -> Asked:
    (share,) = letter.shares
    http = resolved(share.event, letter.parameters)
    return Asked("events", operation, {"resource": letter.place.resource, "text": share.text, "http": http})


ASKED: Mapping[str, Callable[[Letter], Asked]] = {
    "lambda": _function,
    "states": _machine,
    "sqs": _queue,
    "sns": _topic,
    "kinesis": _stream,
    "event-bus": _bus,
    "logs": _log,
    "api-destination": lambda letter: _http(letter, "call_destination"),
    "execute-api": lambda letter: _http(letter, "call_api"),
}
OUTPUTS: Mapping[str, Callable[[Letter, Answer], Any]] = {
    "lambda": function_output,
    "states": machine_output,
    "api-destination": lambda letter, answer: decoded(answer["body"]),
    "execute-api": lambda letter, answer: decoded(answer["body"]),
}
"""What an enrichment of each kind answered. Raises Failed."""
