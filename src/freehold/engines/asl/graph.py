"""The graph of a scope's states: whether each transition leads somewhere, each state is led to, and any ends.

One idea: transitions are read from the definition as it is written, so a scope is checked even where its states are
wrong. It knows no types of states beyond which of them end.
"""

from collections.abc import Iterator

from freehold.engines.jsonpath import Json

from .errors import Problem
from .language import Fields

TARGET = "MISSING_TRANSITION_TARGET"
NO_END = "MISSING_END_STATE"


def problems(fields: Fields, states: Fields, at: str) -> Iterator[Problem]:
    """What is wrong with the transitions of a scope. Without an end or a start, what is not reached is not told."""
    first = fields.get("StartAt")
    reached = {first} if isinstance(first, str) else set()
    if not reached <= states.keys():
        yield Problem(TARGET, f"Missing 'StartAt' target: {first}", f"{at}/StartAt")
    for name, state in states.items():
        for target, where in transitions(state, f"{at}/States/{name}"):
            reached.add(target)
            if target not in states:
                yield Problem(TARGET, f"Missing 'Next' target: {target}", where)
    if states and not any(map(_ends, states.values())):
        yield Problem(NO_END, "Workflow has no terminal state")
        return
    if first is None:
        return
    for name in states:
        if name not in reached:
            yield Problem(TARGET, f'State "{name}" is not reachable.', f"{at}/States/{name}")


def _ends(state: Json) -> bool:
    """Whether a state ends its scope, or is too wrong to tell."""
    return not isinstance(state, dict) or state.get("End") is True or state.get("Type") in ("Succeed", "Fail")


def transitions(state: Json, at: str) -> Iterator[tuple[str, str]]:
    """The states that a state names, and where it does."""
    if not isinstance(state, dict):
        return
    for key in ("Next", "Default"):
        if isinstance(state.get(key), str):
            yield state[key], f"{at}/{key}"
    for group in ("Choices", "Catch"):
        rules = state.get(group)
        for index, rule in enumerate(rules if isinstance(rules, list) else []):
            if isinstance(rule, dict) and isinstance(rule.get("Next"), str):
                yield rule["Next"], f"{at}/{group}[{index}]/Next"
