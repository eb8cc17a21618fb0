"""State machines: made, changed, published, tagged."""

import json

import pytest
from botocore.exceptions import ClientError

from .definitions import machine

ONE = machine(("One", {"Type": "Pass"}))
TWO = machine(("Two", {"Type": "Pass"}))


def refused(code: str):
    return pytest.raises(ClientError, match=rf"\({code}\)")


def test_create_describe_update(flows):
    arn = flows.create(ONE)
    told = flows.client.describe_state_machine(stateMachineArn=arn)
    assert (told["definition"], told["status"], told["type"]) == (ONE, "ACTIVE", "STANDARD")
    assert told["loggingConfiguration"] == {"includeExecutionData": False, "level": "OFF"}
    assert "revisionId" not in told
    changed = flows.client.update_state_machine(stateMachineArn=arn, definition=TWO)
    same = flows.client.update_state_machine(stateMachineArn=arn, definition=TWO)
    assert changed["revisionId"] == same["revisionId"]
    assert flows.client.describe_state_machine(stateMachineArn=arn)["definition"] == TWO
    with refused("MissingRequiredParameter"):
        flows.client.update_state_machine(stateMachineArn=arn)


def test_creating_again(flows):
    arn = flows.create(ONE)
    assert flows.create(ONE) == arn
    with refused("StateMachineAlreadyExists"):
        flows.create(TWO)
    with refused("StateMachineAlreadyExists"):
        flows.create(ONE, type="EXPRESS")


def test_an_execution_keeps_its_definition(flows):
    waits = machine(("Sleep", {"Type": "Wait", "Seconds": 60}))
    arn = flows.create(waits)
    execution = flows.start(arn)
    flows.client.update_state_machine(stateMachineArn=arn, definition=ONE)
    told = flows.client.describe_state_machine_for_execution(executionArn=execution)
    assert (told["definition"], told["name"]) == (waits, "flow")
    flows.client.stop_execution(executionArn=execution)


def test_invalid_definitions(flows):
    with refused("InvalidDefinition") as refusal:
        flows.create(json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}))
    words = refusal.value.response["Error"]["Message"]
    assert words == (
        "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next, "
        "MISSING_END_STATE: Workflow has no terminal state at null'"
    )
    callback = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {}}
    with pytest.raises(ClientError, match=r"Express state machine does not support '\.waitForTaskToken'"):
        flows.create(machine(("Ask", callback)), type="EXPRESS")


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("InvalidName", {"name": "a:b"}),
        ("InvalidArn", {"roleArn": "no_role"}),
        ("ValidationException", {"versionDescription": "but no publish"}),
        ("InvalidLoggingConfiguration", {"loggingConfiguration": {"level": "ALL"}}),
    ],
)
def test_creations_that_are_refused(flows, code, more):
    with refused(code):
        flows.client.create_state_machine(**({"name": "x", "definition": ONE, "roleArn": flows.role} | more))


def test_validation(flows):
    assert flows.client.validate_state_machine_definition(definition=ONE)["result"] == "OK"
    told = flows.client.validate_state_machine_definition(definition="{}")
    assert (told["result"], told["truncated"]) == ("FAIL", False)
    assert told["diagnostics"] == [
        {
            "severity": "ERROR",
            "code": "SCHEMA_VALIDATION_FAILED",
            "message": "These fields are required: [States, StartAt]",
            "location": "/",
        }
    ]


def test_lists_in_pages(flows):
    names = [f"flow-{number}" for number in range(5)]
    for name in names:
        flows.create(ONE, name)
    pages = flows.client.get_paginator("list_state_machines").paginate(maxResults=2)
    assert [one["name"] for page in pages for one in page["stateMachines"]] == names


def test_tags(flows):
    client, arn = flows.client, flows.create(ONE, tags=[{"key": "a", "value": "1"}])
    client.tag_resource(resourceArn=arn, tags=[{"key": "b", "value": "2"}])
    client.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert client.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "b", "value": "2"}]
    with refused("ResourceNotFound"):
        client.list_tags_for_resource(resourceArn=f"{arn}-not")


def test_deleting_twice(flows):
    arn = flows.create(ONE)
    for _ in range(2):
        flows.client.delete_state_machine(stateMachineArn=arn)
    with refused("StateMachineDoesNotExist"):
        flows.client.describe_state_machine(stateMachineArn=arn)


# Versions and aliases


