"""A template that cannot be deployed is refused in CloudFormation's words; any other is its sections as data."""

import copy
from contextlib import suppress
from typing import Any

import pytest

from freehold.engines import cfn

QUEUE = "Resources: {Q: {Type: AWS::SQS::Queue}}\n"

REFUSALS = {
    "- a": "Template format error: unsupported structure.",
    "Description: none": "Template format error: At least one Resources member must be defined.",
    "Resources: []": "Template format error: At least one Resources member must be defined.",
    "Resources: [a]": "Template format error: Resources section must be an object.",
    "Resources: {A: {}}": "Template format error: [/Resources/A] Every Resources object must contain a Type member.",
    "Resources: {A: x}": "Template format error: Any Resources member must be an object.",
    "Resources: {A-b: {Type: T}}": "Template format error: Resource name A-b is non alphanumeric.",
    "Resources: {A: {Type: T, Tags: []}}": "Invalid template resource property 'Tags'",
    "Resources: {A: {Type: T, Properties: {B: {C: }}}}": "[/Resources/A/Type/B/C] 'null' values are not allowed in "
    "templates",
    "Resources: {A: {Type: T, DependsOn: B}}": "Template format error: Unresolved resource dependencies [B] in the "
    "Resources block of the template",
    "Resources: {A: {Type: T, Properties: {P: !Ref C, Q: !Sub '${B}'}}}": "Template format error: Unresolved resource "
    "dependencies [B, C] in the Resources block of the template",
    "Resources: {A: {Type: T, Properties: {P: !GetAtt B.Arn}}}": "Template error: instance of Fn::GetAtt references "
    "undefined resource B",
    "Resources: {A: {Type: T, Properties: {P: !Sub '${B.Arn}'}}}": "Template error: instance of Fn::Sub references "
    "invalid resource attribute B.Arn",
    "Resources: {A: {Type: T, Properties: {P: !Sub '${a b}'}}}": "Template error: variable names in Fn::Sub syntax "
    "must contain only alphanumeric characters, underscores, periods, and colons",
    "Resources: {A: {Type: T, Condition: C}}": "Template format error: Unresolved condition dependency C in the "
    "Resources block of the template",
    QUEUE + "Outputs: {O: {Value: !Ref B}}": "Template format error: Unresolved resource dependencies [B] in the "
    "Outputs block of the template",
    QUEUE + "Outputs: {O: {Description: d}}": "Template format error: Every Outputs member must contain a Value object",
    QUEUE
    + "Conditions: {C: yes}": "Template format error: Conditions can only be boolean operations on parameters and "
    "other conditions",
    QUEUE + "Conditions: {C: !Equals [!Ref Q, x]}": "Template format error: Unresolved dependencies [Q]. Cannot "
    "reference resources in the Conditions block of the template",
    QUEUE + "Parameters: {P: {Type: Strin}}": "Template format error: Unrecognized parameter type: Strin",
    QUEUE + "Parameters: {P: {Type: String, Max: 1}}": "Invalid template parameter property 'Max'",
    QUEUE + "Parameters: {P: {Default: a}}": "Template format error: [/Parameters/P] Every Parameters object must "
    "contain a Type member.",
    QUEUE + "Parameters: {P: {Type: String, Default: [a]}}": "Template format error: Every Default member must be a "
    "string.",
    QUEUE + "Mappings: {M: {a: b}}": "Template format error: [/Mappings/M/a] Every Mappings attribute must be a String "
    "or a List.",
    QUEUE + "Globals: {}": "Invalid template property or properties [Globals]",
    QUEUE + "AWSTemplateFormatVersion: 2020-01-01": "Template format error: unsupported value for "
    "AWSTemplateFormatVersion.",
    "Resources: {" + ", ".join(f"R{n}: {{Type: T}}" for n in range(501)) + "}": "Template format error: Number of "
    "resources, 501, is greater than maximum allowed, 500",
}


