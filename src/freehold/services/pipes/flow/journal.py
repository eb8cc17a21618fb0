"""The journal of an execution: what a pipe tells its log group, as far as its level goes.

One idea: a step is a line; which level tells it is one table. It may not know what steps do.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-logs.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-logs-schema.html
"""

from collections.abc import Callable
from typing import Any

import msgspec

from freehold.engines.addresses import log_group
from freehold.kernel.deliveries import promise
from freehold.kernel.identity import CLOUD
from freehold.kernel.store import Tx
from freehold.services.pipes import kinds
from freehold.services.pipes.pipes import Pipe
from freehold.services.pipes.settings import LOGS, OFF

ERROR, INFO, TRACE = "ERROR", "INFO", "TRACE"
LEVELS = {OFF: 0, ERROR: 1, INFO: 2, TRACE: 3}
INFORMING = frozenset(
    {"ExecutionStarted", "ExecutionSucceeded", "EnrichmentStageEntered", "EnrichmentStageSucceeded",
     "EnrichmentInvocationSkipped", "TargetStageEntered", "TargetStageSucceeded"}
)  # fmt: skip
FAILING = ("Failed", "Throttled", "Timeout")
DATA = ("payload", "awsRequest", "awsResponse")  # in the order in which they are cut short
LINE_MAX = 262_144


def level_of(step: str) -> str:
    """From which level on a step is told."""
    return ERROR if step.endswith(FAILING) else INFO if step in INFORMING else TRACE


class Journal:
    """The lines of one execution, as (epoch milliseconds, text)."""

    def __init__(self, pipe: Pipe, arn: str, execution: str, now: Callable[[], float]):
        self.pipe, self.arn, self.execution, self._now = pipe, arn, execution, now
        logging = pipe.members.get("LogConfiguration", {})
        self.level = LEVELS[logging.get("Level", OFF)]
        self.whole = "ALL" in logging.get("IncludeExecutionData", ())
        self.lines: list[tuple[int, str]] = []

    def note(self, step: str, error: dict[str, Any] | None = None, **data: Callable[[], str]) -> None:
        """A step, with the `error` it ended in, or with execution data, which is asked for where it is wanted."""
        level = level_of(step)
        if LEVELS[level] > self.level:
            return
        at_ms = int(self._now() * 1_000)
        told: dict[str, Any] = {
            "resourceArn": self.arn,
            "timestamp": at_ms,
            "executionId": self.execution,
            "messageType": step,
            "logLevel": level,
        }
        if self.whole:
            told |= {name: text() for name, text in data.items()}
        self.lines.append((at_ms, _line(told | ({"error": error} if error else {}))))

    def promise(self, tx: Tx) -> None:
        """Promise the lines to the pipe's log group."""
        if not self.lines:
            return
        group: str = self.pipe.members["LogConfiguration"][LOGS]["LogGroupArn"]
        place = kinds.place_of(group)
        stream = f"pipes/{self.pipe.name}/{self.pipe.id[:8]}"
        request = {"group": log_group(group), "stream": stream, "events": self.lines}
        seat = tx.within(place.account, place.region).acting(CLOUD)
        promise(seat, "logs", "append_lines", request, lane=f"pipes-logs:{self.arn}", width=1)


def _line(told: dict[str, Any]) -> str:
    """A line as JSON, its execution data cut short where it would be too long."""
    text = msgspec.json.encode(told).decode()
    cut: list[str] = []
    for name in DATA:
        over = len(text.encode()) - LINE_MAX
        if over > 0 and told.get(name):
            cut.append(name)
            told = told | {name: told[name][: max(0, len(told[name]) - over - 100)], "truncatedFields": cut}
            text = msgspec.json.encode(told).decode()
    return text
