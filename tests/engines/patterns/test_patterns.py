"""Patterns against values: operators, nesting, arrays, $or, and AWS's reasons for refusing. Knows the public face."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines.patterns import (
    DIALECTS,
    EVENTBRIDGE,
    LAMBDA,
    InvalidEventPattern,
    InvalidFilterPattern,
    compile,
)
from freehold.engines.patterns.dialects import EVERY_OPERATOR
from freehold.engines.patterns.operators import OPERATORS


def test_the_table_is_what_dialects_choose_from():
    assert set(OPERATORS) == EVERY_OPERATOR
    assert all(dialect.operators <= set(OPERATORS) for dialect in DIALECTS.values())
    assert all(set(dialect.under_anything_but) <= set(OPERATORS) for dialect in DIALECTS.values())


MISSING = object()


@pytest.mark.parametrize(
    "wanted, yes, no",
    [
        (["a", "b"], ["a", "b", ["c", "b"], [["a"]]], ["c", "A", MISSING, None, [], {"a": "a"}]),
        ([300], [300, 300.0, 3.0e2], ["300", 301, True]),
        ([1], [1], [True]),
        ([True], [True], [1, "true", False]),
        ([None], [None], [MISSING, "", 0, []]),
        ([""], [""], [None, MISSING]),
        ([{"exactly": "a"}], ["a"], ["b"]),
        ([{"prefix": "us-"}], ["us-east-1", ["x", "us-"]], ["eu", 5, None, MISSING]),
        ([{"prefix": {"equals-ignore-case": "EventB"}}], ["eventbridge"], ["bevent"]),
        ([{"suffix": ".png"}], ["a.png"], ["png", "a.PNG"]),
        ([{"suffix": {"equals-ignore-case": ".png"}}], ["a.PNG"], ["a.jpg"]),
        ([{"equals-ignore-case": "Alice"}], ["aLICE"], ["Bob", None]),
        ([{"wildcard": "a*/b\\*c*"}], ["a/b*c", "axx/b*cyy"], ["a/bxc", "b", 3]),
        ([{"wildcard": "dir/*.p\\\\ng"}], ["dir/x.p\\ng"], ["dir/x.png"]),
        ([{"anything-but": "a"}], ["b", None, 5, True, ["a", "b"]], ["a", MISSING, ["a"], []]),
        ([{"anything-but": ["a", "b"]}], ["c"], ["a", "b"]),
        ([{"anything-but": 0}], [1, "0"], [0, 0.0]),
        ([{"anything-but": [1, 2]}], [3], [2]),
        ([{"anything-but": {"prefix": "init"}}], ["x", 5, None], ["initial", MISSING]),
        ([{"anything-but": {"prefix": ["a", "b"]}}], ["c"], ["ax", "bx"]),
        ([{"anything-but": {"suffix": [".txt", ".rtf"]}}], ["a.png"], ["a.txt", "a.rtf"]),
        ([{"anything-but": {"equals-ignore-case": ["On", "oFF"]}}], ["x"], ["on", "OFF"]),
        ([{"anything-but": {"wildcard": ["*/lib/*", "*/bin/*"]}}], ["/a/b"], ["/a/lib/b", "/bin/"]),
        ([{"numeric": ["=", 5]}], [5, 5.0, [1, 5]], [6, "5", None, MISSING, True]),
        ([{"numeric": [">", 0, "<=", 5]}], [0.1, 5], [0, 5.1]),
        ([{"numeric": [">=", 0]}], [0], [-1]),
        ([{"numeric": ["<", 10]}], [9], [10]),
        ([{"exists": True}], ["x", None, "", 0], [MISSING, [], {"inner": 1}]),
        ([{"exists": False}], [MISSING, [], {"inner": 1}], ["x", None]),
        ([{"exists": False}, "a"], [MISSING, "a"], ["b"]),
        ([{"cidr": "10.0.0.0/24"}], ["10.0.0.255"], ["10.0.1.0", "10.0.0", 3, "::1"]),
        ([{"cidr": "2001:db8::/32"}], ["2001:db8::1"], ["2001:db9::1", "10.0.0.1"]),
        (["a", {"prefix": "b"}, {"numeric": ["=", 1]}], ["a", "bx", 1], ["c", 2]),
    ],
)
def test_operators(wanted, yes, no):
    matches = compile({"k": wanted}, EVENTBRIDGE)
    for value in yes:
        assert matches({} if value is MISSING else {"k": value}), value
    for value in no:
        assert not matches({} if value is MISSING else {"k": value}), value


EVENT = {
    "source": "aws.ec2",
    "resources": ["arn:1", "arn:2"],
    "detail": {
        "state": "running",
        "count": 7,
        "disks": [{"id": "a", "size": 10}, {"id": "b", "size": 20, "tags": [{"k": "x"}]}],
        "dotted.name": {"deep": 1},
    },
}


@pytest.mark.parametrize(
    "pattern, expected",
    [
        ({"source": ["aws.ec2"], "resources": ["arn:2", "arn:9"]}, True),
        ({"source": ["aws.ec2"], "resources": ["arn:9"]}, False),
        ({"detail": {"state": ["running"], "count": [{"numeric": [">", 5]}]}}, True),
        ({"detail": {"state": ["running"], "count": [{"numeric": [">", 9]}]}}, False),
        ({"detail": {"disks": {"id": ["b"], "size": [20]}}}, True),
        ({"detail": {"disks": {"id": ["a"], "size": [20]}}}, False),  # of one and the same disk
        ({"detail.disks.id": ["a"], "detail": {"disks": {"size": [20]}}}, False),
        ({"detail": {"disks": {"tags": {"k": ["x"]}, "id": ["b"]}}}, True),
        ({"detail.state": ["running"]}, True),
        ({"detail.state": ["running"], "detail": {"count": [8]}}, False),
        ({"detail": {"dotted": {"name": {"deep": [1]}}}}, True),
        ({"detail.dotted.name.deep": [1]}, True),
        ({"detail.dotted.name.deep": [2]}, False),
        ({"detail": {"none": {"at": {"all": [{"exists": False}]}}}}, True),
        ({"source": {"inside": [{"exists": False}]}}, True),
        ({"source": {"inside": ["x"]}}, False),
        ({"$or": [{"source": ["x"]}, {"detail": {"state": ["running"]}}]}, True),
        ({"$or": [{"source": ["x"]}, {"detail": {"state": ["y"]}}]}, False),
        ({"detail": {"$or": [{"state": ["x"]}, {"$or": [{"count": [1]}, {"count": [7]}]}]}}, True),
        ({"source": ["x"], "$or": [{"resources": ["arn:1"]}, {"detail": {"count": [7]}}]}, False),
        ({"detail": {"disks": {"$or": [{"id": ["a"]}, {"id": ["z"]}], "size": [20]}}}, False),
    ],
)
def test_structure(pattern, expected):
    assert compile(pattern, EVENTBRIDGE)(EVENT) is expected
    assert compile(json.dumps(pattern), EVENTBRIDGE)(json.dumps(EVENT)) is expected


EITHER = "either all values are number or string, mixed type is not supported"


@pytest.mark.parametrize(
    "pattern, reason",
    [
        ("{'bad': 1}", "Invalid JSON"),
        ('["not", "a", "dict"]', "Filter is not an object"),
        ("{}", "Empty objects are not allowed"),
        ({"a": {}}, "Empty objects are not allowed"),
        ({"int": 42}, '"int" must be an object or an array'),
        ({"string": "my-value"}, '"string" must be an object or an array'),
        ({"resources": []}, "Empty arrays are not allowed"),
        ({"a": [["b"]]}, "Match value must be String, number, true, false, or null"),
        ({"a": [{}]}, "Match expression name not found"),
        ({"a": [{"EXISTS": True}]}, "Unrecognized match type EXISTS"),
        ({"a": [{"suffix": "a", "prefix": "b"}]}, "Only one key allowed in match expression"),
        ({"a": [{"exists": "no"}]}, "exists match pattern must be either true or false."),
        ({"a": [{"prefix": ["x"]}]}, "prefix match pattern must be a string"),
        ({"a": [{"suffix": 123}]}, "suffix match pattern must be a string"),
        ({"a": [{"prefix": {"wildcard": "x"}}]}, "Unsupported prefix pattern: wildcard"),
        ({"a": [{"equals-ignore-case": ["x"]}]}, "equals-ignore-case match pattern must be a string"),
        ({"a": [{"wildcard": 123}]}, "wildcard match pattern must be a string"),
        ({"a": [{"wildcard": "arn:aws:events:us-east-1:**:x/*"}]}, "Consecutive wildcard characters at pos 26"),
        (
            {"a": [{"wildcard": "*:*:*:*:*:event-bus/*"}]},
            "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a "
            "wildcard character",
        ),
        ({"a": [{"wildcard": "a\\b"}]}, "Invalid escape character at pos 2"),
        ({"a": [{"cidr": ["bad-type"]}]}, "prefix match pattern must be a string"),
        ({"a": [{"cidr": "10.0.0.1"}]}, "Malformed CIDR, one '/' required"),
        ({"a": [{"cidr": "10.0.0.1/xx"}]}, "Malformed CIDR, mask bits must be an integer"),
        ({"a": [{"cidr": "10.0.0.1/-1"}]}, "Malformed CIDR, mask bits must not be negative"),
        ({"a": [{"cidr": "10.0.0.1/32"}]}, "IPv4 mask bits must be < 32"),
        ({"a": [{"cidr": "xx.11.xx/8"}]}, "Nonstandard IP address: xx.11.xx"),
        ({"a": [{"anything-but": True}]}, "Value of anything-but must be an array or single string/number value."),
        ({"a": [{"anything-but": [None]}]}, "Inside anything but list, start|null|boolean is not supported."),
        ({"a": [{"anything-but": ["a", 1]}]}, f"Inside anything but list, {EITHER}"),
        ({"a": [{"anything-but": []}]}, f"Inside anything but list, {EITHER}"),
        ({"a": [{"anything-but": {"exists": False}}]}, "Unsupported anything-but pattern: exists"),
        ({"a": [{"anything-but": {"prefix": [1, "a"]}}]}, "prefix/suffix match pattern must be a string"),
        ({"a": [{"anything-but": {"suffix": ""}}]}, "Null prefix/suffix not allowed"),
        ({"a": [{"anything-but": {"wildcard": 1}}]}, "wildcard match pattern must be a string"),
        (
            {"a": [{"anything-but": {"equals-ignore-case": 123}}]},
            "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.",
        ),
        (
            {"a": [{"anything-but": {"prefix": {"equals-ignore-case": "file"}}}]},
            "Value of anything-but must be an array or single string/number value.",
        ),
        ({"a": [{"numeric": 5}]}, "Value of numeric must be an array."),
        ({"a": [{"numeric": []}]}, "Invalid member in numeric match: ]"),
        ({"a": [{"numeric": [1, "<="]}]}, "Invalid member in numeric match: 1"),
        ({"a": [{"numeric": ["operator"]}]}, "Unrecognized numeric range operator: operator"),
        ({"a": [{"numeric": ["=", "000"]}]}, "Value of equals must be numeric"),
        ({"a": [{"numeric": [">="]}]}, "Value of >= must be numeric"),
        ({"a": [{"numeric": ["<", 100, ">", 10]}]}, "Too many elements in numeric expression"),
        ({"a": [{"numeric": [">=", 1, ">", 2]}]}, "Bad numeric range operator: >"),
        ({"a": [{"numeric": [">", 3, "<", 1]}]}, "Bottom must be less than top"),
        ({"a": [{"numeric": [">", 20, "<="]}]}, "Value of <= must be numeric"),
        ({"a": [{"numeric": [">", 20, 30]}]}, "Bad value in numeric range: 30"),
        ({"a": [{"numeric": [">", 20, "<", 30, "<", 50]}]}, "Too many terms in numeric range expression"),
        ({"a": [{"numeric": ["=", 1], "prefix": "x"}]}, "Too many elements in numeric expression"),
        ({"$or": {"a": [1]}}, "It must be an Array followed with $or."),
        ({"$or": [1, 2]}, "Only JSON object is allowed in array of $or relationship."),
        ({"$or": [{"a": [1]}]}, "There must have at least 2 Objects in $or relationship."),
        (
            {"$or": [{"prefix": ["x"]}, {"a": [1]}]},
            "prefix is Ruler reserved fieldName which cannot be used inside $or.",
        ),
    ],
)
def test_refusals_have_aws_reasons(pattern, reason):
    with pytest.raises(InvalidEventPattern) as refusal:
        compile(pattern, EVENTBRIDGE)
    assert refusal.value.message == f"Event pattern is not valid. Reason: {reason}"
    assert refusal.value.shape() == "InvalidEventPatternException"


@pytest.mark.parametrize("pattern", ["{", {"a": 1}, {"a": [{"wildcard": "x"}]}, {"a": []}])
def test_lambda_gives_no_reason(pattern):
    with pytest.raises(InvalidFilterPattern) as refusal:
        compile(pattern, LAMBDA)
    assert refusal.value.message == "Invalid filter pattern definition."


def test_lambda_takes_everything_for_an_empty_pattern():
    assert compile("{}", LAMBDA)({"body": 1})


def test_a_pattern_too_deep_is_refused_and_an_event_too_deep_is_not():
    deep = json.loads('{"a":' * 500 + "[1]" + "}" * 500)
    with pytest.raises(InvalidEventPattern):
        compile(deep, EVENTBRIDGE)
    nested = [1]
    for _ in range(5000):
        nested = [nested]
    assert compile({"a": [1]}, EVENTBRIDGE)({"a": nested})


@pytest.mark.parametrize("value", [None, 5, [], "text", '["list"]', b"\xff"])
def test_what_is_no_object_matches_nothing(value):
    assert not compile({"a": [{"exists": False}]}, EVENTBRIDGE)(value)


names = st.sampled_from(["a", "b", "c"])
scalars = st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["", "x", "xy"])
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3))
events = st.dictionaries(names, values, max_size=3)
leaves = st.lists(scalars | st.sampled_from([{"prefix": "x"}, {"exists": True}]), min_size=1, max_size=3)
patterns = st.recursive(
    st.dictionaries(names, leaves, min_size=1, max_size=2),
    lambda inner: st.dictionaries(names, leaves | inner, min_size=1, max_size=2),
)


@given(patterns, patterns, events)
def test_or_is_or(one, other, event):
    either = compile({"$or": [one, other]}, EVENTBRIDGE)(event)
    assert either is (compile(one, EVENTBRIDGE)(event) or compile(other, EVENTBRIDGE)(event))


@given(st.dictionaries(names, leaves, min_size=1, max_size=3), events)
def test_fields_are_and(pattern, event):
    each = [compile({name: wanted}, EVENTBRIDGE)(event) for name, wanted in pattern.items()]
    assert compile(pattern, EVENTBRIDGE)(event) is all(each)


@given(leaves, scalars, events)
def test_one_more_alternative_only_widens(wanted, more, event):
    before = compile({"a": wanted}, EVENTBRIDGE)(event)
    assert compile({"a": [*wanted, more]}, EVENTBRIDGE)(event) >= before


@given(st.sampled_from(["a", "b"]), events)
def test_a_field_exists_or_does_not(name, event):
    exists = compile({name: [{"exists": True}]}, EVENTBRIDGE)(event)
    assert exists is not compile({name: [{"exists": False}]}, EVENTBRIDGE)(event)


@given(events, st.dictionaries(names, values, max_size=3))
def test_any_json_is_compiled_or_refused(event, pattern):
    try:
        matches = compile(pattern, EVENTBRIDGE)
    except InvalidEventPattern:
        return
    assert matches(event) in (True, False)
