"""Text becomes plain values, in YAML 1.1 as CloudFormation reads it."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines import cfn
from freehold.engines.cfn.read import DEPTH_MAX

SCALARS = {
    "2010-09-09": "2010-09-09",
    "2012-10-17T10:00:00Z": "2012-10-17T10:00:00Z",
    "1.2.3": "1.2.3",
    "10:30": "10:30",
    "yes": True,
    "Off": False,
    "'yes'": "yes",
    "!!str 12": "12",
    "12": 12,
    "0644": 420,
    "012345678901": "012345678901",
    "1.5": 1.5,
    "1e3": "1e3",
    "~": None,
    "<<": "<<",
}

FUNCTIONS = {
    "!Ref Queue": {"Ref": "Queue"},
    "!Condition Big": {"Condition": "Big"},
    "!GetAtt Stack.Outputs.Url": {"Fn::GetAtt": ["Stack", "Outputs.Url"]},
    "!GetAtt [Queue, Arn]": {"Fn::GetAtt": ["Queue", "Arn"]},
    "!Sub '${A}-b'": {"Fn::Sub": "${A}-b"},
    "!If [Big, !Ref A, !Ref AWS::NoValue]": {"Fn::If": ["Big", {"Ref": "A"}, {"Ref": "AWS::NoValue"}]},
    '!Join ["-", [a, !Select [2, !Split ["/", !Ref "AWS::StackId"]]]]': {
        "Fn::Join": ["-", ["a", {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}]]
    },
    "!Transform {Name: AWS::Include}": {"Fn::Transform": {"Name": "AWS::Include"}},
}


@pytest.mark.parametrize(("text", "value"), [*SCALARS.items(), *FUNCTIONS.items()])
def test_values(text, value):
    assert cfn.read(f"Key: {text}") == {"Key": value}


def test_keys_stay_text():
    assert cfn.read("200: ok\non: push\n2010-09-09: date") == {"200": "ok", "on": "push", "2010-09-09": "date"}


def test_the_last_of_equal_keys_wins():
    assert cfn.read("A: 1\nA: 2") == cfn.read('{"A": 1, "A": 2}') == {"A": 2}


def test_an_alias_stands_for_its_anchor():
    assert cfn.read("A: &x [1, 2]\nB: *x") == {"A": [1, 2], "B": [1, 2]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A: 1\nB: [1", "YAML not well-formed. (line 3, column 1)"),
        ("A:\n  B: !Nope x", "YAML not well-formed. (line 2, column 6)"),
        ("A: 1\n---\nB: 2", "YAML not well-formed. (line 2, column 1)"),
        ("A: *nowhere", "YAML not well-formed. (line 1, column 4)"),
        ("A: &a [*a]", "YAML not well-formed. (line 1, column 8)"),
        ("A: !!python/object:os.system x", "YAML not well-formed. (line 1, column 4)"),
        ('{"A": 1,\n "B" 2}', "JSON not well-formed. (line 2, column 6)"),
        ('{"A": NaN}', "JSON not well-formed. (line 1, column 1)"),
        ("A:\n  {B: c}: d", "[/A] map keys must be strings; received a map instead"),
    ],
)
def test_what_cannot_be_read(text, words):
    with pytest.raises(cfn.InvalidTemplate) as refused:
        cfn.read(text)
    assert refused.value.message == f"Template format error: {words}"


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        + "\n".join(f"{n}: &{n} [{', '.join([f'*{p}'] * 10)}]" for p, n in zip("abcdefgh", "bcdefghi", strict=True)),
        "A: " + "[" * (DEPTH_MAX + 1) + "]" * (DEPTH_MAX + 1),
        "A: " + "[" * 100_000,
        '{"A": ' + "[" * (DEPTH_MAX + 1) + "]" * (DEPTH_MAX + 1) + "}",
        '{"A":' * 100_000,
    ],
)
def test_bombs_are_refused(text):
    with pytest.raises(cfn.InvalidTemplate):
        cfn.read(text)


plain = st.recursive(
    st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=5), plain, max_size=3))
def test_json_comes_back_as_it_was(value):
    assert cfn.read(json.dumps(value)) == value


@given(st.dictionaries(st.from_regex(r"[A-Z][a-z]{0,5}", fullmatch=True), plain, min_size=1, max_size=3))
def test_yaml_comes_back_as_it_was(value):
    assert cfn.read(yaml.safe_dump(value, default_flow_style=False)) == value


@given(st.text(alphabet="{}[]:,!&*-'\" \nab#|>%@?~", max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        cfn.read(text)
    except cfn.InvalidTemplate as refused:
        assert "not" in refused.message or "must be" in refused.message
