"""Every intrinsic function, what it gives and how it refuses."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freehold.engines import cfn
from freehold.engines.cfn.functions import CONDITIONS

PSEUDO = {"AWS::Region": "eu-west-1", "AWS::Partition": "aws"}

# AWS CloudFormation Template Reference, "Intrinsic functions"; ForEach and Transform are done before evaluation.
LISTED_BY_AWS = {
    *("Fn::Base64", "Fn::Cidr", "Fn::And", "Fn::Equals", "Fn::If", "Fn::Not", "Fn::Or", "Fn::FindInMap"),
    *("Fn::ForEach", "Fn::GetAtt", "Fn::GetAZs", "Fn::ImportValue", "Fn::Join", "Fn::Length", "Fn::Select"),
    *("Fn::Split", "Fn::Sub", "Fn::ToJsonString", "Fn::Transform", "Ref"),
}

ENV = cfn.Environment(
    parameters={"Env": "dev", "Subnets": ["s-1", "s-2"]},
    pseudo=PSEUDO,
    mappings={"Sizes": {"dev": {"Cpu": 2, "Names": ["a", "b"]}}},
    conditions={"Big": True, "Small": False},
    resources={
        "Queue": cfn.Known("https://queue", {"Arn": "arn:queue", "Address": {"Port": 5}}),
        "Child": cfn.Known("arn:child", {"Outputs.Url": "https://child"}),
        "Api": cfn.Known("api|id", ref="id"),
    },
    exports={"shared-vpc": "vpc-1"},
)

GIVES = [
    ("!Ref Env", "dev"),
    ("!Ref Subnets", ["s-1", "s-2"]),
    ("!Ref AWS::Region", "eu-west-1"),
    ("!Ref Queue", "https://queue"),
    ("!Ref Api", "id"),
    ("!GetAtt Queue.Arn", "arn:queue"),
    ("!GetAtt Queue.Address.Port", 5),
    ("!GetAtt Child.Outputs.Url", "https://child"),
    ("{Fn::GetAtt: [Child, Outputs, Url]}", "https://child"),
    ("{Fn::GetAtt: Queue.Arn}", "arn:queue"),
    ("!Sub '${Env}-${Queue.Arn}-${AWS::Region}-${!Env}'", "dev-arn:queue-eu-west-1-${Env}"),
    ("!Sub ['${a}${Env}', {a: !Ref Queue}]", "https://queuedev"),
    ("!Sub '${ Env}-${Queue.Arn }-${ !Env}'", "dev-arn:queue-${Env}"),
    ("!Sub 'no $ { variables } $'", "no $ { variables } $"),
    ("!Join ['-', [a, 1, true, !Ref AWS::NoValue, !Ref Env]]", "a-1-true-dev"),
    ("!Join [',', !Ref Subnets]", "s-1,s-2"),
    ("!Split [',', 'a,b,,c']", ["a", "b", "", "c"]),
    ("!Select [1, [a, b]]", "b"),
    ("!Select ['0', !GetAZs '']", "eu-west-1a"),
    ("!GetAZs us-east-1", ["us-east-1a", "us-east-1b", "us-east-1c"]),
    ("!FindInMap [Sizes, !Ref Env, Cpu]", 2),
    ("!FindInMap [Sizes, !Ref Env, Names]", ["a", "b"]),
    ("!FindInMap [Sizes, prod, Cpu, {DefaultValue: 1}]", 1),
    ("!If [Big, a, !Ref Unmade]", "a"),
    ("!If [Small, !Ref Unmade, [b]]", ["b"]),
    ("!Base64 'héllo'", "aMOpbGxv"),
    ("!Cidr [10.0.0.0/24, 3, 5]", ["10.0.0.0/27", "10.0.0.32/27", "10.0.0.64/27"]),
    ("!Cidr ['2600:db8::/56', 2, 64]", ["2600:db8::/64", "2600:db8:0:1::/64"]),
    ("!ImportValue shared-vpc", "vpc-1"),
    ("!Length [1, 2, 3]", 3),
    ("!Length {Ref: Subnets}", 2),
    ("!ToJsonString {a: [1, !Ref Env], b: {c: true}}", '{"a":[1,"dev"],"b":{"c":true}}'),
    ("{Keep: 1, Drop: !If [Small, x, !Ref AWS::NoValue]}", {"Keep": 1}),
    ("[a, !If [Small, x, !Ref AWS::NoValue]]", ["a"]),
    ("{Condition: Big}", {"Condition": "Big"}),
    ("{Ref: Env, Other: 1}", {"Ref": "Env", "Other": 1}),
]

REFUSES = [
    ("!Select [2, [a, b]]", "Template error: Fn::Select cannot select nonexistent value at index 2"),
    ("!FindInMap [Sizes, prod, Cpu]", "Template error: Unable to get mapping for Sizes::prod::Cpu"),
    ("!FindInMap [None, a, b]", "Mapping named 'None' is not present in the 'Mappings' section"),
    ("!Join [a]", "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and"),
    ("!Split ['', a]", "Template error: every Fn::Split object requires two parameters"),
    ("!If [Maybe, a, b]", "Template error: unresolved condition dependency Maybe in Fn::If"),
    ("!ImportValue nothing", "No export named nothing found."),
    ("!GetAtt Queue.Colour", "Template error: resource Queue does not support attribute type Colour in Fn::GetAtt"),
    ("!Sub [a]", "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments."),
    ("!Cidr [10.0.0.0/24, 9, 5]", "Template error: Fn::Cidr cannot fit 9 blocks of /27 in 10.0.0.0/24"),
    ("!Length a", "Template error: every Fn::Length object requires a list"),
]


def test_the_table_is_awss_list():
    assert {*cfn.FUNCTIONS, *CONDITIONS, "Fn::ForEach", "Fn::Transform"} - {"Condition"} == LISTED_BY_AWS


@pytest.mark.parametrize(("written", "value"), GIVES)
def test_what_it_gives(written, value):
    assert cfn.evaluate(cfn.read(f"V: {written}"), ENV) == {"V": value}


@pytest.mark.parametrize(("written", "words"), REFUSES)
def test_how_it_refuses(written, words):
    with pytest.raises(cfn.InvalidTemplate) as refused:
        cfn.evaluate(cfn.read(f"V: {written}"), ENV)
    assert words in refused.value.message


@pytest.mark.parametrize(
    "written", ["!Ref Unmade", "!GetAtt Unmade.Arn", "!Sub '${Unmade.Arn}'", "!Base64 {Ref: Unmade}"]
)
def test_what_is_not_made_yet(written):
    with pytest.raises(cfn.NotYet) as waits:
        cfn.evaluate(cfn.read(f"V: {written}"), ENV)
    assert waits.value.name == "Unmade"


def test_what_is_known_is_evaluated_around_what_is_not():
    value = cfn.read("!Join ['-', [!Ref Env, !GetAtt Unmade.Arn, !If [Big, a, b]]]")
    assert cfn.evaluate_known(value, ENV) == {"Fn::Join": ["-", ["dev", {"Fn::GetAtt": ["Unmade", "Arn"]}, "a"]]}


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 300)
    | st.sampled_from(["", "a", "Env", "Big", "1", "${", "10.0.0.0/8"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "Ref", "Fn::If"]), inner, max_size=2)
    ),
    max_leaves=6,
)


@settings(max_examples=500)
@given(st.sampled_from(sorted(cfn.FUNCTIONS | CONDITIONS)), junk)
def test_no_argument_breaks_a_function(name, argument):
    with suppress(cfn.InvalidTemplate, cfn.NotYet):
        cfn.evaluate({name: argument}, ENV, cfn.FUNCTIONS | CONDITIONS)


CONDITIONAL = """
Parameters: {Env: {Type: String}, Size: {Type: Number, Default: 1}}
Mappings: {Big: {prod: {From: 5}, dev: {From: 50}}}
Conditions:
  Both: !And [Condition: Prod, Condition: Large]
  Either: !Or [!Condition Prod, !Equals [!Ref Size, 1]]
  Prod: !Equals [!Ref Env, prod]
  Dev: !Not [Condition: Prod]
  Large: !Equals [!FindInMap [Big, !Ref Env, From], !Ref Size]
