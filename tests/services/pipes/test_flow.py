"""What flows: events, what is told of them, and what answers say of them."""

import base64
import json

import pytest

from freehold.engines.templates import Unfit
from freehold.kernel import arns
from freehold.services.pipes.flow import events, inputs, letters, targets
from freehold.services.pipes.flow.failures import Failed
from freehold.services.pipes.flow.journal import LINE_MAX, Journal, _line, level_of
from freehold.services.pipes.flow.letters import Letter
from freehold.services.pipes.pipes import Pipe

QUEUE = arns.parse("arn:aws:sqs:us-east-1:111122223333:q")
NAMES = {"aws.pipes.pipe-name": "p"}


def message(body, id="m1"):
    return events.read({"messageId": id, "body": body}, "sqs")


def record(data: bytes):
    return events.read({"eventID": "s:1", "data": base64.b64encode(data).decode()}, "kinesis")


def letter(*told):
    shares = [inputs.told("", one, NAMES) for one in told]
    return Letter(QUEUE, {}, shares, "p", "sqs", 1_700_000_000.0)


def test_what_a_sender_wrote_is_looked_into():
    assert message('{"a": [1, 2]}').view["body"] == {"a": [1, 2]} and message("words").view["body"] == "words"
    assert message('{"a": 1}').value["body"] == '{"a": 1}'
    assert record(b'{"a": 1}').view["data"] == {"a": 1}
    assert record(b"\xff").view["data"] == base64.b64encode(b"\xff").decode()
    assert (message("x").id, record(b"x").id) == ("m1", "s:1")


@pytest.mark.parametrize("empty", [None, "", {}, []])
def test_an_enrichment_that_returns_nothing(empty):
    assert events.returned(empty) == []


def test_an_enrichment_that_returns_something():
    assert [one.value for one in events.returned({"a": 1})] == [{"a": 1}]
    assert [one.value for one in events.returned([{}])] == [{}]
    assert [one.id for one in events.returned([{"messageId": "m"}, {"eventID": "e"}, "text", {"messageId": 1}])] == [
        "m", "e", "", "",
    ]  # fmt: skip


def test_parameters_are_paths_as_a_whole():
    event = message('{"who": "me", "n": 1, "o": {"a": 1}}')
    given = {"a": "$.body.who", "b": ["$.body.n", "x $.body.n"], "c": "$.body.o", "d": "$.body.none", "e": 5}
    assert events.resolved(event, given) == {"a": "me", "b": ["1", "x $.body.n"], "c": '{"a":1}', "d": "", "e": 5}


def test_what_is_told():
    event = message('{"a": {"b": "c"}}')
    assert json.loads(inputs.told("", event, NAMES).text) == event.value
    assert inputs.told("<$.body.a.b>", event, NAMES)[1:] == ("c", '"c"')
    assert inputs.told("<$.body.a>", event, NAMES)[1:] == ('{"b":"c"}', '{"b":"c"}')
    assert inputs.told("of <aws.pipes.pipe-name>", event, NAMES)[1:] == ("of p", None)
    assert inputs.told('"of <aws.pipes.pipe-name>"', event, NAMES).json == '"of p"'
    with pytest.raises(Unfit):
        inputs.told("{<$.body.a.b>}", event, NAMES)


def test_a_text_is_no_element_of_an_array():
    share = inputs.told("of <$.messageId>", message("x"), NAMES)
    with pytest.raises(Failed, match="not valid JSON"):
        _ = letter()._replace(shares=[share]).array


def test_what_was_not_taken():
    two = letter(message("x", "a"), message("y", "b"))
    assert letters.failed_entries(two, {"Failed": [{"Id": "1"}]}) == {"b"}
    assert letters.failed_records("Records")(two, {"Records": [{"ErrorCode": "x"}, {}]}) == {"a"}
    assert letters.reported(two, {"batchItemFailures": [{"itemIdentifier": "a"}]}) == {"a"}
    for nothing in (None, "", {}, [], {"batchItemFailures": []}, {"batchItemFailures": None}, 5):
        assert letters.reported(two, nothing) == set()
    for wrong in ([{"itemIdentifier": "z"}], [{"itemIdentifier": ""}], [{}], [1]):
        with pytest.raises(Failed):
            letters.reported(two, {"batchItemFailures": wrong})


def test_of_events_without_ids_all_are_tried_again():
    with pytest.raises(Failed, match="partially"):
        letters.named(letter(events.returned({"a": 1})[0]), [0])


def test_moments_are_milliseconds_or_iso():
    assert targets._epoch("1700000000123") == 1_700_000_000.123
    assert targets._epoch("2023-11-14T22:13:20Z") == 1_700_000_000 and targets._epoch("x") == 0.0


def test_levels():
    assert [level_of(step) for step in ("ExecutionFailed", "ExecutionStarted", "TargetInvocationStarted")] == [
        "ERROR", "INFO", "TRACE",
    ]  # fmt: skip


def test_a_long_line_is_cut_short():
    line = _line({"messageType": "x", "payload": "p" * 200_000, "awsRequest": "q" * 200_000, "awsResponse": "r"})
    told = json.loads(line)
    assert len(line) <= LINE_MAX and told["truncatedFields"] == ["payload"] and told["awsResponse"] == "r"


def test_a_pipe_without_logs_notes_nothing():
    pipe = Pipe(name="p", id="1", members={}, desired="RUNNING", state="RUNNING", created_at=0.0, changed_at=0.0)
    journal = Journal(pipe, "arn", "1", lambda: 0.0)
    journal.note("ExecutionFailed", {"message": "x"}, payload=lambda: pytest.fail("asked for nothing"))
    assert journal.lines == []
