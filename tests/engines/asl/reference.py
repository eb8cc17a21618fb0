"""A second interpreter of the language, slow and plain: the specification read aloud, state by state.

Nothing is compiled, nothing waits, branches run one after another, and every field is looked up when it is needed. It
knows the fields that the property test writes, and paths of names and indexes alone; causes have no words. Queries are
evaluated by the JSONata engine, which is tested elsewhere. Where branches fail in different ways the specification does
not say which failure counts: `Ambiguous`.
"""

import copy
import json
import re
from collections.abc import Callable
from typing import Any

from freehold.engines import jsonata

STEP = re.compile(r"\.(\w+)|\['(\w+)'\]|\[(\d+)\]")
LIMIT = 262_144


class Failed(Exception):
    """A state failed; a fatal failure cannot be caught."""

    def __init__(self, error: str, cause: str = "", fatal: bool = False):
        super().__init__(error)
        self.error, self.cause, self.fatal = error, cause, fatal


class Ambiguous(Exception):
    """The specification leaves open what happens."""


def runtime() -> Failed:
    return Failed("States.Runtime", fatal=True)


Tasks = Callable[[Any], Any]  # parameters -> result; raises Failed


class Reference:
    """One execution of a definition."""

    def __init__(self, definition: dict[str, Any], tasks: Tasks, execution: dict[str, Any]):
        self.definition, self.tasks, self.execution = definition, tasks, execution

    def run(self, input: Any) -> tuple[str, Any]:
        """The status, and the output or the error."""
        self.input = input
        try:
            return "SUCCEEDED", self.scope(self.definition, input, [{}], None)
        except Failed as failed:
            return "FAILED", failed.error

    # Scopes and states

    def scope(self, scope: dict[str, Any], input: Any, variables: list[dict[str, Any]], item: Any) -> Any:
        name, data = scope["StartAt"], input
        while True:
            data, following = self.state(name, scope["States"][name], data, variables, item)
            if following is None:
                return data
            name = following

    def state(self, name: str, state: dict[str, Any], input: Any, variables: list[dict[str, Any]], item: Any) -> Any:
        tries = [0] * len(state.get("Retry", []))
        while True:
            view = View(self, name, state, input, variables, item, sum(tries))
            try:
                return self.once(view)
            except Failed as failed:
                if failed.fatal:
                    raise
                index = first(state.get("Retry", []), failed)
                if index is not None and tries[index] < state["Retry"][index].get("MaxAttempts", 3):
                    tries[index] += 1
                    continue
                index = first(state.get("Catch", []), failed)
                if index is None:
                    raise
                return self.caught(view, state["Catch"][index], failed)

    def once(self, view: "View") -> Any:
        """Do the state: its output and the next state's name."""
        state = view.state
        kind = state["Type"]
        if kind == "Choice":
            return self.choice(view)
        if kind == "Fail":
            raise Failed(view.text("Error"), view.text("Cause"))
        effective = view.path("InputPath", view.input)
        if kind == "Pass":
            result = view.template(
                state["Result"] if "Result" in state else view.arguments(effective), literal="Result" in state
            )
        elif kind == "Task":
            result = self.tasks(view.arguments(effective))
        elif kind == "Parallel":
            given = view.arguments(effective)
            scopes = state["Branches"]
            result = self.all([(scope, copy.deepcopy(given), view.item) for scope in scopes], view.variables)
        elif kind == "Map":
            result = self.all(self.iterations(view, effective), view.variables)
        else:
            result = effective
        return self.left(view, state, result, "result" if kind in ("Task", "Parallel", "Map") else None), state.get(
            "Next"
        )

    def left(self, view: "View", fields: dict[str, Any], result: Any, called: str | None) -> Any:
        """The output that the fields of a state, rule or catcher make, once its variables are set."""
        assigned = view.assigned(fields, result, called)
        output = view.leave(fields, result, called)
        view.variables[-1].update(assigned)
        return output

    def choice(self, view: "View") -> Any:
        effective = view.path("InputPath", view.input)
        for rule in view.state["Choices"]:
            if view.holds(rule, effective):
                shared = {name: view.state[name] for name in ("InputPath", "OutputPath") if name in view.state}
                return self.left(view, {**shared, **rule}, effective, None), rule["Next"]
        if "Default" not in view.state:
            raise runtime()
        return self.left(view, view.state, effective, None), view.state["Default"]

    def caught(self, view: "View", catcher: dict[str, Any], failed: Failed) -> Any:
        output = {"Error": failed.error, "Cause": failed.cause}
        try:
            return self.left(view, catcher, output, "errorOutput"), catcher["Next"]
        except Failed as again:
            again.fatal = True
            raise

    def iterations(self, view: "View", effective: Any) -> list[Any]:
        items = view.items(effective)
        given = []
        for index, item in enumerate(items):
            inside = {"Index": index, "Value": item}
            selected = item
            if "ItemSelector" in view.state:
                seen = View(self, view.name, view.state, effective, view.variables, inside, view.retries)
                selected = seen.template(view.state["ItemSelector"])
            given.append((view.state["ItemProcessor"], selected, inside))
        return given

    def all(self, work: list[Any], variables: list[dict[str, Any]]) -> list[Any]:
        """The outputs of scopes that run beside each other."""
        outputs, failures = [], []
        for scope, input, item in work:
            try:
                outputs.append(self.scope(scope, input, [*variables, {}], item))
            except Failed as failed:
                failures.append(failed)
        if not failures:
            return outputs
        if len({(failed.error, failed.cause, failed.fatal) for failed in failures}) > 1:
            raise Ambiguous
        raise failures[0]


