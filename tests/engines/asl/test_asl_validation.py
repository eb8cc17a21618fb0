"""What a definition may and may not say, field by field: the language's rules, in AWS's words where they are known."""

from typing import Any

import pytest

from freehold.engines import asl

QUEUE = "arn:aws:states:::sqs:sendMessage"
DONE = {"Type": "Succeed"}
INNER = {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}


def alone(**state: Any) -> dict[str, Any]:
    """A machine of one state, which goes on to another unless it ends."""
    ends = "End" in state or state["Type"] in ("Succeed", "Fail", "Choice")
    own = state if ends else {**state, "End": True}
    return {"StartAt": "A", "States": {"A": own, **({"D": DONE} if state["Type"] == "Choice" else {})}}


def choice(**rule: Any) -> dict[str, Any]:
    return {"Type": "Choice", "Choices": [{"Next": "D", **rule}]}


def task(**fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": QUEUE, **fields}


def problems(definition: dict[str, Any]) -> list[str]:
    try:
        asl.compile(definition)
    except asl.InvalidDefinition as refused:
        return [str(problem) for problem in refused.problems]
    return []


ACCEPTED: list[dict[str, Any]] = [
    {"Type": "Fail"},
    {"Type": "Fail", "ErrorPath": "$.e", "CausePath": "$.c"},
    {"Type": "Fail", "ErrorPath": "States.Format('{}', $.e)", "CausePath": "States.JsonToString($$.Execution)"},
    task(Retry=[{"ErrorEquals": ["A"], "MaxDelaySeconds": 9, "JitterStrategy": "FULL", "BackoffRate": 1}]),
    task(Retry=[{"ErrorEquals": ["A"], "BackoffRate": 1.5}]),
    task(Retry=[]),
    task(TimeoutSecondsPath="$.t", HeartbeatSecondsPath="$.h"),
    task(Credentials={"RoleArn.$": "$.role"}),
    {"Type": "Pass", "InputPath": None, "OutputPath": None, "ResultPath": None},
    {"Type": "Pass", "InputPath": "$$.Execution", "OutputPath": "$$"},
    choice(Variable="$$.Execution.Name", StringEquals="x"),
    choice(Variable="$.a", IsNull=True, Comment="a rule"),
    choice(And=[{"Variable": "$.a", "IsNull": True, "Comment": "inside"}, {"Not": {"Variable": "$", "IsNull": True}}]),
    {"Type": "Map", "ItemsPath": "$$.Execution.Input.list", "ItemProcessor": INNER},
    {"Type": "Map", "Parameters": {"a.$": "$$.Map.Item.Value"}, "Iterator": INNER},
    {"Type": "Map", "ResultSelector": {"a.$": "$[0]"}, "ItemProcessor": INNER, "MaxConcurrencyPath": "$n"},
    {"Type": "Parallel", "Parameters": {}, "ResultSelector": {}, "ResultPath": "$.x", "Branches": [INNER]},
    {"Type": "Wait", "Seconds": 0, "Assign": {"x.$": "$.y"}},
]


@pytest.mark.parametrize("state", ACCEPTED)
def test_accepted(state: dict[str, Any]) -> None:
    assert problems(alone(**state)) == []


def only(*names: str) -> str:
    return f"There should only be one of the following fields: [{', '.join(names)}] at /States/A"


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"Type": "Fail", "Error": "E", "ErrorPath": "$.e"}, only("Error", "ErrorPath")),
    ({"Type": "Fail", "Cause": "C", "CausePath": "$.c"}, only("Cause", "CausePath")),
    (task(TimeoutSeconds=1, TimeoutSecondsPath="$.t"), only("TimeoutSeconds", "TimeoutSecondsPath")),
    (task(HeartbeatSeconds=1, HeartbeatSecondsPath="$.t"), only("HeartbeatSeconds", "HeartbeatSecondsPath")),
    ({"Type": "Map", "ItemProcessor": INNER, "Iterator": INNER}, only("ItemProcessor", "Iterator")),
    (
        {"Type": "Map", "ItemProcessor": INNER, "ItemSelector": {}, "Parameters": {}},
        only("ItemSelector", "Parameters"),
    ),
    ({"Type": "Wait", "Seconds": 1, "SecondsPath": "$.s"}, only("Seconds", "SecondsPath")),
    (
        task(Retry=[{"ErrorEquals": ["A"], "JitterStrategy": "HALF"}]),
        "The field 'JitterStrategy' should have one of these values: [NONE, FULL] at /States/A/Retry[0]/JitterStrategy",
    ),
    (
        task(Retry=[{"ErrorEquals": ["A"], "BackoffRate": 0.5}]),
        "Minimum value is 1.0 at /States/A/Retry[0]/BackoffRate",
    ),
    (
        task(Retry=[{"ErrorEquals": ["A"], "MaxDelaySeconds": -1}]),
        "Minimum value is 1 at /States/A/Retry[0]/MaxDelaySeconds",
    ),
    (task(Retry=[{"ErrorEquals": []}]), "Value cannot be empty at /States/A/Retry[0]/ErrorEquals"),
    (task(Catch=[{"ErrorEquals": [], "Next": "A"}]), "Value cannot be empty at /States/A/Catch[0]/ErrorEquals"),
    (task(Credentials="me"), "Expected value of type Object at /States/A/Credentials"),
    (task(Credentials={}), "The field 'RoleArn' is required but was missing at /States/A/Credentials"),
    (task(TimeoutSeconds=0), "Minimum value is 1 at /States/A/TimeoutSeconds"),
    (task(TimeoutSeconds=100_000_000), "Maximum value is 99999999 at /States/A/TimeoutSeconds"),
    (task(TimeoutSeconds="9"), "Expected value of type Integer at /States/A/TimeoutSeconds"),
    (
        {"Type": "Map", "ItemProcessor": INNER, "ItemsPath": None},
        "Value is not a valid JSONPath at /States/A/ItemsPath",
    ),
    (
        {"Type": "Map", "ItemProcessor": INNER, "ToleratedFailurePercentage": 100.5},
        "Maximum value is 100.0 at /States/A/ToleratedFailurePercentage",
    ),
    (
        {"Type": "Map", "ItemProcessor": INNER, "MaxConcurrencyPath": "$$.Execution.Input.n"},
        "Value is not a Reference Path at /States/A/MaxConcurrencyPath",
    ),
    (
        {"Type": "Map", "ItemProcessor": {**INNER, "QueryLanguage": "JSONata"}},
        "Field 'QueryLanguage' is not supported at /States/A/ItemProcessor",
    ),
    (
        {"Type": "Map", "ItemProcessor": INNER, "Label": "x"},
        "Field 'Label' is only supported for the 'DISTRIBUTED' mode",
    ),
    ({"Type": "Pass", "InputPath": "States.UUID()"}, "Value is not a valid JSONPath at /States/A/InputPath"),
    ({"Type": "Pass", "ResultPath": "$.a[*]"}, "Value is not a Reference Path at /States/A/ResultPath"),
    ({"Type": "Pass", "ResultPath": "$$.a"}, "Value is not a Reference Path at /States/A/ResultPath"),
    (choice(Variable="$.a"), "These fields are required: [a comparison operator] at /States/A/Choices[0]"),
    (choice(IsNull=True), "These fields are required: [Variable] at /States/A/Choices[0]"),
    (choice(Variable="a", IsNull=True), "Value is not a valid JSONPath at /States/A/Choices[0]/Variable"),
    (choice(Variable="$.a", NumericEquals="1"), "Expected value of type Number at /States/A/Choices[0]/NumericEquals"),
    (
        choice(Variable="$.a", TimestampEquals="noon"),
        "String does not match RFC3339 timestamp at /States/A/Choices[0]/TimestampEquals",
    ),
    (
        choice(Variable="$.a", IsNull=True, IsString=True),
        "There should only be one of the following fields: [IsNull, IsStr",
    ),
    (choice(And=[]), "Value cannot be empty at /States/A/Choices[0]/And"),
    (choice(Or=[{"Variable": "$.a"}]), "required: [a comparison operator] at /States/A/Choices[0]/Or[0]"),
    (
        choice(Not={"Variable": "$.a", "IsNull": True, "Next": "D"}),
        "Field 'Next' is not supported at /States/A/Choices[0]/Not",
    ),
    *[
        ({"Type": kind, **own, name: value}, f"Field '{name}' is not supported at /States/A")
        for name, value in {"Parameters": {}, "ResultPath": "$", "ResultSelector": {}}.items()
        for kind, own in {"Wait": {"Seconds": 1}, "Succeed": {}, "Fail": {}}.items()
    ],
    *[
        ({"Type": kind, **own, name: value}, f"Field '{name}' is not supported at /States/A")
        for name, value in {"TimeoutSeconds": 1, "Retry": [], "Catch": []}.items()
        for kind, own in {"Wait": {"Seconds": 1}, "Succeed": {}, "Fail": {}, "Pass": {}}.items()
    ],
    ({"Type": "Parallel", "Branches": [INNER], "TimeoutSeconds": 1}, "Field 'TimeoutSeconds' is not supported"),
    ({"Type": "Pass", "ResultSelector": {}}, "Field 'ResultSelector' is not supported at /States/A"),
    ({"Type": "Choice", "Choices": [], "Next": "D"}, "Field 'Next' is not supported at /States/A"),
]