def test_versions(flows):
    client, arn = flows.client, flows.create(ONE)
    first = client.publish_state_machine_version(stateMachineArn=arn, description="first")["stateMachineVersionArn"]
    assert first == f"{arn}:1"
    assert client.publish_state_machine_version(stateMachineArn=arn)["stateMachineVersionArn"] == first
    second = client.update_state_machine(stateMachineArn=arn, definition=TWO, publish=True)["stateMachineVersionArn"]
    listed = client.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"]
    assert [one["stateMachineVersionArn"] for one in listed] == [second, first]
    told = client.describe_state_machine(stateMachineArn=first)
    assert (told["definition"], told["description"]) == (ONE, "first")
    execution = flows.ended(flows.start(first))
    assert (execution["stateMachineVersionArn"], execution["stateMachineArn"]) == (first, arn)
    with refused("ConflictException"):
        client.publish_state_machine_version(stateMachineArn=arn, revisionId="an old one")
    client.delete_state_machine_version(stateMachineVersionArn=first)
    with refused("StateMachineDoesNotExist"):
        flows.start(first)


def route(arn: str, *weights: int) -> list[dict]:
    return [{"stateMachineVersionArn": f"{arn}:{number}", "weight": weight} for number, weight in enumerate(weights, 1)]


def test_aliases(flows):
    client, arn = flows.client, flows.create(ONE, publish=True)
    client.update_state_machine(stateMachineArn=arn, definition=TWO, publish=True)
    alias = client.create_state_machine_alias(name="live", routingConfiguration=route(arn, 100))["stateMachineAliasArn"]
    assert flows.ended(flows.start(alias))["stateMachineVersionArn"] == f"{arn}:1"
    client.update_state_machine_alias(stateMachineAliasArn=alias, routingConfiguration=route(arn, 0, 100))
    execution = flows.ended(flows.start(alias))
    assert (execution["stateMachineVersionArn"], execution["stateMachineAliasArn"]) == (f"{arn}:2", alias)
    listed = client.list_executions(stateMachineArn=alias)["executions"]
    assert {one["stateMachineAliasArn"] for one in listed} == {alias} and len(listed) == 2
    with pytest.raises(ClientError, match=r"Current list of aliases referencing this version: \[live\]"):
        client.delete_state_machine_version(stateMachineVersionArn=f"{arn}:2")
    client.delete_state_machine_alias(stateMachineAliasArn=alias)
    assert client.list_state_machine_aliases(stateMachineArn=arn)["stateMachineAliases"] == []


def test_aliases_that_are_refused(flows):
    arn = flows.create(ONE, publish=True)
    for routes in (route(arn, 99), [{"stateMachineVersionArn": arn, "weight": 100}], route(arn, 100) * 2):
        with refused("ValidationException"):
            flows.client.create_state_machine_alias(name="live", routingConfiguration=routes)


UNKNOWN = ["states:::dynamodb:query", "states:::sns:publish.sync", "states:::aws-sdk:sqs:fly", "states:::none:invoke"]


@pytest.mark.parametrize("resource", UNKNOWN)
def test_an_integration_that_aws_does_not_have_is_refused(flows, resource):
    task = {"Type": "Task", "Resource": f"arn:aws:{resource}", "Parameters": {}}
    with pytest.raises(ClientError, match=f"The resource provided arn:aws:{resource} is not recognized. The value"):
        flows.create(machine(("Do", task)))


def test_the_variables_that_states_refer_to(flows):
    keep = {"Type": "Pass", "Assign": {"n": 1}}
    definition = machine(("Keep", keep), ("Use", {"Type": "Pass", "Parameters": {"m.$": "$n"}}))
    shown = flows.client.describe_state_machine(stateMachineArn=flows.create(definition))
    assert shown["variableReferences"] == {"Use": ["n"]}


PARAMETERS = [
    ("sqs:sendMessage", {"QueueUrl": "x"}, "The field 'MessageBody' is required but was missing"),
    ("aws-sdk:dynamodb:getItem", {"TableName": "x", "Key": {}, "Fly": 1}, "The field 'Fly' is not supported by Step"),
]


@pytest.mark.parametrize(("action", "parameters", "words"), PARAMETERS)
def test_parameters_are_those_of_the_operation(flows, action, parameters, words):
    task = {"Type": "Task", "Resource": f"arn:aws:states:::{action}", "Parameters": parameters}
    with pytest.raises(ClientError, match=words):
        flows.create(machine(("Do", task)))


def test_what_is_doubtful_is_told_if_asked_for(flows):
    definition = machine(("Say", {"Type": "Pass", "Result": {"a": "$.b"}}))
    validate = flows.client.validate_state_machine_definition
    assert validate(definition=definition)["diagnostics"] == []
    told = validate(definition=definition, severity="WARNING")
    assert told["result"] == "OK"
    assert {(one["severity"], one["code"]) for one in told["diagnostics"]} == {("WARNING", "PASS_RESULT_IS_STATIC")}
