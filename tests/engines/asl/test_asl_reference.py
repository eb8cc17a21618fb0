"""Random definitions behave under the engine as under the plain interpreter: status, output, error."""

from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from freehold.engines import asl
from freehold.engines.asl import values

from .conftest import CONTEXT, World
from .reference import Ambiguous, Failed, Reference

QUEUE = "arn:aws:states:::sqs:sendMessage"
ERRORS = ["E", "F", "States.ALL", "States.TaskFailed", "States.QueryEvaluationError", "States.ResultPathMatchFailure"]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 5) | st.sampled_from(["", "x", "$", "é"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3),
    max_leaves=6,
)


INPUTS = st.fixed_dictionaries(
    {
        "a": JSON | st.just([1, 2]) | st.just({"a": 1, "b": 1}),
        "b": JSON | st.fixed_dictionaries({"a": JSON, "c": JSON}),
        "c": st.just([[1], [2, 3]]) | JSON,
    }
)


def answer(parameters: Any) -> Any:
    """What tasks do: those that are given `fail` fail so often, others echo."""
    if isinstance(parameters, dict) and isinstance(parameters.get("fail"), int):
        tries = parameters.get("tries")
        if isinstance(tries, int) and tries < parameters["fail"]:
            raise Failed(parameters.get("error", "E"), "why")
    return parameters


def world_answer(task: asl.RunTask) -> asl.Event:
    try:
        return asl.TaskSucceeded(task.id, values.write(answer(values.read(task.parameters))))
    except Failed as failed:
        return asl.TaskFailed(task.id, failed.error, failed.cause)


