"""The journal of an environment: what its log is to hold, and what subscribers to telemetry are told.

One idea: two kinds of entries, what programs wrote and what the platform says; each is offered to the log, which has a
format and levels, and to the relay, which has its own readers. It may not know processes or phases.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
"""

from collections.abc import Callable

import orjson

from freehold.sandbox.platform import LEVELS, TEXTS, Record, level_of, stamp
from freehold.sandbox.relay import Relay
from freehold.sandbox.spec import FunctionSpec, LogLine

JOURNAL_BYTES_MAX = 64 << 20
EVENT_OVERHEAD = 16
OTHER_NAMES = {"WARNING": "WARN", "CRITICAL": "FATAL"}


class Journal:
    """The log events of an environment that no result has carried away yet. `now` gives epoch seconds."""

    def __init__(self, spec: FunctionSpec, relay: Relay, now: Callable[[], float]) -> None:
        self._now = now
        self._relay = relay
        self._json = spec.log_format == "JSON"
        self._system_least = LEVELS.index(spec.system_level)
        self._application_least = LEVELS.index(spec.application_level)
        self._lines: list[LogLine] = []
        self._bytes = 0
        self._dropped = 0

    @property
    def wants_runtime_done(self) -> bool:
        """Whether anybody reads platform.runtimeDone, which costs something to make."""
        return self._json or self._relay.listening

    @property
    def frame_level_least(self) -> int:
        """The least level, as frames count them, of what the runtime's frames may bring into the log."""
        return self._application_least + 1 if self._json else 0

    def write(self, text: str) -> None:
        """The function wrote something."""
        told: object = None
        if self._json and text.startswith("{"):
            told = _object(text)
            if told is not None and self._below(told):
                return
        if self._relay.listening:
            self._relay.tell("function", "function", told or text)
        self._keep(text)

    def write_of_extension(self, text: str) -> None:
        """An extension wrote something."""
        if self._relay.listening:
            self._relay.tell("extension", "extension", text)
        self._keep(text)

    def say(self, kind: str, record: Record) -> None:
        """The platform says something."""
        if self._relay.listening:
            if kind == "report":
                self._relay.tell("platform", "platform.end", {"requestId": record["requestId"]})
            self._relay.tell("platform", f"platform.{kind}", record)
        if not self._json:
            for text in TEXTS[kind](record) if kind in TEXTS else ():
                self._keep(text)
            return
        level = level_of(kind, record)
        if level is not None and LEVELS.index(level) >= self._system_least:
            event = {"time": stamp(self._now()), "type": f"platform.{kind}", "record": record}
            self._keep(orjson.dumps(event).decode() + "\n")

    def fault(self, text: str) -> None:
        """Something went wrong of which text logs and subscribers are told in words."""
        if self._relay.listening:
            self._relay.tell("platform", "platform.fault", text.rstrip("\n"))
        if not self._json:
            self._keep(text)

    def _below(self, told: dict[str, object]) -> bool:
        """Whether an event in JSON has a level that the log is not to have; one that says none is INFO."""
        name = str(told.get("level", "INFO")).upper()
        name = OTHER_NAMES.get(name, name)
        return LEVELS.index(name if name in LEVELS else "INFO") < self._application_least

    def _keep(self, text: str) -> None:
        """Keep one event. Past 64 MB between two results events are counted, not kept."""
        self._bytes += len(text) + EVENT_OVERHEAD
        if self._bytes > JOURNAL_BYTES_MAX:
            self._dropped += 1
        else:
            self._lines.append((int(self._now() * 1000), text))

    def take(self) -> list[LogLine]:
        """All events since the last take, oldest first; says how many were dropped, if any were."""
        if self._dropped:
            self._lines.append((int(self._now() * 1000), f"[sandbox] {self._dropped} log events dropped\n"))
        lines, self._lines, self._bytes, self._dropped = self._lines, [], 0, 0
        return lines


def _object(text: str) -> dict[str, object] | None:
    """The JSON object that a text is, None if it is none."""
    try:
        told = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return told if isinstance(told, dict) else None
