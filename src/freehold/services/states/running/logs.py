"""Logs: what executions tell CloudWatch Logs, as far as their machines' level goes.

One idea: a step's events are promised to the log group in the step's own transaction, so that each is there once, in
order. Express executions keep no other history. It may not know what events mean.

https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
https://docs.aws.amazon.com/step-functions/latest/dg/cloudwatch-log-level.html
"""

from typing import Any

from freehold.engines import moments
from freehold.engines.addresses import log_group
from freehold.engines.asl import values
from freehold.kernel import arns
from freehold.kernel.deliveries import promise
from freehold.kernel.identity import CLOUD
from freehold.kernel.store import Tx
from freehold.services.states import executions
from freehold.services.states.executions import Execution

ALL, ERROR, FATAL, OFF = "ALL", "ERROR", "FATAL", "OFF"
ENDINGS = frozenset({"ExecutionAborted", "ExecutionFailed", "ExecutionTimedOut"})
FAILURES = frozenset(
    f"{family}{what}"
    for family, kinds in {
        "Activity": "Failed ScheduleFailed TimedOut",
        "Evaluation": "Failed",
        "LambdaFunction": "Failed ScheduleFailed StartFailed TimedOut",
        "MapIteration": "Aborted Failed",
        "MapRun": "Aborted Failed",
        "MapState": "Aborted Failed",
        "ParallelState": "Aborted Failed",
        "Task": "Failed StartFailed StateAborted SubmitFailed TimedOut",
        "WaitState": "Aborted",
    }.items()
    for what in kinds.split()
) | {"FailStateEntered"}
LEVELS: dict[str, frozenset[str]] = {ERROR: ENDINGS | FAILURES, FATAL: ENDINGS}
# What an event's details do not tell where execution data is not wanted.
DATA = {
    "input",
    "inputDetails",
    "output",
    "outputDetails",
    "parameters",
    "assignedVariables",
    "assignedVariablesDetails",
}
VALIDATION_STREAM = "log_stream_created_by_aws_to_validate_log_delivery_subscriptions"


def write(tx: Tx, execution: Execution, events: list[dict[str, Any]]) -> None:
    """Promise a step's events to the log group of the execution's machine, if it has one."""
    logging = execution.settings.logging
    if logging["level"] == OFF:
        return
    wanted = LEVELS.get(logging["level"])
    arn, redrives = executions.arn(tx, execution), str(execution.state.redrives)
    lines = [
        (int(event["timestamp"] * 1_000), _line(arn, redrives, event, logging["includeExecutionData"]))
        for event in events
        if wanted is None or event["type"] in wanted
    ]
    if lines:
        append(tx, group_of(logging), _stream(execution), lines)


def append(tx: Tx, group: tuple[str, str, str], stream: str, lines: list[tuple[int, str]]) -> None:
    """Promise lines of (epoch milliseconds, text) to a stream of a group, which is (account, region, name)."""
    account, region, name = group
    request = {"group": name, "stream": stream, "events": lines}
    seat = tx.within(account, region).acting(CLOUD)
    promise(seat, "logs", "append_lines", request, lane=f"states-logs:{account}:{name}:{stream}", width=1)


def group_of(logging: dict[str, Any]) -> tuple[str, str, str]:
    """The account, region and name of the log group that a LoggingConfiguration names."""
    arn = logging["destinations"][0]["cloudWatchLogsLogGroup"]["logGroupArn"]
    parsed = arns.parse(arn)
    assert parsed, "the ARN was read when the machine was made"
    return parsed.account, parsed.region, log_group(arn)


def _stream(execution: Execution) -> str:
    """The log stream of a machine's executions that were started on one day."""
    day = moments.iso_ms(execution.started_at)[:10]
    return f"states/{execution.machine}/{day}-00-00/{execution.machine_id[:8]}"


def _line(arn: str, redrives: str, event: dict[str, Any], whole: bool) -> str:
    details: dict[str, Any] = next((part for part in event.values() if isinstance(part, dict)), {})
    told = {
        "id": str(event["id"]),
        "type": event["type"],
        "details": details if whole else {name: part for name, part in details.items() if name not in DATA},
        "previous_event_id": str(event["previousEventId"]),
        "event_timestamp": str(int(event["timestamp"] * 1_000)),
        "execution_arn": arn,
        "redrive_count": redrives,
    }
    return values.write(told)
