"""SNS filter policies: message attributes, message bodies, limits. Knows the public face."""

import pytest

from freehold.engines.patterns import SNS_ATTRIBUTES, SNS_BODY, InvalidFilterPolicy, NestedPolicy, compile


def attribute(kind, text):
    return {"k": {"DataType": kind, "StringValue": text}}


BINARY = {"k": {"DataType": "Binary", "BinaryValue": b"rugby"}}


@pytest.mark.parametrize(
    "wanted, attributes, expected",
    [
        (["rugby", "tennis"], attribute("String", "rugby"), True),
        (["rugby"], attribute("String", "Rugby"), False),
        (["rugby"], {}, False),
        (["rugby"], BINARY, False),
        ([{"exists": True}], BINARY, False),
        ([{"exists": False}], BINARY, True),
        ([{"exists": False}], {}, True),
        ([{"exists": True}], attribute("Number", "99"), True),
        (["b"], attribute("String.Array", '["a", "b"]'), True),
        ([True, None], attribute("String.Array", "[null]"), True),
        ([5], attribute("String.Array", '["5"]'), False),
        ([{"anything-but": ["rugby", "tennis"]}], attribute("String.Array", '["rugby", "baseball"]'), True),
        ([{"anything-but": ["rugby", "tennis"]}], attribute("String", "rugby"), False),
        ([{"anything-but": {"prefix": "order-"}}], attribute("String", "order-1"), False),
        ([{"prefix": "bas"}], attribute("String", "baseball"), True),
        ([{"suffix": "ball"}], attribute("String", "baseball"), True),
        ([{"equals-ignore-case": "TENNIS"}], attribute("String", "tennis"), True),
        ([{"cidr": "10.0.0.0/24"}], attribute("String", "10.0.0.255"), True),
        ([301.5], attribute("Number", "3.015e2"), True),
        ([100], attribute("String", "100"), False),
        ([{"numeric": [">", 0, "<=", 150]}], attribute("Number", "150"), True),
        ([{"numeric": [">", 0]}], attribute("String", "150"), False),
        ([{"anything-but": [100, 500]}], attribute("Number", "100.1"), True),
        ([None, {"anything-but": "whatever"}], attribute("Number", "99"), True),
    ],
)
def test_attributes(wanted, attributes, expected):
    assert compile({"k": wanted}, SNS_ATTRIBUTES)(attributes) is expected


def test_or_over_attributes():
    policy = {"source": ["a"], "$or": [{"x": ["1"]}, {"y": [{"prefix": "2"}]}]}
    matches = compile(policy, SNS_ATTRIBUTES)
    source = {"source": {"DataType": "String", "StringValue": "a"}}
    assert matches(source | {"y": {"DataType": "String", "StringValue": "22"}})
    assert not matches(source)


@pytest.mark.parametrize(
    "body, expected",
    [
        ('{"object": {"key": "auto-1"}}', True),
        ('{"object.key": "auto-1"}', True),
        ('{"object": [{"key": "home"}, {"key": "auto-1"}]}', True),
        ('{"object": {"key": "home"}}', False),
        ('{"object": "auto-1"}', False),
        ("plain text", False),
        ("[1]", False),
    ],
)
def test_bodies(body, expected):
    assert compile('{"object": {"key": [{"prefix": "auto-"}]}}', SNS_BODY)(body) is expected


@pytest.mark.parametrize("dialect", [SNS_ATTRIBUTES, SNS_BODY])
def test_an_empty_policy_takes_all(dialect):
    assert compile("{}", dialect)({})


@pytest.mark.parametrize(
    "policy, reason",
    [
        ("{", "failed to parse JSON."),
        ({"key": [["value"]]}, "Match value must be String, number, true, false, or null"),
        ({"key": [{"wrong-operator": True}]}, "Unrecognized match type wrong-operator"),
        ({"key": {"suffix": "value"}}, '"suffix" must be an object or an array'),
        ({"key": [{"anything-but": {"suffix": "test"}}]}, "Unsupported anything-but pattern: suffix"),
        ({"key": [{"anything-but": {"prefix": False}}]}, "prefix match pattern must be a string"),
        ({f"key{n}": ["v"] for n in range(6)}, "Filter policy can not have more than 5 keys"),
        ({"key": [str(n) for n in range(151)]}, "Filter policy is too complex"),
        ({"a": list("abcdefghijklm"), "b": list("abcdefghijkl")}, "Filter policy is too complex"),
        ({"$or": [{"a": [str(n) for n in range(100)]}, {"b": [str(n) for n in range(51)]}]}, "too complex"),
        ({"key": ["x" * 300_000]}, "Filter policy is too long"),
    ],
)
def test_refusals(policy, reason):
    with pytest.raises(InvalidFilterPolicy) as refusal:
        compile(policy, SNS_BODY)
    assert refusal.value.message.startswith("Invalid parameter: FilterPolicy: ")
    assert refusal.value.message.endswith(reason)


@pytest.mark.parametrize(
    "policy",
    [
        {"a": [str(n) for n in range(150)]},
        {"a": {"b": [str(n) for n in range(75)]}},  # a value counts as often as it is deep
        {"$or": [{"a": [str(n) for n in range(100)]}, {"b": [str(n) for n in range(50)]}]},
    ],
)
def test_just_within_the_limits(policy):
    assert compile(policy, SNS_BODY)


def test_policies_on_attributes_are_flat():
    with pytest.raises(NestedPolicy) as refusal:
        compile({"object": {"key": ["x"]}}, SNS_ATTRIBUTES)
    assert "does not support nested filter policy" in refusal.value.message
