"""Stepping is cheap: an eight-state machine costs well under a millisecond of CPU."""

import time
from typing import Any

from freehold.engines import asl

LAMBDA = "arn:aws:lambda:eu-west-1:123456789012:function:f"
BOUND_S = 0.003  # ten times the aim, so that a busy machine does not fail the test


def eight_states() -> dict[str, Any]:
    states: dict[str, Any] = {}
    for turn in range(2):
        n = turn * 4
        states[f"S{n}"] = {"Type": "Pass", "Parameters": {"n.$": "$.n", "t.$": "$$.State.Name"}, "Next": f"S{n + 1}"}
        states[f"S{n + 1}"] = {
            "Type": "Choice",
            "Choices": [{"Variable": "$.n", "NumericGreaterThan": 5, "Next": f"S{n + 2}"}],
            "Default": f"S{n + 2}",
        }
        states[f"S{n + 2}"] = {"Type": "Task", "Resource": LAMBDA, "ResultPath": "$.r", "Next": f"S{n + 3}"}
        end = {"Next": f"S{n + 4}"} if turn == 0 else {"End": True}
        states[f"S{n + 3}"] = {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, **end}
    return {"StartAt": "S0", "States": states}


def once(machine: asl.Machine) -> None:
    state = asl.begin(machine, '{"n":1}', {"Execution": {"Id": "e"}})
    event: asl.Event = asl.Started()
    while state.status == "RUNNING":
        for command in asl.advance(machine, state, event, 0.0, None).commands:  # type: ignore[arg-type]
            if isinstance(command, asl.RunTask):
                event = asl.TaskSucceeded(command.id, "{}")


def test_an_eight_state_machine_is_quick() -> None:
    machine = asl.compile(eight_states())
    once(machine)
    begun = time.process_time()
    for _ in range(50):
        once(machine)
    assert (time.process_time() - begun) / 50 < BOUND_S