class Writer:
    """Writes definitions: draws each field, and gives every state a name of its own."""

    def __init__(self, draw: Any):
        self.draw = draw
        self.names = 0

    def one(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def maybe(self, name: str, make: Any) -> dict[str, Any]:
        return {name: make()} if self.draw(st.booleans()) else {}

    def scope(self, depth: int, whole: bool) -> dict[str, Any]:
        """States in a row; each leads to the next, choices and catchers further on."""
        count = self.draw(st.integers(1, 4))
        names = [f"S{self.names + number}" for number in range(count)]
        self.names += count
        states = {name: self.state(names[at + 1 :], depth, whole) for at, name in enumerate(names)}
        states[names[-1]].update({"End": True} if states[names[-1]]["Type"] not in ("Succeed", "Fail") else {})
        return {"StartAt": names[0], "States": states}

    def state(self, later: list[str], depth: int, whole: bool) -> dict[str, Any]:
        queries = whole or self.draw(st.booleans())
        kinds = ["Pass", "Pass", "Task", "Wait"] + ["Parallel", "Map"] * (depth < 2) + ["Choice"] * bool(later)
        kinds += ["Succeed", "Fail"] * (not later)
        kind = self.draw(st.sampled_from(kinds))
        write = getattr(self, f"{'query' if queries else 'path'}_{kind.lower()}", self.plain)
        state = {"Type": kind, **({"QueryLanguage": "JSONata"} if queries and not whole else {})}
        state |= write(later, depth, whole)
        if kind in ("Pass", "Task", "Wait", "Parallel", "Map"):
            state |= {"Next": later[0]} if later else {}
            state |= self.maybe("Assign", lambda: self.assign(queries, depth))
        if kind in ("Task", "Parallel", "Map"):
            state |= self.rules(later, queries, depth)
        return state

    def plain(self, *_: Any) -> dict[str, Any]:
        return {}

    def assign(self, queries: bool, depth: int) -> dict[str, Any]:
        name = f"v{depth}{self.one('a', 'b')}"
        return {name: self.query()} if queries else {f"{name}.$": self.path()}

    def rules(self, later: list[str], queries: bool, depth: int) -> dict[str, Any]:
        """Retry and Catch."""

        def error() -> list[str]:
            return [self.one(*ERRORS)]

        fields = self.maybe("Retry", lambda: [{"ErrorEquals": error(), "MaxAttempts": self.one(0, 1, 2)}])
        if not later:
            return fields
        catcher: dict[str, Any] = {"ErrorEquals": error(), "Next": self.one(*later)}
        catcher |= self.maybe("Assign", lambda: self.assign(queries, depth))
        if queries:
            catcher |= self.maybe("Output", lambda: {"e": "{% $states.errorOutput.Error %}", "q": self.query()})
        else:
            catcher |= self.maybe("ResultPath", lambda: self.one("$.e", "$.a.e", None))
        return fields | self.maybe("Catch", lambda: [catcher])

    # JSONPath

    def path(self) -> str:
        return self.one(
            "$", "$.a", "$.b", "$.a.b", "$['c']", "$[0]", "$.a[1]", "$$.State.Name", "$v0a", "$v1b.a", "$v0b"
        )

    def call(self) -> str:
        name = self.one("Array", "ArrayLength", "MathAdd", "JsonToString")
        arguments = [self.path(), "1"] if name in ("Array", "MathAdd") else [self.path()]
        return f"States.{name}({', '.join(arguments)})"

    def template(self) -> dict[str, Any]:
        inner = self.one({}, {"p.$": self.path()}, [1, {"c.$": self.call()}], "$.a", 5)
        return {"a.$": self.path(), "b": inner, **self.maybe("c.$", self.call)}

    def flow(self) -> dict[str, Any]:
        fields = self.maybe("InputPath", lambda: self.one("$", "$.a", "$.b", None))
        fields |= self.maybe("ResultPath", lambda: self.one("$", "$.r", "$.a.r", None))
        return fields | self.maybe("OutputPath", lambda: self.one("$", "$.a", "$.r", None))

    def path_pass(self, *_: Any) -> dict[str, Any]:
        work = self.one({"Result": self.draw(JSON)}, {"Parameters": self.template()}, {})
        return self.flow() | work

    def path_task(self, *_: Any) -> dict[str, Any]:
        work = {
            "fail": self.one(0, 1, 2, 3),
            "error": self.one("E", "F"),
            "tries.$": "$$.State.RetryCount",
            **self.template(),
        }
        fields = {"Resource": QUEUE, "Parameters": work}
        return fields | self.flow() | self.maybe("ResultSelector", self.template)

    def path_wait(self, *_: Any) -> dict[str, Any]:
        return {"Seconds": self.one(0, 3)}

    def path_fail(self, *_: Any) -> dict[str, Any]:
        return self.one({"Error": "E", "Cause": "c"}, {"ErrorPath": "$$.State.Name", "CausePath": "$$.Execution.Name"})

    def path_choice(self, later: list[str], *_: Any) -> dict[str, Any]:
        def rule() -> dict[str, Any]:
            about = {"Variable": self.path()}
            return self.one(
                {**about, "IsPresent": True}, {**about, "NumericGreaterThan": 1}, {"Not": {**about, "IsPresent": True}},
                {"And": [{**about, "IsPresent": True}, {**about, "NumericGreaterThan": 0}]},
            )  # fmt: skip

        rules = [{**rule(), "Next": self.one(*later)} for _ in range(self.one(1, 2))]
        return {"Choices": rules, **self.maybe("OutputPath", lambda: self.one("$", "$.a")), "Default": later[0]}

    def path_parallel(self, _later: list[str], depth: int, whole: bool) -> dict[str, Any]:
        branches = [self.scope(depth + 1, whole) for _ in range(self.one(1, 2))]
        fields = {"Branches": branches, **self.maybe("Parameters", self.template), **self.flow()}
        return fields | self.maybe("ResultSelector", lambda: {"a.$": "$[0]"})

    def path_map(self, _later: list[str], depth: int, whole: bool) -> dict[str, Any]:
        fields = {"ItemProcessor": self.scope(depth + 1, whole), **self.flow(), "MaxConcurrency": self.one(0, 1)}
        fields |= self.maybe("ItemsPath", lambda: self.one("$", "$.a", "$.b", "$v0a"))
        selector = {"i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", **self.maybe("p.$", self.path)}
        return fields | self.maybe("ItemSelector", lambda: selector)

    # JSONata

    def query(self) -> Any:
        return self.one(
            "{% $states.input %}", "{% $states.input.a %}", "{% $states.input.b.c %}", "{% $v0a %}", "{% $v1b.a %}",
            "{% $states.input.a[0] %}", "{% {'k': $states.input.a} %}", "{% [$states.input.b, 1] %}", "{% 1 + 1 %}",
            "{% $states.context.State.Name & '!' %}", 7, {"x": "{% $states.input.a = 1 %}"}, "$.a",
        )  # fmt: skip

    def output(self, called: bool) -> dict[str, Any]:
        result = ["{% $states.result %}", {"r": "{% $states.result.a %}"}] if called else []
        return self.maybe("Output", lambda: self.one(self.query(), {"q": self.query(), "n": [self.query()]}, *result))

    def query_pass(self, *_: Any) -> dict[str, Any]:
        return self.output(called=False)

    query_succeed = query_pass

    def query_wait(self, *_: Any) -> dict[str, Any]:
        return {"Seconds": "{% 1 + 1 %}", **self.output(called=False)}

    def query_task(self, *_: Any) -> dict[str, Any]:
        work = {
            "fail": self.one(0, 1, 2),
            "error": "E",
            "tries": "{% $states.context.State.RetryCount %}",
            "q": self.query(),
        }
        return {"Resource": QUEUE, "Arguments": work, **self.output(called=True)}

    def query_fail(self, *_: Any) -> dict[str, Any]:
        return {"Error": "{% 'E' & 1 %}", "Cause": "{% $states.context.State.Name %}"}

    def query_choice(self, later: list[str], depth: int, _whole: bool) -> dict[str, Any]:
        conditions = (True, "{% $states.input.a = 1 %}", "{% $states.input.b %}", "{% false %}")
        rules = [
            {
                "Condition": self.one(*conditions), "Next": self.one(*later), **self.maybe("Output", self.query),
                **self.maybe("Assign", lambda: self.assign(True, depth)),
            }
            for _ in range(self.one(1, 2))
        ]  # fmt: skip
        return {"Choices": rules, "Default": later[0], **self.maybe("Output", self.query)}

    def query_parallel(self, _later: list[str], depth: int, whole: bool) -> dict[str, Any]:
        branches = [self.scope(depth + 1, whole) for _ in range(self.one(1, 2))]
        return {"Branches": branches, **self.maybe("Arguments", self.query), **self.output(called=True)}

    def query_map(self, _later: list[str], depth: int, whole: bool) -> dict[str, Any]:
        fields = {"ItemProcessor": self.scope(depth + 1, whole), "MaxConcurrency": self.one(0, 1, "{% 1 %}")}
        fields |= self.maybe("Items", lambda: self.one("{% [1, 2] %}", "{% $states.input.a %}", [1, "{% $v0a %}"]))
        selector = {"v": "{% $states.context.Map.Item.Value %}", "q": self.query()}
        return fields | self.maybe("ItemSelector", lambda: selector) | self.output(called=True)


@st.composite
def definitions(draw: Any) -> dict[str, Any]:
    whole = draw(st.booleans())
    language = {"QueryLanguage": "JSONata"} if whole else {}
    scope = Writer(draw).scope(0, whole)
    begin = {"Type": "Pass", "Assign": {"v0a": [1, 2], "v0b": {"a": 1}}, "Next": scope["StartAt"]}
    return {**language, "StartAt": "Begin", "States": {"Begin": begin, **scope["States"]}}


def engine(machine: asl.Machine, input: Any) -> tuple[str, Any]:
    world = World(machine, asl.begin(machine, values.write(input), CONTEXT))
    world.send(asl.Started())
    world.run(world_answer)
    if isinstance(world.end, asl.Succeed):
        return "SUCCEEDED", values.read(world.end.output)
    assert isinstance(world.end, asl.Fail), "an execution ends"
    return world.end.status, world.end.error


def wordless(value: Any) -> Any:
    """The value without the causes of errors, even inside a JSON text."""
    if isinstance(value, dict):
        return {key: "" if key == "Cause" else wordless(item) for key, item in value.items()}
    if isinstance(value, list):
        return [wordless(item) for item in value]
    if isinstance(value, str) and value.startswith(("{", "[")):
        return values.write(wordless(values.read(value)))
    return value


def agree(definition: dict[str, Any], input: Any) -> None:
    try:
        machine = asl.compile(definition)
    except asl.InvalidDefinition as refused:
        assert {problem.code for problem in refused.problems} == {"MISSING_TRANSITION_TARGET"}, refused
        assert all("is not reachable" in problem.message for problem in refused.problems), refused
        assume(False)
    try:
        expected = Reference(definition, answer, CONTEXT).run(input)
    except Ambiguous:
        assume(False)
    assert wordless([*engine(machine, input)]) == wordless([*expected])


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(definitions(), JSON | INPUTS | INPUTS | INPUTS)
def test_random_definitions_behave_as_the_plain_interpreter_says(definition: dict[str, Any], input: Any) -> None:
    agree(definition, input)
