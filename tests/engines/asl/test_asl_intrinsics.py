"""Each intrinsic, its limits and its failures, as the expressions of a payload template."""

from typing import Any

import pytest

from freehold.engines.asl import INTRINSICS, InvalidDefinition, compile

INPUT: dict[str, Any] = {
    "n": [1, 2, 3, 4, 5],
    "mixed": [1, 1.0, True, True, None, None, "a", "a", [1], [1], {"a": 1}, {"a": 1}],
    "text": "a,b.c",
    "object": {"Arg1": 1, "Arg2": []},
    "other": {"Arg2": 9},
    "null": None,
    "long": "x" * 10_001,
}

ANSWERS: list[tuple[str, Any]] = [
    ("States.Array()", []),
    ("States.Array(1, 'x', null, true, -1.5, $.n[0])", [1, "x", None, True, -1.5, 1]),
    ("States.ArrayPartition($.n, 2)", [[1, 2], [3, 4], [5]]),
    ("States.ArrayPartition($.n, 2.9)", [[1, 2], [3, 4], [5]]),
    ("States.ArrayContains($.n, 3)", True),
    ("States.ArrayContains($.n, true)", False),
    ("States.ArrayContains($.mixed, $.n)", False),
    ("States.ArrayRange(0, 10, 3)", [0, 3, 6, 9]),
    ("States.ArrayRange(1, 9, 9)", [1]),
    ("States.ArrayRange(3, 1, -1)", [3, 2, 1]),
    ("States.ArrayGetItem($.n, 4)", 5),
    ("States.ArrayLength($.n)", 5),
    ("States.ArrayUnique($.mixed)", [1, True, None, "a", [1], {"a": 1}]),
    ("States.Base64Encode('Data to encode')", "RGF0YSB0byBlbmNvZGU="),
    ("States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", "Data to encode"),
    ("States.Hash('input data', 'SHA-1')", "aaff4a450a104cd177d28d18d74485e8cae074b7"),
    ("States.Hash('input data', 'MD5')", "812f45842bc6d66ee14572ce20db8e86"),
    ("States.JsonMerge($.object, $.other, false)", {"Arg1": 1, "Arg2": 9}),
    ("States.StringToJson('[1, 2.5]')", [1, 2.5]),
    ("States.StringToJson(' ')", None),
    ("States.JsonToString($.object)", '{"Arg1":1,"Arg2":[]}'),
    ("States.MathAdd(1.5, 1.51)", 4),
    ("States.MathAdd(-1.5, 0)", -1),
    ("States.MathAdd(-1.51, 0)", -2),
    ("States.MathRandom(1, 3)", 2),
    ("States.StringSplit($.text, ',.')", ["a", "b", "c"]),
    ("States.StringSplit(',,,', ',')", []),
    ("States.UUID()", "b5f0f0f0-0000-4000-8000-000000000000"),
    ("States.Format('{} and {}', 'x', $.object)", "x and {Arg1=1, Arg2=[]}"),
    (r"States.Format('it\'s \{{}\}', 1.1)", "it's {1.1}"),
    ("States.Format('{}', $.null)", "null"),
    ("States.Array(States.Array(States.Format('{}', $.n[?(@ > 4)])))", [["[5]"]]),
]


def template(call: str) -> dict[str, Any]:
    return {"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"v.$": call}, "End": True}}}


@pytest.mark.parametrize(("call", "value"), ANSWERS)
def test_an_intrinsic_answers(play: Any, call: str, value: Any) -> None:
    assert play(template(call), INPUT).output == {"v": value}


def test_every_intrinsic_is_tried() -> None:
    assert all(any(name + "(" in call for call, _ in ANSWERS) for name in INTRINSICS)


FAILURES = [
    "States.ArrayGetItem($.n, 5)",
    "States.ArrayPartition($.n, 0)",
    "States.ArrayPartition($.text, 1)",
    "States.ArrayRange(0, 1000, 1)",
    "States.ArrayRange(0, 10, 0)",
    "States.ArrayLength($.object)",
    "States.Base64Encode($.long)",
    "States.Base64Decode('%')",
    "States.Base64Decode('\u00e9')",
    "States.Hash($.long, 'MD5')",
    "States.Hash('x', 'CRC')",
    "States.JsonMerge($.object, $.other, true)",
    "States.JsonMerge($.object, $.n, false)",
    "States.StringToJson('{')",
    "States.MathAdd('1', 2)",
    "States.MathAdd(2147483647, 1)",
    "States.MathRandom(3, 3)",
    "States.Format('{} {}', 1)",
    "States.StringSplit(1, ',')",
]


@pytest.mark.parametrize("call", FAILURES)
def test_an_intrinsic_fails_by_name(play: Any, call: str) -> None:
    error, cause = play(template(call), INPUT).failure
    assert error == "States.IntrinsicFailure"
    place = "An error occurred while executing the state 'A' (entered at the event id #2). "
    assert cause.startswith(f"{place}The function '{call}' had the following error: ")


def test_a_path_argument_that_finds_nothing(play: Any) -> None:
    call = "States.Format('{}', States.Format('{}', $.nope))"
    assert play(template(call), {"other": 1}).failure == (
        "States.Runtime",
        "An error occurred while executing the state 'A' (entered at the event id #2). "
        f"The function '{call}' had the following error: "
        "The JsonPath argument for the field '$.nope' could not be found in the input '{\"other\":1}'",
    )


def test_a_seed_repeats_itself(play: Any) -> None:
    outputs = [play(template("States.MathRandom(0, 1000000, 7)")).output for _ in range(2)]
    assert outputs[0] == outputs[1]


@pytest.mark.parametrize("call", ["States.Nope()", "States.UUID(1)", "States.Array(", "x", "States.Array() x"])
def test_what_is_no_intrinsic_is_refused(call: str) -> None:
    with pytest.raises(InvalidDefinition, match="must be a valid JSONPath or a valid intrinsic function call"):
        compile(template(call))


@pytest.mark.parametrize(("depth", "allowed"), [(10, True), (11, False)])
def test_nesting_ends_at_ten(depth: int, allowed: bool) -> None:
    call = "States.Array(" * depth + ")" * depth
    if allowed:
        compile(template(call))
    else:
        with pytest.raises(InvalidDefinition):
            compile(template(call))
