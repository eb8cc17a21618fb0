"""The CloudFormation types: their steps, carried out through the door."""

import json

import pytest

from freehold.kernel.resources import Want
from freehold.services.states import states

from .definitions import machine

MACHINE = "AWS::StepFunctions::StateMachine"
DEFINITION = json.loads(machine(("Say", {"Type": "Pass", "Result": "${Word} ${Other}"})))


@pytest.fixture
def carry_out(aws):
    """Carry out a step of a type; the outcome."""

    def run(step, properties, kind=MACHINE, **more):
        want = Want(aws.account, aws.region, "arn:stack", "shop", "Orders", "ABCDEFGHIJKL", properties, **more)
        steps = states.resources[kind].steps[step](want)
        answer = None
        while True:
            try:
                asked = steps.send(answer)
            except StopIteration as end:
                return end.value
            call = aws.running.cloud.door.call(aws.account, aws.region)
            answer = aws.running.run(call.ask(*asked))

    return run


def said(flows, arn: str) -> str:
    definition = flows.client.describe_state_machine(stateMachineArn=arn)["definition"]
    return json.loads(definition)["States"]["Say"]["Result"]


def test_a_machine_is_made_changed_and_removed(carry_out, flows, aws):
    properties = {
        "Definition": DEFINITION,
        "DefinitionSubstitutions": {"Word": "hello"},
        "RoleArn": flows.role,
        "TracingConfiguration": {"Enabled": "true"},
        "Tags": [{"Key": "a", "Value": "1"}],
    }
    made = carry_out("create", properties, tags={"stack": "shop"})
    assert made.id == f"arn:aws:states:us-east-1:{aws.account}:stateMachine:{made.attributes['Name']}"
    assert made.attributes["Name"] == "shop-Orders-ABCDEFGHIJKL"
    assert said(flows, made.id) == "hello ${Other}"
    assert flows.client.describe_state_machine(stateMachineArn=made.id)["tracingConfiguration"] == {"enabled": True}
    changed = {"DefinitionString": json.dumps(DEFINITION), "RoleArn": flows.role}
    again = carry_out("update", changed, old=properties, id=made.id, tags={"stack": "shop"})
    assert again.attributes["StateMachineRevisionId"] not in ("", "INITIAL")
    assert said(flows, made.id) == "${Word} ${Other}"
    assert flows.client.list_tags_for_resource(resourceArn=made.id)["tags"] == [{"key": "stack", "value": "shop"}]
    for _ in range(2):
        carry_out("delete", changed, id=made.id)


def test_a_definition_in_s3(carry_out, flows, aws):
    place = {"Bucket": f"code-{aws.account}", "Key": "flow.json"}
    aws("s3").create_bucket(Bucket=place["Bucket"])
    aws("s3").put_object(**place, Body=json.dumps(DEFINITION).encode())
    properties = {"DefinitionS3Location": place, "DefinitionSubstitutions": {"Word": 1}, "RoleArn": flows.role}
    assert said(flows, carry_out("create", properties).id) == "1 ${Other}"


def test_a_definition_in_s3_may_be_yaml(carry_out, flows, aws):
    place = {"Bucket": f"yaml-{aws.account}", "Key": "flow.yaml"}
    aws("s3").create_bucket(Bucket=place["Bucket"])
    text = "StartAt: Say\nStates:\n  Say: {Type: Pass, Result: '${Word} ${Other}', Next: Rest}\n"
    text += "  Rest: {Type: Wait, Seconds: ${Word}, End: true}\n"
    aws("s3").put_object(**place, Body=text.encode())
    properties = {"DefinitionS3Location": place, "DefinitionSubstitutions": {"Word": 1}, "RoleArn": flows.role}
    assert said(flows, carry_out("create", properties).id) == "1 ${Other}"


def test_activities_versions_and_aliases(carry_out, flows):
    activity = carry_out("create", {"Name": "dig"}, "AWS::StepFunctions::Activity")
    assert activity.attributes["Name"] == "dig"
    carry_out("delete", {}, "AWS::StepFunctions::Activity", id=activity.id)
    arn = carry_out("create", {"Definition": DEFINITION, "RoleArn": flows.role}).id
    version = carry_out("create", {"StateMachineArn": arn}, "AWS::StepFunctions::StateMachineVersion")
    routing = {"RoutingConfiguration": [{"StateMachineVersionArn": version.id, "Weight": "100"}], "Name": "live"}
    alias = carry_out("create", routing, "AWS::StepFunctions::StateMachineAlias")
    assert alias.id == f"{arn}:live"
    carry_out("delete", routing, "AWS::StepFunctions::StateMachineAlias", id=alias.id)
    carry_out("delete", {}, "AWS::StepFunctions::StateMachineVersion", id=version.id)