@pytest.mark.parametrize(("state", "words"), REFUSED)
def test_refused(state: dict[str, Any], words: str) -> None:
    assert words in "\n".join(problems(alone(**state)))


def test_every_wrong_member_of_a_template_is_told() -> None:
    parameters = {"a.$": "x", "b": {"c.$": "$.x[", "d.$": 1}, "e": [{"f.$": "States.Nope()"}], "g.$": "$.ok"}
    told = problems(alone(Type="Pass", Parameters=parameters))
    code, words = "SCHEMA_VALIDATION_FAILED", "must be a valid JSONPath or a valid intrinsic function call"
    assert told == [
        f"{code}: The value for the field '{name}' {words} at /States/A/Parameters{inside}"
        for name, inside in (("a.$", ""), ("c.$", "/b"), ("d.$", "/b"), ("f.$", "/e[0]"))
    ]


# The graph

PASS = {"Type": "Pass"}
GRAPHS: list[tuple[dict[str, Any], list[str]]] = [
    (
        {"A": {**PASS, "Next": "B"}, "B": {**PASS, "Next": "A"}},
        ["MISSING_END_STATE: Workflow has no terminal state at null"],
    ),
    (
        {"A": {**PASS, "Next": "B"}, "B": {**PASS, "Next": "A"}, "C": {**PASS, "Next": "A"}},
        ["MISSING_END_STATE: Workflow has no terminal state at null"],
    ),
    (
        {"A": {**PASS, "Next": "B"}, "B": {**PASS, "Next": "A"}, "C": {**PASS, "End": True}},
        ['MISSING_TRANSITION_TARGET: State "C" is not reachable. at /States/C'],
    ),
    (
        {"A": {**PASS, "Next": "NO"}},
        [
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: NO at /States/A/Next",
            "MISSING_END_STATE: Workflow has no terminal state at null",
        ],
    ),
    (
        {"A": {**choice(Variable="$.a", IsNull=True), "Default": "NO"}, "D": DONE},
        ["MISSING_TRANSITION_TARGET: Missing 'Next' target: NO at /States/A/Default"],
    ),
    (
        {"A": task(End=True, Catch=[{"ErrorEquals": ["E"], "Next": "NO"}])},
        ["MISSING_TRANSITION_TARGET: Missing 'Next' target: NO at /States/A/Catch[0]/Next"],
    ),
]


