"""The records of the platform's events: what happened, in AWS's members.

One idea: each event has one function here that makes its record out of what is known; members that are not known are
left out. It may not know who reads them.

https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
"""

from typing import NamedTuple

from freehold.sandbox.extensions_api import Extension
from freehold.sandbox.failures import Failure
from freehold.sandbox.platform import Record, stamp
from freehold.sandbox.runtime_api import RuntimeApi
from freehold.sandbox.spec import FunctionSpec, Invocation

MB = 1 << 20


class Figures(NamedTuple):
    """What a report counts."""

    duration_ms: float
    billed_ms: int
    memory_mb: int
    memory_used_mb: int
    init_ms: float | None


def init_start(spec: FunctionSpec, phase: str, log_stream: str) -> Record:
    """platform.initStart; `phase` is init or invoke."""
    version = {"runtimeVersion": spec.runtime_version, "runtimeVersionArn": spec.runtime_version_arn}
    return {
        "initializationType": spec.initialization,
        "phase": phase,
        **(version if spec.runtime_version else {}),
        "functionName": spec.name,
        "functionVersion": spec.version,
        "instanceId": log_stream,
        "instanceMaxMemory": spec.memory_mb * MB,
    }


def init_done(spec: FunctionSpec, phase: str, failure: Failure | None) -> Record:
    """platform.initRuntimeDone."""
    return {"initializationType": spec.initialization, "phase": phase, **_status(failure)}


def init_report(spec: FunctionSpec, phase: str, failure: Failure | None, spent_ms: float) -> Record:
    """platform.initReport."""
    return {**init_done(spec, phase, failure), "metrics": {"durationMs": spent_ms}}


def extension(known: Extension) -> Record:
    """platform.extension."""
    error = {"errorType": known.error_type} if known.error_type else {}
    return {"name": known.name, "state": known.state.value, "events": list(known.events), **error}


def start(spec: FunctionSpec, invocation: Invocation) -> Record:
    """platform.start."""
    return {"requestId": invocation.request_id, "version": spec.version, **_about(invocation)}


def runtime_done(
    invocation: Invocation, api: RuntimeApi, failure: Failure | None, began: float, done: float, now: float
) -> Record:
    """platform.runtimeDone. `began` and `done` are moments of time.perf_counter, `now` is `done` in epoch seconds."""
    spans = []
    produced = api.answer.produced_bytes if api.answer else 0
    if failure is None:
        marks = [began, api.response_at, api.answered_at, done]
        for name, start, end in zip(("responseLatency", "responseDuration", "runtimeOverhead"), marks, marks[1:]):
            span = {"name": name, "start": stamp(now - (done - start)), "durationMs": round((end - start) * 1000, 3)}
            spans.append(span)
    status = _status(failure)
    if status["status"] == "error":
        status["status"] = "failure"
    return {
        "requestId": invocation.request_id,
        **status,
        **_about(invocation),
        **({"spans": spans} if spans else {}),
        "metrics": {"durationMs": round((done - began) * 1000, 3), "producedBytes": produced},
    }


def report(invocation: Invocation, figures: Figures, failure: Failure | None) -> Record:
    """platform.report."""
    metrics: Record = {
        "durationMs": figures.duration_ms,
        "billedDurationMs": figures.billed_ms,
        "memorySizeMB": figures.memory_mb,
        "maxMemoryUsedMB": figures.memory_used_mb,
    }
    if figures.init_ms is not None:
        metrics["initDurationMs"] = figures.init_ms
    return {"requestId": invocation.request_id, **_status(failure), "metrics": metrics, **_about(invocation)}


def _status(failure: Failure | None) -> Record:
    if failure is None:
        return {"status": "success"}
    return {"status": failure.report_status} | ({"errorType": failure.report_type} if failure.report_type else {})


def _about(invocation: Invocation) -> Record:
    """Trace and tenant, where the invocation has them."""
    about: Record = {}
    if invocation.trace_id:
        about["tracing"] = {"type": "X-Amzn-Trace-Id", "value": invocation.trace_id}
    if invocation.tenant_id:
        about["tenantId"] = invocation.tenant_id
    return about
