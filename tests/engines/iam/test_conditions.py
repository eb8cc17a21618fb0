"""Condition operators against the guide's table. Knows policies of one statement."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines.iam import Request, parse
from freehold.engines.iam.conditions import OPERATORS

# The operators of the guide's "Condition operators" page.
_ORDERS = ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"]
GUIDE = [
    *("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
    *("StringLike", "StringNotLike"),
    *(f"Numeric{order}" for order in _ORDERS),
    *(f"Date{order}" for order in _ORDERS),
    *("Bool", "BinaryEquals", "IpAddress", "NotIpAddress"),
    *("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Null"),
]


def holds(operator, wanted, found=None, context=None, key="k", version="2012-10-17"):
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {operator: {key: wanted}}}
    context = dict(context or {}) | ({"k": found} if found is not None else {})
    policy = parse({"Version": version, "Statement": statement})
    return policy.permits(Request("a:b", "*", context=context))


def test_the_table_has_the_guides_operators():
    assert sorted(OPERATORS) == sorted(GUIDE)


@pytest.mark.parametrize(
    "operator, wanted, yes, no",
    [
        ("StringEquals", "a*", "a*", "ab"),
        ("StringEquals", ["a", "b"], "b", "B"),
        ("stringequals", "a", "a", "b"),
        ("StringNotEquals", ["a", "b"], "c", "b"),
        ("StringEqualsIgnoreCase", "Ab", "aB", "a"),
        ("StringNotEqualsIgnoreCase", "Ab", "a", "aB"),
        ("StringLike", "a*c?", "abbcd", "abbc"),
        ("StringLike", "", "", "x"),
        ("StringNotLike", "home/*", "away/x", "home/x"),
        ("NumericEquals", "10", "1e1", "11"),
        ("NumericNotEquals", 10, "9", "10.0"),
        ("NumericLessThan", "10", "9.5", "10"),
        ("NumericLessThanEquals", "10", "10", "11"),
        ("NumericGreaterThan", "10", "11", "nan"),
        ("NumericGreaterThanEquals", "10", "10", "x"),
        ("DateEquals", "2024-01-01T00:00:00Z", "1704067200", "2024-01-01T00:00:01Z"),
        ("DateNotEquals", "2024-01-01T00:00:00Z", "2024-01-02", "2024-01-01"),
        ("DateLessThan", "2024-01-01T00:00:00Z", "2023-12-31T23:59:59Z", "2024-01-01T00:00:00Z"),
        ("DateLessThanEquals", "2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00", "2024-01-01T01:00:00Z"),
        ("DateGreaterThan", "2024-01-01T00:00:00Z", "2024-01-01T00:00:01Z", "yesterday"),
        ("DateGreaterThanEquals", "1704067200", "2024-01-01T00:00:00Z", "2023-01-01"),
        ("Bool", "true", "true", "false"),
        ("Bool", False, "False", "true"),
        ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", "QmluYXJ6"),
        ("IpAddress", "203.0.113.0/24", "203.0.113.9", "203.0.114.9"),
        ("IpAddress", "2001:db8::/32", "2001:db8::1", "203.0.113.9"),
        ("NotIpAddress", "203.0.113.0/24", "198.51.100.1", "203.0.113.9"),
        ("ArnLike", "arn:aws:sns:*:123456789012:t*", "arn:aws:sns:eu-west-1:123456789012:t:u", "arn:aws:sns:x:9:t"),
        ("ArnEquals", "arn:aws:iam::1:role/*", "arn:aws:iam::1:role/a/b", "arn:aws:iam:x:y:1:role/a"),
        ("ArnNotLike", "arn:aws:iam::1:role/*", "arn:aws:iam::2:role/a", "arn:aws:iam::1:role/a"),
        ("ArnNotEquals", "arn:aws:iam::1:role/a", "arn:aws:iam::1:role/b", "arn:aws:iam::1:role/a"),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "b", "a"], ["a", "c"]),
        ("ForAllValues:StringNotEquals", ["a", "b"], ["c", "d"], ["c", "a"]),
        ("ForAnyValue:StringEquals", ["a", "b"], ["c", "a"], ["c", "d"]),
        ("ForAnyValue:StringNotEquals", ["a", "b"], ["c", "a"], ["a", "b"]),
        ("StringLikeIfExists", "a*", "ab", "b"),
    ],
)
def test_operators(operator, wanted, yes, no):
    assert holds(operator, wanted, yes)
    assert not holds(operator, wanted, no)


@pytest.mark.parametrize("name", [name for name in GUIDE if name != "Null"])
def test_a_missing_key_fails_positive_operators_and_satisfies_negated_ones(name):
    wanted = "2024-01-01"
    assert holds(name, wanted) is ("Not" in name)
    assert holds(name + "IfExists", wanted)
    assert holds("ForAllValues:" + name, wanted)
    assert not holds("ForAnyValue:" + name, wanted)
    assert holds(f"ForAnyValue:{name}IfExists", wanted)


def test_null_asks_whether_a_key_is_missing():
    assert holds("Null", "true") and not holds("Null", "true", "x")
    assert holds("Null", "false", "x") and not holds("Null", False)


def test_condition_keys_are_of_any_case():
    assert holds("StringEquals", "v", context={"aws:PrincipalTag/Team": "v"}, key="AWS:principaltag/team")


@pytest.mark.parametrize(
    "wanted, context, expected",
    [
        ("home/${aws:username}/*", {"aws:username": "ann", "k": "home/ann/x"}, True),
        ("home/${aws:username}/*", {"aws:username": "ann", "k": "home/bob/x"}, False),
        ("home/${AWS:UserName}/*", {"aws:username": "*", "k": "home/bob/x"}, False),
        ("home/${aws:username}/*", {"k": "home/bob/x"}, False),
        ("${aws:PrincipalTag/team, 'none'}", {"k": "none"}, True),
        ("${aws:PrincipalTag/team, 'none'}", {"k": "none", "aws:principaltag/TEAM": "red"}, False),
        ("${*}${?}${$}{x}", {"k": "*?${x}"}, True),
        ("${*}", {"k": "anything"}, False),
        ("${aws:TagKeys}", {"aws:TagKeys": ["a", "b"], "k": "a"}, False),
    ],
)
def test_variables(wanted, context, expected):
    assert holds("StringLike", wanted, context=context) is expected


def test_the_older_version_has_no_variables():
    assert holds("StringEquals", "${aws:username}", "${aws:username}", version="2008-10-17")


@given(
    st.sampled_from([name for name in GUIDE if "Not" in name]),
    st.sampled_from(["1", "1704067200", "2024-01-01"]),
    st.sampled_from(["a", "1", "2024-01-01", "10.0.0.1", "arn:a:b:c:d:e", ""]) | st.text(max_size=5),
)
def test_a_negation_is_the_opposite_of_what_it_negates(negation, wanted, found):
    assert holds(negation, wanted, found) is not holds(negation.replace("Not", ""), wanted, found)