Resources: {Q: {Type: T}}
"""


@pytest.mark.parametrize(
    ("values", "true"),
    [
        ({"Env": "prod"}, {"Prod", "Either"}),
        ({"Env": "prod", "Size": 5}, {"Both", "Prod", "Either", "Large"}),
        ({"Env": "dev", "Size": 50}, {"Dev", "Large"}),
    ],
)
def test_conditions(values, true):
    decided = cfn.deployment(cfn.parse(CONDITIONAL), values, PSEUDO).environment.conditions
    assert {name for name, truth in decided.items() if truth} == true


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ("{A: !Not [Condition: B], B: !Not [Condition: A]}", "Found circular condition dependency: [A, B]"),
        ("{A: !Not [Condition: B]}", "unresolved condition dependency B in Condition"),
        ("{A: !And [!Equals [a, a]]}", "every Fn::And object requires a list of at least 2 and at most 10 boolean"),
    ],
)
def test_conditions_that_cannot_be_decided(conditions, words):
    with pytest.raises(cfn.InvalidTemplate) as refused:
        cfn.deployment(cfn.parse(f"Conditions: {conditions}\nResources: {{Q: {{Type: T}}}}"), {}, PSEUDO)
    assert words in refused.value.message


RULED = """
Parameters: {Env: {Type: String}, Size: {Type: String}}
Rules:
  ProdIsLarge:
    RuleCondition: !Equals [!Ref Env, prod]
    Assertions: [{Assert: !Contains [[l, xl], !Ref Size], AssertDescription: prod must be large}]
Resources: {Q: {Type: T}}
"""


def test_rules():
    for values in ({"Env": "dev", "Size": "s"}, {"Env": "prod", "Size": "xl"}):
        cfn.deployment(cfn.parse(RULED), values, PSEUDO)
    with pytest.raises(cfn.InvalidTemplate, match="prod must be large"):
        cfn.deployment(cfn.parse(RULED), {"Env": "prod", "Size": "s"}, PSEUDO)
