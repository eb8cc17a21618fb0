"""History events, as GetExecutionHistory answers them.

One idea: an event's type decides the member that holds its details, and a thread's last event is what the next follows.
Members are those of HistoryEvent in the Step Functions API model. It knows threads, and no definition.
"""

from functools import cache
from typing import Any

from .errors import Unevaluated
from .state import State, Thread

# Types whose details have a member of their own are in this table by that rule: fooBar + EventDetails.
# The rest share a member, or have none.
SHARED = {"StateEntered": "stateEnteredEventDetails", "StateExited": "stateExitedEventDetails"}
WHOLE: dict[str, bool] = {"truncated": False}


@cache
def member(kind: str) -> str:
    """The HistoryEvent member that holds the details of an event type."""
    for suffix, shared in SHARED.items():
        if kind.endswith(suffix):
            return shared
    return f"{kind[0].lower()}{kind[1:]}EventDetails"


class Journal:
    """The events that one step adds to an execution's history."""

    def __init__(self, state: State, now: float):
        self.state = state
        self.now = now
        self.events: list[dict[str, Any]] = []

    def note(self, kind: str, previous: int, details: dict[str, Any] | None = None) -> int:
        """Add an event that follows `previous`; answers its id. Details of None are left out, as AWS does."""
        self.state.events += 1
        event = {"timestamp": self.now, "type": kind, "id": self.state.events, "previousEventId": previous}
        if details is not None:
            event[member(kind)] = {name: value for name, value in details.items() if value is not None}
        self.events.append(event)
        return self.state.events

    def add(self, thread: Thread, kind: str, details: dict[str, Any] | None = None) -> int:
        """Add an event that the thread's next one will follow; answers its id."""
        thread.last_id = self.note(kind, thread.last_id, details)
        return thread.last_id

    def cut(self, length: int) -> None:
        """Keep only as many events of the whole history."""
        self.events = [event for event in self.events if event["id"] <= length]
        self.state.events = length

    def entered(self, thread: Thread, kind: str) -> None:
        """The thread is in a new state."""
        thread.before_id = thread.last_id
        details = {"name": thread.state, "input": thread.input, "inputDetails": WHOLE}
        thread.entered_id = self.add(thread, f"{kind}StateEntered", details)
        thread.entered_at = self.now

    def exited(self, thread: Thread, kind: str, output: str, assigned: dict[str, str]) -> None:
        """The thread has left its state."""
        details: dict[str, Any] = {"name": thread.state, "output": output, "outputDetails": WHOLE}
        if assigned:
            details |= {"assignedVariables": assigned, "assignedVariablesDetails": WHOLE}
        self.add(thread, f"{kind}StateExited", details)

    def unevaluated(self, thread: Thread, failure: Unevaluated) -> None:
        """A query failed. As AWS has it, the event follows the one before the state's entry if nothing came between."""
        details = {"error": failure.error, "cause": failure.cause, "location": failure.location, "state": thread.state}
        if thread.last_id == thread.entered_id and not failure.found_after:
            thread.last_id = thread.before_id
        self.add(thread, "EvaluationFailed", details)