@pytest.mark.parametrize(("text", "words"), REFUSALS.items(), ids=[words[-40:] for words in REFUSALS.values()])
def test_refusals(text, words):
    with pytest.raises(cfn.InvalidTemplate) as refused:
        cfn.parse(text)
    assert refused.value.message == words
    assert (refused.value.shape(), refused.value.status) == ("ValidationError", 400)


def test_an_unknown_function_is_named():
    with pytest.raises(cfn.InvalidTemplate, match="Encountered unsupported function: Fn::Length Supported functions"):
        cfn.parse("Resources: {A: {Type: T, Properties: {P: !Length [1]}}}")


def test_sections_become_data():
    template = cfn.parse(
        """
        AWSTemplateFormatVersion: 2010-09-09
        Description: a shop
        Parameters: {Name: {Type: String, Default: 5, NoEcho: true}}
        Resources:
          Queue: {Type: AWS::SQS::Queue, DeletionPolicy: Retain, DependsOn: Topic, Properties: {QueueName: !Ref Name}}
          Topic: {Type: AWS::SNS::Topic}
        Outputs: {Url: {Value: !Ref Queue, Export: {Name: shop-url}}}
        """
    )
    queue = template.resources["Queue"]
    assert (queue.type, queue.depends_on, queue.deletion_policy) == ("AWS::SQS::Queue", ("Topic",), "Retain")
    assert (template.parameters["Name"].default, template.parameters["Name"].no_echo) == ("5", True)
    assert (template.outputs["Url"].value, template.outputs["Url"].export) == ({"Ref": "Queue"}, "shop-url")


def test_a_template_with_transforms_is_not_yet_held_to_account():
    template = cfn.parse(
        "Transform: AWS::Serverless-2016-10-31\nGlobals: {}\nResources: {F: {Type: T, Connectors: {}}}"
    )
    assert [macro.name for macro in template.transforms] == ["AWS::Serverless-2016-10-31"]


WHOLE: dict[str, Any] = cfn.read(
    """
    Parameters: {P: {Type: String, Default: a, AllowedValues: [a, b], MinLength: 1}}
    Mappings: {M: {a: {b: c}}}
    Conditions: {C: !And [!Equals [!Ref P, a], !Not [!Equals [!FindInMap [M, a, b], x]]]}
    Rules: {R: {RuleCondition: !Equals [!Ref P, a], Assertions: [{Assert: !Contains [[a], !Ref P]}]}}
    Resources:
      A: {Type: T, Condition: C, DependsOn: [B], Metadata: {m: 1}, Properties: {X: !If [C, !Sub '${B.Arn}', no]}}
      B: {Type: T, DeletionPolicy: Retain, Properties: {Y: !Join ['-', [a, !Ref P]], Z: !Cidr [10.0.0.0/16, 2, 8]}}
    Outputs: {O: {Condition: C, Value: !GetAtt A.Arn, Export: {Name: !Sub '${P}-x'}}}
    """
)
JUNK = [None, True, 3, "x", "", [], ["a"], [["a"], {}], {}, {"a": 1}, {"Ref": []}, {"Fn::If": ["C"]}, {"Fn::Sub": 1}]


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    return [path, *(place for key in keys for place in _places(value[key], (*path, key)))]


def _damaged(place: tuple[Any, ...], junk: Any) -> dict[str, Any]:
    document = copy.deepcopy(WHOLE)
    *way, last = place
    holder = document
    for step in way:
        holder = holder[step]
    holder[last] = junk
    return document


@pytest.mark.parametrize("junk", JUNK, ids=str)
def test_any_damage_is_refused_or_harmless(junk):
    for place in _places(WHOLE)[1:]:
        with suppress(cfn.InvalidTemplate):
            template = cfn.of_document(_damaged(place, junk))
            new = cfn.deployment(template, {}, {"AWS::Region": "eu-west-1"})
            cfn.plan(None, new, lambda kind, name: "Never")
            assert cfn.plan(new, new, lambda kind, name: "Always") == []
            for resource in template.resources.values():
                cfn.evaluate_known(resource.properties, new.environment)