def first(rules: list[dict[str, Any]], failed: Failed) -> int | None:
    names = {failed.error, "States.ALL"} | ({"States.TaskFailed"} if failed.error != "States.Timeout" else set())
    return next((index for index, rule in enumerate(rules) if names & set(rule["ErrorEquals"])), None)


class View:
    """What the fields of one state see."""

    def __init__(self, run: Reference, name: str, state: Any, input: Any, variables: Any, item: Any, retries: int):
        self.run, self.name, self.state, self.input = run, name, state, input
        self.variables, self.item, self.retries = variables, item, retries
        language = state.get("QueryLanguage", run.definition.get("QueryLanguage", "JSONPath"))
        self.queries = language == "JSONata"

    def context(self) -> dict[str, Any]:
        state: dict[str, Any] = {"EnteredTime": "1970-01-01T00:00:00.000Z", "Name": self.name}
        if self.state["Type"] in ("Task", "Parallel", "Map"):
            state["RetryCount"] = self.retries
        context = {**self.run.execution, "State": state}
        context["Execution"] = {**context["Execution"], "Input": self.run.input}
        if self.item is not None:
            context["Map"] = {"Item": self.item}
        return context

    def known(self) -> dict[str, Any]:
        return {name: value for scope in self.variables for name, value in scope.items()}

    # Templates

    def template(self, value: Any, on: Any = None, called: str | None = None, literal: bool = False) -> Any:
        """The value with its paths, calls or queries replaced; `on` is what `$` or the outcome of the work is."""
        if literal:
            return value
        return (
            self.queried(value, on, called) if self.queries else self.filled(value, self.input if on is None else on[0])
        )

    def filled(self, value: Any, root: Any) -> Any:
        if isinstance(value, list):
            return [self.filled(item, root) for item in value]
        if not isinstance(value, dict):
            return value
        return {
            key.removesuffix(".$"): self.found(item, root) if key.endswith(".$") else self.filled(item, root)
            for key, item in value.items()
        }

    def found(self, text: str, root: Any) -> Any:
        call = re.fullmatch(r"States\.(\w+)\((.*)\)", text)
        if call is None:
            return self.look(text, root)
        return INTRINSICS[call.group(1)](*[self.look(part.strip(), root) for part in call.group(2).split(",")])

    def look(self, path: str, root: Any) -> Any:
        if re.fullmatch(r"-?\d+", path):
            return int(path)
        head = re.match(r"\$\$|\$[A-Za-z]\w*|\$", path)
        assert head is not None, path
        name = head.group()
        if name == "$$":
            value: Any = self.context()
        elif name == "$":
            value = root
        elif name[1:] in self.known():
            value = self.known()[name[1:]]
        else:
            raise runtime()
        for dotted, quoted, index in STEP.findall(path[head.end() :]):
            try:
                value = value[int(index)] if index and isinstance(value, list) else value[dotted or quoted]
            except (KeyError, IndexError, TypeError):
                raise runtime() from None
        return value

    def queried(self, value: Any, on: Any, called: str | None) -> Any:
        if isinstance(value, list):
            return [self.queried(item, on, called) for item in value]
        if isinstance(value, dict):
            return {key: self.queried(item, on, called) for key, item in value.items()}
        if not (isinstance(value, str) and value.startswith("{%") and value.endswith("%}")):
            return value
        states = {"input": self.input, "context": self.context()}
        if called is not None:
            states[called] = on[0]
        try:
            result = jsonata.compile(value[2:-2]).evaluate(jsonata.UNDEFINED, {**self.known(), "states": states})
        except jsonata.EvaluationFailed:
            raise Failed("States.QueryEvaluationError") from None
        if result is jsonata.UNDEFINED or jsonata.is_function(result):
            raise Failed("States.QueryEvaluationError")
        return result

    # Fields

    def path(self, name: str, value: Any) -> Any:
        if self.queries or name not in self.state:
            return value
        path = self.state[name]
        return {} if path is None else self.look(path, value)

    def arguments(self, effective: Any) -> Any:
        name = "Arguments" if self.queries else "Parameters"
        return self.template(self.state[name], (effective,)) if name in self.state else effective

    def text(self, name: str) -> Any:
        if self.queries:
            return self.queried(self.state[name], None, None)
        return self.look(self.state[name + "Path"], self.input) if name + "Path" in self.state else self.state[name]

    def items(self, effective: Any) -> list[Any]:
        items = self.queried(self.state["Items"], None, None) if "Items" in self.state else effective
        if "ItemsPath" in self.state:
            items = self.look(self.state["ItemsPath"], effective)
        if not isinstance(items, list):
            raise Failed("States.QueryEvaluationError") if self.queries else runtime()
        return items

    def holds(self, rule: dict[str, Any], effective: Any) -> bool:
        if self.queries:
            value = self.queried(rule["Condition"], None, None)
            if not isinstance(value, bool):
                raise Failed("States.QueryEvaluationError")
            return value
        if "Not" in rule:
            return not self.holds(rule["Not"], effective)
        if "And" in rule:
            return all(self.holds(each, effective) for each in rule["And"])
        if "IsPresent" in rule:
            try:
                self.look(rule["Variable"], effective)
            except Failed:
                return not rule["IsPresent"]
            return bool(rule["IsPresent"])
        value = self.look(rule["Variable"], effective)
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return number and value > rule["NumericGreaterThan"]

    def assigned(self, fields: dict[str, Any], result: Any, called: str | None) -> dict[str, Any]:
        return self.template(fields.get("Assign", {}), (result,), called)

    def leave(self, fields: dict[str, Any], result: Any, called: str | None) -> Any:
        """The output that a result becomes."""
        if self.queries:
            return self.queried(fields["Output"], (result,), called) if "Output" in fields else result
        if "ResultSelector" in fields:
            result = self.filled(fields["ResultSelector"], result)
        combined = self.put(fields.get("ResultPath", "$"), result)
        path = fields.get("OutputPath", "$")
        return {} if path is None else self.look(path, combined)

    def put(self, path: str | None, result: Any) -> Any:
        if path is None:
            return self.input
        combined = copy.deepcopy(self.input)
        names = path.split(".")[1:]
        if not names:
            return result
        place = combined
        for name in names[:-1]:
            if not isinstance(place, dict):
                raise Failed("States.ResultPathMatchFailure")
            place = place.setdefault(name, {})
        if not isinstance(place, dict):
            raise Failed("States.ResultPathMatchFailure")
        place[names[-1]] = result
        return combined


def _length(items: Any) -> Any:
    if not isinstance(items, list):
        raise Failed("States.IntrinsicFailure")
    return len(items)


def _add(left: Any, right: Any) -> Any:
    for value in (left, right):
        if isinstance(value, bool) or not isinstance(value, int):
            raise Failed("States.IntrinsicFailure")
    return left + right


INTRINSICS: dict[str, Callable[..., Any]] = {
    "Array": lambda *items: list(items),
    "ArrayLength": _length,
    "MathAdd": _add,
    "JsonToString": lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False),
}
