"""Parameters: declared, given, constrained, resolved."""

import pytest

from freehold.engines import cfn
from freehold.engines.cfn.parameters import declare

CONSTRAINED = [
    ({"Type": "String", "AllowedValues": ["a", 1]}, "b", "Parameter 'P' must be one of AllowedValues"),
    ({"Type": "String", "AllowedPattern": "[a-z]+"}, "A", "Parameter 'P' must match pattern [a-z]+"),
    ({"Type": "String", "AllowedPattern": "[a-z]+"}, "a1", "Parameter 'P' must match pattern [a-z]+"),
    ({"Type": "String", "MinLength": 3}, "ab", "Parameter 'P' must contain at least 3 characters"),
    ({"Type": "String", "MaxLength": "1"}, "ab", "Parameter 'P' must contain at most 1 characters"),
    ({"Type": "Number"}, "x", "Parameter 'P' must be a number"),
    ({"Type": "Number", "MinValue": 1}, "0", "Parameter 'P' must be a number not less than 1"),
    ({"Type": "Number", "MaxValue": 3}, "4", "Parameter 'P' must be a number not greater than 3"),
    ({"Type": "List<Number>", "MaxValue": 3}, "1, 4", "Parameter 'P' must be a number not greater than 3"),
    (
        {"Type": "String", "AllowedValues": ["a"], "ConstraintDescription": "only a"},
        "b",
        "Parameter P failed to satisfy constraint: only a",
    ),
]

VALUES = [
    ("String", "a, b", "a, b"),
    ("Number", "5", "5"),
    ("CommaDelimitedList", "a, b ,c", ["a", "b", "c"]),
    ("CommaDelimitedList", "", [""]),
    ("List<Number>", "1,2", ["1", "2"]),
    ("AWS::EC2::KeyPair::KeyName", "key", "key"),
    ("List<AWS::EC2::Subnet::Id>", "s-1,s-2", ["s-1", "s-2"]),
    ("AWS::SSM::Parameter::Value<String>", "/shop/name", "books, toys"),
    ("AWS::SSM::Parameter::Value<List<String>>", "/shop/name", ["books", "toys"]),
    ("AWS::SSM::Parameter::Name", "/shop/name", "/shop/name"),
]


@pytest.mark.parametrize(("definition", "value", "words"), CONSTRAINED)
def test_constraints(definition, value, words):
    with pytest.raises(cfn.InvalidTemplate) as refused:
        cfn.given({"P": declare("P", definition)}, {"P": value})
    assert refused.value.message == words


@pytest.mark.parametrize(("kind", "value", "seen"), VALUES)
def test_what_ref_gives(kind, value, seen):
    declared = {"P": declare("P", {"Type": kind})}
    texts = cfn.given(declared, {"P": value})
    assert cfn.resolved(declared, texts, {"/shop/name": "books, toys"}) == {"P": seen}


def test_defaults_fill_in_and_are_text():
    declared = {
        name: declare(name, {"Type": "String", "Default": value}) for name, value in {"A": True, "B": 2}.items()
    }
    assert cfn.given(declared, {"B": "3"}) == {"A": "true", "B": "3"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Parameters: [P, Q] must have values"),
        ({"P": "1", "Q": "2", "Z": "3"}, "Parameters: [Z] do not exist in the template"),
    ],
)
def test_too_few_and_too_many(values, words):
    declared = {name: declare(name, {"Type": "String"}) for name in "QP"}
    with pytest.raises(cfn.InvalidTemplate) as refused:
        cfn.given(declared, values)
    assert refused.value.message == words


def test_a_stored_value_must_be_there():
    declared = {"P": declare("P", {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/a"})}
    texts = cfn.given(declared, {})
    assert cfn.stored_names(declared, texts) == ["/a"]
    with pytest.raises(cfn.InvalidTemplate, match="Unable to fetch parameters"):
        cfn.resolved(declared, texts)