@pytest.mark.parametrize(("states", "told"), GRAPHS)
def test_graphs(states: dict[str, Any], told: list[str]) -> None:
    assert problems({"StartAt": "A", "States": states}) == told


def test_branches_do_not_lead_out_of_themselves() -> None:
    branch = {"StartAt": "B", "States": {"B": {**PASS, "Next": "D"}, "C": DONE}}
    states = {"A": {"Type": "Parallel", "Branches": [branch], "Next": "D"}, "D": DONE}
    told = problems({"StartAt": "A", "States": states})
    at = "/States/A/Branches[0]/States"
    assert told == [
        f"MISSING_TRANSITION_TARGET: Missing 'Next' target: D at {at}/B/Next",
        f'MISSING_TRANSITION_TARGET: State "C" is not reachable. at {at}/C',
    ]


def test_names_are_short_and_appear_once() -> None:
    long = "n" * 81
    assert problems({"StartAt": long, "States": {long: DONE}})[0].startswith("INVALID_STATE_NAME: ")
    branch = {"StartAt": "A", "States": {"A": DONE}}
    told = problems({"StartAt": "A", "States": {"A": {"Type": "Parallel", "Branches": [branch], "End": True}}})
    assert told == ["DUPLICATE_STATE_NAME: Duplicate State name: A at /States/A/Branches[0]/States/A"]


