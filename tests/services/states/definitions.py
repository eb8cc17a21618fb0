"""Definitions for the tests to run."""

import json


def machine(*states: tuple[str, dict], **fields) -> str:
    """A definition whose states follow each other in the order given; the last one ends."""
    names = [name for name, _ in states]
    follow = [{"Next": name} for name in names[1:]] + [{"End": True}]
    made = {
        name: {**({} if {"Next", "End"} & state.keys() or state["Type"] in ("Succeed", "Fail") else next_), **state}
        for (name, state), next_ in zip(states, follow, strict=True)
    }
    return json.dumps({"StartAt": names[0], "States": made, **fields})
