"""The CloudFormation types, in stacks: made, changed in place or replaced, and removed."""

import json

import pytest


@pytest.fixture
def stack(aws):
    """Makes or updates one stack; its outputs."""
    cloudformation = aws("cloudformation")

    def deploy(resources, outputs=(), **more):
        known = [one["StackName"] for one in cloudformation.describe_stacks()["Stacks"]]
        template = json.dumps({"Resources": resources, "Outputs": {name: {"Value": told} for name, told in outputs}})
        step = "update" if known else "create"
        getattr(cloudformation, f"{step}_stack")(
            StackName="s", TemplateBody=template, Capabilities=["CAPABILITY_NAMED_IAM"], **more
        )
        cloudformation.get_waiter(f"stack_{step}_complete").wait(StackName="s", WaiterConfig={"Delay": 1})
        (told,) = cloudformation.describe_stacks(StackName="s")["Stacks"]
        return {one["OutputKey"]: one["OutputValue"] for one in told.get("Outputs", ())}

    return deploy


def test_a_bus_its_rule_and_its_archive(stack, town, aws):
    _, queue = town.queue("q")

    def resources(days, pattern, *ids):
        targets = [{"Id": id, "Arn": queue, "RetryPolicy": {"MaximumRetryAttempts": "3"}} for id in ids]
        bus = {"Ref": "Bus"}
        return {
            "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "orders", "Description": f"{days}"}},
            "Rule": {
                "Type": "AWS::Events::Rule",
                "Properties": {
                    "EventBusName": bus, "EventPattern": {"source": [pattern]}, "Targets": targets,
                    "Tags": [{"Key": pattern, "Value": "1"}],
                },
            },
            "Archive": {
                "Type": "AWS::Events::Archive",
                "Properties": {"SourceArn": {"Fn::GetAtt": ["Bus", "Arn"]}, "RetentionDays": days},
            },
            "Policy": {
                "Type": "AWS::Events::EventBusPolicy",
                "Properties": {
                    "EventBusName": bus, "StatementId": "friends", "Action": "events:PutEvents",
                    "Principal": "999999999999" if days == 1 else "*",
                },
            },
        }  # fmt: skip

    told = [
        ("Rule", {"Ref": "Rule"}), ("RuleArn", {"Fn::GetAtt": ["Rule", "Arn"]}), ("Bus", {"Ref": "Bus"}),
        ("Archive", {"Fn::GetAtt": ["Archive", "Arn"]}),
    ]  # fmt: skip
    outputs = stack(resources(1, "shop", "a", "b"), told)
    bus, name = outputs["Rule"].split("|")
    assert (outputs["Bus"], bus) == ("orders", "orders") and name.startswith("s-Rule-")
    assert outputs["RuleArn"] == f"arn:aws:events:us-east-1:{aws.account}:rule/orders/{name}"
    assert outputs["Archive"].startswith(f"arn:aws:events:us-east-1:{aws.account}:archive/s-Archive-")
    place = {"Rule": name, "EventBusName": "orders"}
    assert [one["Id"] for one in town.events.list_targets_by_rule(**place)["Targets"]] == ["a", "b"]
    described = town.events.describe_event_bus(Name="orders")
    (statement,) = json.loads(described["Policy"])["Statement"]
    assert statement["Principal"] == {"AWS": "arn:aws:iam::999999999999:root"}
    again = stack(resources(2, "bank", "b", "c"), told)
    assert again == outputs
    assert [one["Id"] for one in town.events.list_targets_by_rule(**place)["Targets"]] == ["b", "c"]
    rule = town.events.describe_rule(Name=name, EventBusName="orders")
    assert json.loads(rule["EventPattern"]) == {"source": ["bank"]}
    tags = town.events.list_tags_for_resource(ResourceARN=outputs["RuleArn"])["Tags"]
    assert "bank" in {tag["Key"] for tag in tags} and "shop" not in {tag["Key"] for tag in tags}
    described = town.events.describe_event_bus(Name="orders")
    assert described["Description"] == "2" and json.loads(described["Policy"])["Statement"][0]["Principal"] == "*"
    assert town.events.list_archives()["Archives"][0]["RetentionDays"] == 2
    cloudformation = aws("cloudformation")
    cloudformation.delete_stack(StackName="s")
    cloudformation.get_waiter("stack_delete_complete").wait(StackName="s", WaiterConfig={"Delay": 1})
    assert [one["Name"] for one in town.events.list_event_buses()["EventBuses"]] == ["default"]
    assert town.events.list_archives()["Archives"] == []


def test_a_connection_and_its_destination(stack, town):
    def resources(user, name="d"):
        auth = {"BasicAuthParameters": {"Username": user, "Password": "p"}}
        http = {"HeaderParameters": [{"Key": "a", "Value": "1", "IsValueSecret": "false"}]}
        return {
            "Connection": {
                "Type": "AWS::Events::Connection",
                "Properties": {
                    "AuthorizationType": "BASIC", "AuthParameters": auth | {"InvocationHttpParameters": http},
                },
            },
            "Destination": {
                "Type": "AWS::Events::ApiDestination",
                "Properties": {
                    "Name": name, "ConnectionArn": {"Fn::GetAtt": ["Connection", "Arn"]}, "HttpMethod": "POST",
                    "InvocationEndpoint": "https://a.example/x", "InvocationRateLimitPerSecond": "5",
                },
            },
        }  # fmt: skip

    told = [
        ("Connection", {"Ref": "Connection"}), ("Secret", {"Fn::GetAtt": ["Connection", "SecretArn"]}),
        ("Arn", {"Fn::GetAtt": ["Destination", "Arn"]}),
    ]  # fmt: skip
    outputs = stack(resources("u"), told)
    assert ":secret:events!connection/" in outputs["Secret"]
    destination = town.events.describe_api_destination(Name="d")
    assert destination["ApiDestinationArn"] == outputs["Arn"] and destination["InvocationRateLimitPerSecond"] == 5
    again = stack(resources("v"), told)
    assert again == outputs
    shown = town.events.describe_connection(Name=outputs["Connection"])["AuthParameters"]
    assert shown["BasicAuthParameters"] == {"Username": "v"}
    stack(resources("v", "e"), told)
    assert [one["Name"] for one in town.events.list_api_destinations()["ApiDestinations"]] == ["e"]


def test_a_schedule_starts_a_machine(stack, town):
    """A rule that names a machine and a role made in the same template."""
    trust = {
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": ["events.amazonaws.com", "states.amazonaws.com"]},
                "Action": "sts:AssumeRole",
            }
        ]
    }
    definition = {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
    role = {"Fn::GetAtt": ["Role", "Arn"]}
    stack(
        {
            "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}},
            "Machine": {
                "Type": "AWS::StepFunctions::StateMachine",
                "Properties": {"RoleArn": role, "DefinitionString": json.dumps(definition)},
            },
            "Rule": {
                "Type": "AWS::Events::Rule",
                "Properties": {
                    "ScheduleExpression": "rate(1 day)",
                    "State": "ENABLED",
                    "Targets": [{"Id": "m", "Arn": {"Ref": "Machine"}, "RoleArn": role, "Input": '{"a": 1}'}],
                },
            },
        }
    )
    (rule,) = town.events.list_rules()["Rules"]
    assert rule["ScheduleExpression"] == "rate(1 day)"
