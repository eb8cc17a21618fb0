"""Transforms: found in place and at the top, included, unrolled."""

import pytest

from freehold.engines import cfn
from freehold.engines.cfn import transform

ENV = cfn.Environment(parameters={"Bucket": "b", "Names": ["red", "blue-2"]}, pseudo={"AWS::Region": "eu-west-1"})

API = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      DefinitionBody:
        Fn::Transform: {Name: AWS::Include, Parameters: {Location: !Sub 's3://${Bucket}/api.yaml'}}
      Tags: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: 's3://b/tags.json'}}, own: tag}
"""


def test_an_include_is_asked_for_then_given():
    template = cfn.parse(API)
    assert [macro.name for macro in template.transforms] == ["AWS::Include"] * 2 + ["AWS::Serverless-2016-10-31"]
    wanted = transform.includes(template.document, ENV)
    assert wanted == [transform.Include("s3://b/api.yaml"), transform.Include("s3://b/tags.json")]
    texts = {"s3://b/api.yaml": "paths: {/a: {uri: !Sub '${AWS::Region}'}}", "s3://b/tags.json": '{"team": "x"}'}
    included = transform.include(template.document, ENV, texts)
    assert transform.includes(included, ENV) == []
    assert included["Resources"]["Api"]["Properties"] == {
        "DefinitionBody": {"paths": {"/a": {"uri": {"Fn::Sub": "${AWS::Region}"}}}},
        "Tags": {"team": "x", "own": "tag"},
    }


def test_an_include_at_the_top_brings_sections():
    document = cfn.read("Transform: {Name: AWS::Include, Parameters: {Location: 's3://b/t'}}\nDescription: d")
    included = transform.include(document, ENV, {"s3://b/t": "Resources: {Q: {Type: T}}"})
    assert included == {"Description": "d", "Resources": {"Q": {"Type": "T"}}}


def test_a_snippet_must_be_an_object():
    document = cfn.parse(API).document
    with pytest.raises(cfn.TransformFailed, match="Transform AWS::Include failed with"):
        transform.include(document, ENV, {"s3://b/api.yaml": "- a", "s3://b/tags.json": "{}"})


def unrolled(text: str) -> dict:
    document = cfn.read("Transform: [AWS::LanguageExtensions, Other]\n" + text)
    return transform.language_extensions(document, ENV)


def test_a_transform_that_is_done_is_struck_off():
    assert unrolled("A: 1") == {"Transform": ["Other"], "A": 1}


def test_a_loop_over_a_parameter():
    resources = unrolled(
        """Resources:
          Fn::ForEach::Queues:
            - Colour
            - !Ref Names
            - Queue&{Colour}:
                Type: AWS::SQS::Queue
                Properties: {QueueName: !Sub '${Colour}-${AWS::Region}', Tag: !Ref Colour, Plain: '${Colour}'}
        """
    )["Resources"]
    assert list(resources) == ["Queuered", "Queueblue2"]
    assert resources["Queueblue2"]["Properties"] == {
        "QueueName": {"Fn::Sub": "blue-2-${AWS::Region}"},
        "Tag": "blue-2",
        "Plain": "${Colour}",
    }


def test_a_loop_in_a_loop():
    outputs = unrolled(
        """Outputs:
          Fn::ForEach::Resources:
            - Id
            - [A, B]
            - Fn::ForEach::Attributes:
                - Attribute
                - [Arn, Name]
                - '${Id}${Attribute}':
                    Value: !GetAtt [!Sub 'Queue${Id}', !Ref Attribute]
        """
    )["Outputs"]
    assert list(outputs) == ["AArn", "AName", "BArn", "BName"]
    assert outputs["BName"] == {"Value": {"Fn::GetAtt": ["QueueB", "Name"]}}


def test_a_loop_among_properties_merges():
    assert unrolled("P: {Fix: 1, 'Fn::ForEach::X': [N, [a, b], {'K${N}': !Ref N}]}")["P"] == {
        "Fix": 1,
        "Ka": "a",
        "Kb": "b",
    }


@pytest.mark.parametrize("loop", ["[N, [a]]", "[N, [a], x]", "{}", "[N, x, {}]", "[N, [[a]], {}]"])
def test_loops_of_the_wrong_form(loop):
    with pytest.raises(cfn.TransformFailed, match="Transform AWS::LanguageExtensions failed with: Fn::ForEach::L"):
        unrolled(f"Resources: {{'Fn::ForEach::L': {loop}}}")


def test_extended_functions_are_in_the_language_once_declared():
    cfn.parse("Transform: AWS::LanguageExtensions\nResources: {A: {Type: T, Properties: {P: !Length [1]}}}")
