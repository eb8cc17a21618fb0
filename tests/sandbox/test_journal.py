"""What the log of an environment holds, in both formats and at each level."""

import json
import re
from typing import Any

import pytest

from freehold.sandbox import Result, Sandbox
from freehold.sandbox.journal import Journal
from freehold.sandbox.platform import EVENT_LEVELS, LEVELS, TEXTS, level_of, stamp
from freehold.sandbox.relay import Relay

from .workshop import Workshop, said

XRAY = "Root=1-5e34a46a-591fa412745094b2b7a00000;Parent=4988aa190a003a00;Sampled=1"


def journal(workshop: Workshop, **fields: Any) -> Journal:
    """A journal that nobody else reads, at a moment of its own."""

    async def dial(port: int) -> Any:
        raise OSError

    relay = Relay(dial, lambda: "")
    relay.settle()
    return Journal(workshop.python("", **fields), relay, lambda: 12.3456)


def exact(result: Result) -> list[str]:
    return [text for _, text in result.log]


def test_a_journal_stamps_and_hands_over_once(workshop: Workshop) -> None:
    entries = journal(workshop)
    entries.write("a\n")
    assert entries.take() == [(12345, "a\n")]
    assert entries.take() == []


def test_lines_are_exactly_those_of_aws(workshop: Workshop) -> None:
    source = "import sys\nprint = lambda text: sys.__stdout__.write(text + chr(10)) and sys.__stdout__.flush()\n"
    spec = workshop.python(source + "def handler(event, context): print('hello')")

    async def scene(box: Sandbox) -> list[Result]:
        return [await box.invoke(spec, b"1", request_id=id, trace_id=trace) for id, trace in (("a", ""), ("b", XRAY))]

    cold, warm = workshop.play(scene)
    figures = r"Duration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\tMax Memory Used: \d+ MB"
    assert exact(cold)[:3] == ["START RequestId: a Version: $LATEST\n", "hello\n", "END RequestId: a\n"]
    assert re.fullmatch(rf"REPORT RequestId: a\t{figures}\tInit Duration: [\d.]+ ms\t\n", exact(cold)[3])
    trace, segment = "1-5e34a46a-591fa412745094b2b7a00000", "4988aa190a003a00"
    line = rf"REPORT RequestId: b\t{figures}\t\nXRAY TraceId: {trace}\tSegmentId: {segment}\tSampled: true\t\n"
    assert re.fullmatch(line, exact(warm)[3])


def test_init_is_billed_where_a_request_waited_for_it(workshop: Workshop) -> None:
    demand = workshop.python("def handler(e, c): pass")
    ahead = workshop.python("def handler(e, c): pass", initialization="provisioned-concurrency")

    async def scene(box: Sandbox) -> None:
        cold = await box.invoke(demand, b"1", request_id="r")
        assert cold.init_ms and 0 <= cold.billed_ms - (cold.duration_ms + cold.init_ms) < 1
        warm = await box.invoke(demand, b"1", request_id="r")
        assert warm.init_ms is None and 0 <= warm.billed_ms - warm.duration_ms < 1
        await box.warm(ahead)
        first = await box.invoke(ahead, b"1", request_id="r")
        assert first.init_ms and 0 <= first.billed_ms - first.duration_ms < 1

    workshop.play(scene)


def test_a_log_in_json(workshop: Workshop) -> None:
    source = "def handler(event, context):\n    if event: raise SystemExit(3)"
    spec = workshop.python(
        source, log_format="JSON", system_level="DEBUG", runtime_version="v", runtime_version_arn="a"
    )

    async def scene(box: Sandbox) -> list[Result]:
        return [await box.invoke(spec, event, request_id="r") for event in (b"0", b"1")]

    well, ill = workshop.play(scene)
    events = [json.loads(text) for text in exact(well)]
    kinds = ["initStart", "initRuntimeDone", "initReport", "start", "runtimeDone", "report"]
    assert [event["type"] for event in events] == [f"platform.{kind}" for kind in kinds]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["time"]) for event in events)
    assert events[0]["record"]["runtimeVersion"] == "v"
    assert events[-1]["record"]["metrics"]["initDurationMs"] == well.init_ms
    events = [json.loads(text) for text in exact(ill)]
    assert [(event["type"], event["record"].get("status"), event["record"].get("errorType")) for event in events] == [
        ("platform.start", None, None),
        ("platform.runtimeDone", "failure", "Runtime.ExitError"),
        ("platform.report", "error", "Runtime.ExitError"),
    ]


@pytest.mark.parametrize(
    ("system_level", "kinds"),
    [("DEBUG", ["start", "runtimeDone", "report"]), ("INFO", ["start", "report"]), ("WARN", [])],
)
def test_levels_of_the_system(workshop: Workshop, system_level: str, kinds: list[str]) -> None:
    entries = journal(workshop, log_format="JSON", system_level=system_level)
    entries.say("start", {"requestId": "r", "version": "1"})
    entries.say("runtimeDone", {"requestId": "r", "status": "success"})
    entries.say("report", {"requestId": "r", "status": "success", "metrics": {}})
    assert [json.loads(text)["type"] for _, text in entries.take()] == [f"platform.{kind}" for kind in kinds]
    entries.say("report", {"requestId": "r", "status": "timeout", "metrics": {}})
    assert len(entries.take()) == 1


@pytest.mark.parametrize(
    ("text", "kept_at"),
    [
        ('{"level": "debug", "message": "m"}\n', "DEBUG"),
        ('{"level": "WARNING"}\n', "WARN"),
        ('{"level": "CRITICAL"}\n', "FATAL"),
        ('{"level": "odd"}\n', "INFO"),
        ('{"message": "no level"}\n', "INFO"),
        ("plain text\n", "FATAL"),
        ("{not json\n", "FATAL"),
    ],
)
def test_levels_of_the_application(workshop: Workshop, text: str, kept_at: str) -> None:
    for at, level in enumerate(LEVELS):
        entries = journal(workshop, log_format="JSON", application_level=level)
        entries.write(text)
        assert bool(entries.take()) == (at <= LEVELS.index(kept_at))
    entries = journal(workshop, application_level="FATAL")  # in a log as text nothing is left out
    entries.write(text)
    assert entries.take()


def test_the_runtime_is_told_of_format_and_level(workshop: Workshop) -> None:
    source = "import os\ndef handler(e, c): return [os.environ.get('AWS_LAMBDA_LOG_' + k) for k in ('FORMAT', 'LEVEL')]"
    told = said(workshop.invoke(workshop.python(source, log_format="JSON", application_level="WARN")))
    assert told == ["JSON", "WARN"]
    assert said(workshop.invoke(workshop.python(source))) == [None, None]


def test_every_event_has_a_level_and_those_of_text_logs_their_lines() -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html"""
    assert set(TEXTS) <= set(EVENT_LEVELS)
    assert level_of("initStart", {}) == "DEBUG" and level_of("initStart", {"runtimeVersion": "v"}) == "INFO"
    assert level_of("initReport", {"status": "success"}) == "DEBUG"
    assert level_of("initReport", {"status": "success", "initializationType": "snap-start"}) == "INFO"
    assert level_of("extension", {"state": "Started", "errorType": "x"}) == "WARN"
    assert level_of("end", {}) is None
    assert stamp(0.0625) == "1970-01-01T00:00:00.062Z"


def test_a_journal_has_a_bound(workshop: Workshop) -> None:
    entries = journal(workshop)
    for _ in range(70):
        entries.write("x" * (1 << 20))
    kept = entries.take()
    assert len(kept) == 64 and kept[-1][1] == "[sandbox] 7 log events dropped\n"
