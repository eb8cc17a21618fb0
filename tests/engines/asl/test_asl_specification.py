"""The examples of the States Language's specification (https://states-language.net), with values of our own."""

from collections.abc import Callable
from typing import Any

import pytest

from freehold.engines import asl
from freehold.engines.asl import values

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:F"


def one(**state: Any) -> dict[str, Any]:
    return {"StartAt": "X", "States": {"X": {"End": True, **state}}}


def by_name(**functions: Callable[[Any], Any]) -> Callable[[asl.RunTask], asl.Event]:
    """Tasks that are Lambda functions, by the name that their ARN ends in."""

    def answer(task: asl.RunTask) -> asl.Event:
        function = functions[task.resource.rpartition(":")[2]]
        return asl.TaskSucceeded(task.id, values.write(function(values.read(task.parameters))))

    return answer


def test_a_task_and_nothing_more(play: Callable[..., Any]) -> None:
    machine = {"Comment": "A simple minimal example", **one(Type="Task", Resource=LAMBDA.replace(":F", ":HelloWorld"))}
    assert play(machine, {"who": "me"}, by_name(HelloWorld=lambda given: f"hello {given['who']}")).output == "hello me"


RESULT_PATHS = [
    (None, {"title": "Numbers", "numbers": [3, 4]}),
    ("$", 7),
    ("$.sum", {"title": "Numbers", "numbers": [3, 4], "sum": 7}),
    ("$.a.b.sum", {"title": "Numbers", "numbers": [3, 4], "a": {"b": {"sum": 7}}}),
    ("$.numbers", {"title": "Numbers", "numbers": 7}),
    ("$.numbers[0]", {"title": "Numbers", "numbers": [7, 4]}),
]


@pytest.mark.parametrize(("path", "expected"), RESULT_PATHS)
def test_result_path_places_a_result(play: Callable[..., Any], path: str | None, expected: Any) -> None:
    machine = one(Type="Task", Resource=LAMBDA, InputPath="$.numbers", ResultPath=path)
    assert play(machine, {"title": "Numbers", "numbers": [3, 4]}, by_name(F=sum)).output == expected


def test_payload_templates_reach_input_and_context(play: Callable[..., Any]) -> None:
    template = {
        "flagged": True,
        "parts": {"first.$": "$.vals[0]", "last3.$": "$.vals[-3:]"},
        "weekday.$": "$$.DayOfWeek",
        "formattedOutput.$": "States.Format('Today is {}', $$.State.Name)",
    }
    machine = one(Type="Pass", Parameters={**template, "weekday.$": "$$.State.Name"})
    assert play(machine, {"vals": [0, 10, 20, 30, 40, 50]}).output == {
        "flagged": True,
        "parts": {"first": 0, "last3": [30, 40, 50]},
        "weekday": "X",
        "formattedOutput": "Today is X",
    }


DISPATCH = {
    "StartAt": "Dispatch",
    "States": {
        "Dispatch": {
            "Type": "Choice",
            "Choices": [
                {"Not": {"Variable": "$.type", "StringEquals": "Private"}, "Next": "Public"},
                {
                    "And": [
                        {"Variable": "$.value", "IsPresent": True},
                        {"Variable": "$.value", "IsNumeric": True},
                        {"Variable": "$.value", "NumericGreaterThanEquals": 20},
                        {"Variable": "$.value", "NumericLessThan": 30},
                    ],
                    "Next": "Twenties",
                },
                {"Variable": "$.rating", "NumericGreaterThanPath": "$.auditThreshold", "Next": "Audit"},
            ],
            "Default": "Record",
        },
        **{name: {"Type": "Pass", "Result": name, "End": True} for name in ("Public", "Twenties", "Audit", "Record")},
    },
}


@pytest.mark.parametrize(
    ("given", "chosen"),
    [
        ({"type": "Public"}, "Public"),
        ({"type": "Private", "value": 22}, "Twenties"),
        ({"type": "Private", "value": 5, "rating": 6, "auditThreshold": 5}, "Audit"),
        ({"type": "Private", "value": "x", "rating": 5, "auditThreshold": 5}, "Record"),
    ],
)
def test_choices_dispatch(play: Callable[..., Any], given: dict[str, Any], chosen: str) -> None:
    assert play(DISPATCH, given).output == chosen


def test_retriers_count_each_for_itself(start: Callable[..., Any]) -> None:
    retry = [
        {"ErrorEquals": ["ErrorA", "ErrorB"], "IntervalSeconds": 1, "BackoffRate": 2.0, "MaxAttempts": 2},
        {"ErrorEquals": ["ErrorC"], "IntervalSeconds": 5},
    ]
    world = start(one(Type="Task", Resource=LAMBDA, Retry=retry))
    waits = []
    for error in ("ErrorA", "ErrorB", "ErrorC", "ErrorC"):
        world.send(asl.TaskFailed(world.tasks.pop().id, error))
        (at,) = world.alarms.values()
        waits.append(at - world.now)
        world.ring()
    assert waits == [1, 2, 5, 10]
    world.send(asl.TaskFailed(world.tasks.pop().id, "ErrorB"))
    assert world.failure == ("ErrorB", None)


