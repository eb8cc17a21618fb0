"""A definition as a graph: nodes, edges between them, and the charts inside Parallel and Map states.

One idea: only what a reader wants to see is kept, in the order of the definition. It may not know how it is drawn.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

LABEL_MAX = 32
END = ""  # the target of what ends its chart
SYMBOLS = {
    "LessThanEquals": "≤", "GreaterThanEquals": "≥", "LessThan": "<", "GreaterThan": ">", "Equals": "=", "Matches": "~",
}  # fmt: skip
COMPARATOR = re.compile(rf"(String|Numeric|Timestamp|Boolean)({'|'.join(SYMBOLS)})(Path)?")


class Node(NamedTuple):
    """A state: its name, type, what it works with (`lambda:invoke`), and the charts inside it."""

    name: str
    type: str
    note: str
    inside: tuple["Chart", ...]


class Edge(NamedTuple):
    """A way from one state to another, or to END; `kind` is next, choice, default or catch."""

    source: str
    target: str
    kind: str
    label: str


class Chart(NamedTuple):
    """One scope of states: a state machine, a branch, or what a Map does with each item."""

    start: str
    nodes: dict[str, Node]
    edges: tuple[Edge, ...]

    def everything(self) -> Iterator["Chart"]:
        """This chart and all inside it."""
        yield self
        for node in self.nodes.values():
            for inner in node.inside:
                yield from inner.everything()


def chart(definition: Mapping[str, Any]) -> Chart:
    """The chart of a machine's or a scope's definition, which must be a valid one."""
    states: Mapping[str, Any] = definition["States"]
    nodes = {name: _node(name, state) for name, state in states.items()}
    edges = tuple(edge for name, state in states.items() for edge in _edges(name, state))
    return Chart(definition["StartAt"], nodes, edges)


def _node(name: str, state: Mapping[str, Any]) -> Node:
    return Node(name, state["Type"], _note(state), tuple(map(chart, scopes(state))))


def scopes(state: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The definitions inside a state: branches, or what a Map does with each item."""
    return state.get("Branches") or [state[key] for key in ("ItemProcessor", "Iterator") if key in state]


def _note(state: Mapping[str, Any]) -> str:
    """What a task calls, as its ARN ends; how a Map runs, if not inline."""
    resource = state.get("Resource", "")
    if ":states:::" in resource:
        return resource.partition(":states:::")[2]
    if resource:
        return ":".join(resource.split(":")[5:])
    return state.get("ItemProcessor", {}).get("ProcessorConfig", {}).get("Mode", "").replace("INLINE", "").lower()


def _edges(name: str, state: Mapping[str, Any]) -> Iterator[Edge]:
    for rule in state.get("Choices", ()):
        yield Edge(name, rule["Next"], "choice", _short(_condition(rule)))
    if "Default" in state:
        yield Edge(name, state["Default"], "default", "otherwise")
    if "Next" in state:
        yield Edge(name, state["Next"], "next", "")
    for catcher in state.get("Catch", ()):
        yield Edge(name, catcher["Next"], "catch", _short(", ".join(catcher["ErrorEquals"])))
    if state.get("End") or state["Type"] in ("Succeed", "Fail"):
        yield Edge(name, END, "next", "")


def _condition(rule: Mapping[str, Any]) -> str:
    """A rule of a Choice in short."""
    if "Condition" in rule:
        return str(rule["Condition"]).removeprefix("{%").removesuffix("%}").strip()
    if "Not" in rule:
        return f"not ({_condition(rule['Not'])})"
    for word in ("And", "Or"):
        if word in rule:
            return f" {word.lower()} ".join(map(_condition, rule[word]))
    variable = rule.get("Variable", "")
    operator, value = next(each for each in rule.items() if each[0] not in ("Variable", "Next", "Comment", "Assign"))
    known = COMPARATOR.fullmatch(operator)
    if known:
        return f"{variable} {SYMBOLS[known[2]]} {value}"
    return f"{variable} is {'' if value else 'not '}{operator.removeprefix('Is').lower()}"


def _short(text: str) -> str:
    return text if len(text) <= LABEL_MAX else text[: LABEL_MAX - 1] + "…"
