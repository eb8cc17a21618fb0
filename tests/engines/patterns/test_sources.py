"""Where a pattern went wrong, as EventBridge tells it. Facts are recorded answers of AWS."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines.patterns import EVENTBRIDGE, InvalidEventPattern, checked
from freehold.engines.patterns.tokens import tokens


def refusal(text):
    with pytest.raises(InvalidEventPattern) as refused:
        checked(text, EVENTBRIDGE)
    return refused.value.message.removeprefix("Event pattern is not valid. Reason: ")


@pytest.mark.parametrize(
    "text, reason, column",
    [
        ('{"int": 42}', '"int" must be an object or an array', 11),
        ('{"string": "my-value"}', '"string" must be an object or an array', 13),
        ('{"resources": []}', "Empty arrays are not allowed", 17),
        ('{"my_key": [{"EXISTS": true}]}', "Unrecognized match type EXISTS", 28),
        ('{"detail": {"c": [{"numeric": [">", 0, ">", 0]}]}}', "Bad numeric range operator: >", 43),
        ('{"detail": {"c": [{"numeric": [">", 0, "<"]}]}}', "Value of < must be numeric", 44),
        ('{"key":[{"numeric":["operator"]}]}', "Unrecognized numeric range operator: operator", 32),
        ('{"time": [{"prefix": ["2022-07-13"]}]}', "prefix match pattern must be a string", 23),
        ('{"time": [{"prefix": 123}]}', "prefix match pattern must be a string", 25),
        ('{"a": [{"wildcard": "x**y"}]}', "Consecutive wildcard characters at pos 2", 27),
        ('{"a": [{"anything-but": {"prefix": ""}}]}', "Null prefix/suffix not allowed", 38),
        ('["not", "a", "dict"]', "Filter is not an object", 2),
    ],
)
def test_the_place_is_where_the_reader_had_come_to(text, reason, column):
    assert refusal(text) == f'{reason}\n at [Source: (String)"{text}"; line: 1, column: {column}]'


def test_a_list_under_anything_but_tells_it_twice():
    text = '{"a": [{"anything-but": ["stopped", null]}]}'
    told = f'\n at [Source: (String)"{text}"; line: 1, column: 41]'
    assert refusal(text) == "Inside anything but list, start|null|boolean is not supported." + told * 2


@pytest.mark.parametrize(
    "text, reason, column",
    [
        ("this is none", "Unrecognized token 'this': was expecting (JSON String, Number, Array", 5),
        ("{'bad': 1}", "Unexpected character (''' (code 39)): was expecting double-quote to start field name", 2),
        ('{"not": closed}', "Unrecognized token 'closed'", 15),
        ('{"a" 1}', "Unexpected character ('1' (code 49)): was expecting a colon", 6),
        ('{"a": [1 2]}', "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries", 10),
    ],
)
def test_what_is_no_json(text, reason, column):
    told = refusal(text)
    assert told.startswith(reason) and told.endswith(f"column: {column}]")


@pytest.mark.parametrize("text", ["", '{"a', "[" * 600 + "]" * 700, '"a":' + "[" * 600])
def test_what_ends_too_soon_or_is_too_deep_has_no_place(text):
    assert refusal(text) == "Invalid JSON"


def test_lines_and_long_texts():
    assert "line: 2, column: " in refusal('{\n  "a": 1 }')
    long = json.dumps({"a": ["x" * 600], "b": 1})
    assert f'"[truncated {len(long) - 500} chars]; line: 1' in refusal(long)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(values, st.sampled_from((None, 1)))
def test_what_is_json_has_tokens_to_its_end(value, indent):
    text = json.dumps(value, indent=indent)
    found = tokens(text)
    assert found[0].start == 0 and found[-1].end == len(text) and not found[-1].path


@given(st.text('{}[]",:1ae \\\n', max_size=30))
def test_tokens_and_json_agree(text):
    try:
        json.loads(text)
    except ValueError:
        return
    assert tokens(text)