# Queries


def query(text: str, **fields: Any) -> list[str]:
    return problems({"QueryLanguage": "JSONata", **alone(Type="Pass", Output={"v": "{% " + text + " %}"}, **fields)})


TOP = "UNSUPPORTED_JSONATA_EXPRESSION: Reference to '{}' at the top level is not supported. at /States/A/Output/v"
QUERIES = [
    ("phone", ["phone"]),
    ("phone.number & mail", ["phone", "mail"]),
    ("$sum(items.price)", ["items"]),
    ("$", ["$"]),
    ("$$.a", ["$$"]),
    ("$states.input.phone", []),
    ("$states.input.items[price > 5].{'a': name}", []),
    ("$map($states.input, function($x) { $x.name })", []),
    ("($a := $states.input; $a.b)", []),
    ("{'key': 1}.key", []),
]


@pytest.mark.parametrize(("text", "names"), QUERIES)
def test_queries_have_no_input(text: str, names: list[str]) -> None:
    assert query(text) == [TOP.format(name) for name in names]


def test_only_a_catch_has_an_error() -> None:
    (told,) = query("$states.errorOutput.Cause")
    assert told.startswith("UNSUPPORTED_JSONATA_EXPRESSION") and told.endswith("at /States/A/Output/v")
    catch = {"ErrorEquals": ["States.ALL"], "Next": "A", "Output": "{% $states.errorOutput.Cause %}"}
    assert problems({"QueryLanguage": "JSONata", **alone(**task(Catch=[catch]))}) == []


def test_languages_that_are_none() -> None:
    told = problems(alone(Type="Pass", QueryLanguage="XPath", InputPath="$"))
    assert told == [
        "SCHEMA_VALIDATION_FAILED: The field 'QueryLanguage' should have one of these values: [JSONPath, JSONata] at "
        "/States/A/QueryLanguage",
        "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for "
        "the 'JSONPath' QueryLanguage at /States/A",
    ]


# Warnings

WARNINGS = [
    ({"Type": "Pass", "Parameters": {"a": {"b": "$.x"}}}, "NO_DOLLAR", "/States/A/Parameters/a/b"),
    ({"Type": "Pass", "Assign": {"a": "States.UUID()"}}, "NO_DOLLAR", "/States/A/Assign/a"),
    ({"Type": "Pass", "Result": {"a.$": "$.x"}}, "PASS_RESULT_IS_STATIC", "/States/A/Result"),
    ({"Type": "Fail", "Error": "$.e"}, "NO_PATH", "/States/A/Error"),
    (choice(Variable="$.a", StringEquals="$.b"), "NO_PATH", "/States/A/Choices[0]/StringEquals"),
]


@pytest.mark.parametrize(("state", "code", "location"), WARNINGS)
def test_oddities_are_warned_of(state: dict[str, Any], code: str, location: str) -> None:
    (warning,) = asl.compile(alone(**state)).warnings
    assert (warning.code, warning.location, warning.severity) == (code, location, "WARNING")


@pytest.mark.parametrize("value", ["$5", "cash $.", "{}", 5, "$$$"])
def test_other_texts_are_not(value: Any) -> None:
    assert asl.compile(alone(Type="Pass", Parameters={"a": value}, Result={"b": value})).warnings == ()


def test_warnings_come_with_problems_too() -> None:
    with pytest.raises(asl.InvalidDefinition) as refused:
        asl.compile(alone(Type="Pass", Parameters={"a": "$.x"}, Nope=1))
    assert [problem.code for problem in refused.value.warnings] == ["NO_DOLLAR"]