def test_parallel_runs_both_on_the_same_input(play: Callable[..., Any]) -> None:
    branches = [
        {"StartAt": name, "States": {name: {"Type": "Task", "Resource": LAMBDA.replace(":F", f":{name}"), "End": True}}}
        for name in ("Add", "Subtract")
    ]
    answer = by_name(Add=sum, Subtract=lambda pair: pair[0] - pair[1])
    assert play(one(Type="Parallel", Branches=branches), [3, 2], answer).output == [5, 1]


def test_a_map_selects_what_each_item_is_given(play: Callable[..., Any]) -> None:
    processor = {"StartAt": "V", "States": {"V": {"Type": "Task", "Resource": LAMBDA, "End": True}}}
    selector = {"parcel.$": "$$.Map.Item.Value", "courier.$": "$.delivery-partner"}
    machine = one(
        Type="Map", InputPath="$.detail", ItemsPath="$.shipped", ItemSelector=selector, MaxConcurrency=0,
        ResultPath="$.detail.shipped", ItemProcessor=processor,
    )  # fmt: skip
    given = {"ship-date": "2016", "detail": {"delivery-partner": "UQS", "shipped": [{"prod": "R31"}, {"prod": "S39"}]}}
    output = play(machine, given).output
    assert output["detail"]["shipped"] == [
        {"parcel": {"prod": "R31"}, "courier": "UQS"},
        {"parcel": {"prod": "S39"}, "courier": "UQS"},
    ]


def test_variables_and_queries(play: Callable[..., Any]) -> None:
    states = {
        "Tally": {
            "Type": "Task",
            "Resource": LAMBDA,
            "Arguments": {"products": "{% $states.input.products[price > 10] %}"},
            "Assign": {
                "total": "{% $sum($states.result.products.price) %}",
                "count": "{% $count($states.result.products) %}",
            },
            "Output": "{% $states.result.products.name %}",
            "Next": "Tell",
        },
        "Tell": {
            "Type": "Succeed",
            "Output": {"names": "{% $states.input %}", "text": "{% $string($count) & ' cost ' & $string($total) %}"},
        },
    }
    given = {"products": [{"name": "a", "price": 5}, {"name": "b", "price": 20}, {"name": "c", "price": 30}]}
    output = play({"QueryLanguage": "JSONata", "StartAt": "Tally", "States": states}, given).output
    assert output == {"names": ["b", "c"], "text": "2 cost 50"}


INTRINSICS = [
    (
        "States.Format('Your name is {}, we are in the year {}', $.name, 2020)",
        "Your name is Foo, we are in the year 2020",
    ),
    ("States.StringToJson($.json)", {"number": 20}),
    ("States.JsonToString($.obj)", '{"name":"Foo","year":2020}'),
    ("States.Array('Foo', 2020, $.obj, null)", ["Foo", 2020, {"name": "Foo", "year": 2020}, None]),
    ("States.ArrayPartition($.list, 4)", [[1, 2, 3, 4], [5, 6, 7, 8], [9]]),
    ("States.ArrayContains($.list, 5)", True),
    ("States.ArrayRange(1, 9, 2)", [1, 3, 5, 7, 9]),
    ("States.ArrayGetItem($.list, 5)", 6),
    ("States.ArrayLength($.list)", 9),
    ("States.ArrayUnique(States.Array(1, 2, 3, 3, 3, 4))", [1, 2, 3, 4]),
    ("States.Base64Encode('Data to encode')", "RGF0YSB0byBlbmNvZGU="),
    ("States.Base64Decode('RGVjb2RlZCBkYXRh')", "Decoded data"),
    ("States.Hash('input data', 'SHA-1')", "aaff4a450a104cd177d28d18d74485e8cae074b7"),
    ("States.JsonMerge($.obj, States.StringToJson($.json), false)", {"name": "Foo", "year": 2020, "number": 20}),
    ("States.MathAdd(111, -1)", 110),
    ("States.StringSplit('This.is+a,test=string', '.+,=')", ["This", "is", "a", "test", "string"]),
]


@pytest.mark.parametrize(("call", "expected"), INTRINSICS)
def test_intrinsics(play: Callable[..., Any], call: str, expected: Any) -> None:
    given = {
        "name": "Foo", "json": '{"number": 20}', "obj": {"name": "Foo", "year": 2020}, "list": list(range(1, 10)),
    }  # fmt: skip
    assert play(one(Type="Pass", Parameters={"v.$": call}), given).output == {"v": expected}
    assert play(one(Type="Task", Resource=LAMBDA, ResultSelector={"v.$": call}), given).output == {"v": expected}
    assert play(one(Type="Pass", Assign={"v.$": call}, End=True), given).state.status == "SUCCEEDED"
