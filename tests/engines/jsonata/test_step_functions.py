"""What Step Functions adds to the library and takes from it."""

import pytest

from freehold.engines.jsonata import EvaluationFailed, Setting, compile
from freehold.engines.jsonata.step_functions import FUNCTIONS

SETTING = Setting(random=lambda: 0.25, new_id=lambda: "01234567-89ab-4cde-8f01-23456789abcd", functions=FUNCTIONS)

VALUES = {
    "$partition([1, 2, 3, 4, 5], 2)": [[1, 2], [3, 4], [5]],
    "$partition([0], 3)": [[0]],
    "$partition([], 3)": [],
    "$range(0, 10, 3)": [0, 3, 6, 9],
    "$range(1, 9, 9)": 1,  # AWS answers a range of one number with the number
    "$range(3, 1, -1)": [3, 2, 1],
    "$range(0, 1, 0.25)": [0, 0.25, 0.5, 0.75, 1],
    "$hash('input', 'SHA-1')": "140f86aae51ab9e1cda9b4254fe98a74eb54c1a1",
    "$hash('é', 'MD5')": "66ddcd97cfdeabb2f6fb8a999b4bc76f",
    "$hash('', 'SHA-256')": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "$random()": 0.25,
    "$random(42)": 0.7275636800328681,  # new java.util.Random(42).nextDouble()
    "$random(0)": 0.730967787376657,
    "$uuid()": "01234567-89ab-4cde-8f01-23456789abcd",
    "$parse('{\"a\": [1, 2.5, null]}')": {"a": [1, 2.5, None]},
    "$parse('12345678901234567890')": 12345678901234567890,
}

FAILED = {
    "$partition([1], 0)": "The second argument of the partition function must be a positive integer, not 0",
    "$range(1, 2, 0)": "The third argument of the range function must not be zero",
    "$hash('a', 'CRC')": "The second argument of the hash function is none of MD5, SHA-1, SHA-256, SHA-384, SHA-512",
    "$parse('{')": "The argument of the parse function is not JSON: Input data was truncated",
    "$eval('1')": "Attempted to invoke a non-function",
    "$hash(1, 'MD5')": 'Argument 1 of function "hash" does not match function signature',
}


@pytest.mark.parametrize("text", VALUES)
def test_value(text):
    assert compile(text).evaluate(setting=SETTING) == VALUES[text]


@pytest.mark.parametrize("text", FAILED)
def test_failure(text):
    with pytest.raises(EvaluationFailed) as caught:
        compile(text).evaluate(setting=SETTING)
    assert caught.value.message == FAILED[text]


def test_they_are_no_part_of_jsonata():
    with pytest.raises(EvaluationFailed, match="T1006"):
        compile("$uuid()").evaluate()
