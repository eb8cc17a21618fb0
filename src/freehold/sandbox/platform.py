"""What the platform itself says of an environment: its events, their levels, and the lines they are in a text log.

One idea: everything the platform says is one event, a type and a record; the log in either format and those who
subscribed to telemetry are readers of the same events. It may not know where events go.

https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html#monitoring-cloudwatchlogs-log-level-mapping
"""

import time
from collections.abc import Callable
from typing import Any

Record = dict[str, Any]
LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")

EVENT_LEVELS = {
    "initStart": ("INFO", "DEBUG"),
    "initRuntimeDone": ("DEBUG", "WARN"),
    "initReport": ("DEBUG", "WARN"),
    "start": ("INFO", "INFO"),
    "runtimeDone": ("DEBUG", "WARN"),
    "report": ("INFO", "WARN"),
    "extension": ("INFO", "WARN"),
    "logsSubscription": ("INFO", "INFO"),
    "telemetrySubscription": ("INFO", "INFO"),
    "logsDropped": ("WARN", "WARN"),
}
"""Each event that a log in JSON can have: its level where all is well, and where not."""


def level_of(kind: str, record: Record) -> str | None:
    """The level of an event in a log in JSON; None where such a log never has it."""
    levels = EVENT_LEVELS.get(kind)
    if levels is None:
        return None
    if kind == "initStart":
        return levels["runtimeVersion" not in record]
    if kind == "initReport" and record.get("initializationType") == "snap-start" and _well(record):
        return "INFO"
    return levels[not _well(record)]


def _well(record: Record) -> bool:
    return bool(record.get("status", "success") == "success") and "errorType" not in record


def _init_start(record: Record) -> list[str]:
    if "runtimeVersion" not in record:
        return []
    version, arn = record["runtimeVersion"], record["runtimeVersionArn"]
    return [f"INIT_START Runtime Version: {version}\tRuntime Version ARN: {arn}\n"]


def _init_report(record: Record) -> list[str]:
    """Only where an init did not go well."""
    if _well(record):
        return []
    line = f"INIT_REPORT Init Duration: {record['metrics']['durationMs']:.2f} ms\tPhase: {record['phase']}"
    return [f"{line}{_status(record)}\n"]


def _start(record: Record) -> list[str]:
    return [f"START RequestId: {record['requestId']} Version: {record['version']}\n"]


def _report(record: Record) -> list[str]:
    metrics, request_id = record["metrics"], record["requestId"]
    line = (
        f"REPORT RequestId: {request_id}\tDuration: {metrics['durationMs']:.2f} ms\t"
        f"Billed Duration: {metrics['billedDurationMs']} ms\tMemory Size: {metrics['memorySizeMB']} MB\t"
        f"Max Memory Used: {metrics['maxMemoryUsedMB']} MB"
    )
    if "initDurationMs" in metrics:
        line += f"\tInit Duration: {metrics['initDurationMs']:.2f} ms"
    line += _status(record) or "\t"
    return [f"END RequestId: {request_id}\n", f"{line}\n{_xray(record)}"]


def _status(record: Record) -> str:
    if _well(record):
        return ""
    kind = record.get("errorType")
    return f"\tStatus: {record['status']}" + (f"\tError Type: {kind}" if kind else "")


def _xray(record: Record) -> str:
    """The trace of a report, where it has one that is sampled."""
    if "tracing" not in record:
        return ""
    parts = dict(part.strip().partition("=")[::2] for part in record["tracing"]["value"].split(";"))
    if "Root" not in parts or parts.get("Sampled") != "1":
        return ""
    return f"XRAY TraceId: {parts['Root']}\tSegmentId: {parts.get('Parent', '')}\tSampled: true\t\n"


def _extension(record: Record) -> list[str]:
    line = f"EXTENSION\tName: {record['name']}\tState: {record['state']}\tEvents: [{', '.join(record['events'])}]"
    return [line + (f"\tError Type: {record['errorType']}" if "errorType" in record else "") + "\n"]


def _subscription(title: str) -> Callable[[Record], list[str]]:
    def lines(record: Record) -> list[str]:
        types = ", ".join(kind.title() for kind in record["types"])
        return [f"{title}\tName: {record['name']}\tState: {record['state']}\tTypes: [{types}]\n"]

    return lines


TEXTS: dict[str, Callable[[Record], list[str]]] = {
    "initStart": _init_start,
    "initReport": _init_report,
    "start": _start,
    "report": _report,
    "extension": _extension,
    "telemetrySubscription": _subscription("TELEMETRY"),
    "logsSubscription": _subscription("LOGS"),
}
"""The events of an environment that a text log has, as the log events they are there."""


def stamp(at: float) -> str:
    """A moment, in epoch seconds, as telemetry writes it."""
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(at))}.{int(at % 1 * 1000):03d}Z"
