"""Change sets: what would change is said before it is done."""

import pytest

UNCHANGED = "The submitted information didn't contain changes. Submit different information to create a change set."


def test_create_by_change_set(stacks):
    body = stacks.template({"Q": stacks.queue()})
    changeset = stacks.changeset("new", "first", TemplateBody=body, ChangeSetType="CREATE")
    assert (changeset["Status"], changeset["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    change = changeset["Changes"][0]["ResourceChange"]
    assert (change["Action"], change["LogicalResourceId"], change["ResourceType"]) == ("Add", "Q", "AWS::SQS::Queue")
    assert stacks.settled("new")["StackStatus"] == "REVIEW_IN_PROGRESS"
    stacks.client.execute_change_set(ChangeSetName="first", StackName="new")
    stack = stacks.settled("new")
    assert (stack["StackStatus"], stack["ChangeSetId"]) == ("CREATE_COMPLETE", changeset["ChangeSetId"])
    assert stacks.story("new")[:2] == [("new", "REVIEW_IN_PROGRESS"), ("new", "CREATE_IN_PROGRESS")]
    assert stacks.client.list_change_sets(StackName="new")["Summaries"] == []


def test_update_by_change_set(stacks):
    queue = stacks.queue
    stacks.create("old", stacks.template({"A": queue(DelaySeconds=1), "B": queue(QueueName="b1"), "C": queue()}))
    body = stacks.template({"A": queue(DelaySeconds=2), "B": queue(QueueName="b2"), "D": queue()})
    changeset = stacks.changeset("old", "next", TemplateBody=body)
    changes = {one["ResourceChange"]["LogicalResourceId"]: one["ResourceChange"] for one in changeset["Changes"]}
    assert {id: (one["Action"], one.get("Replacement")) for id, one in changes.items()} == {
        "A": ("Modify", "False"),
        "B": ("Modify", "True"),
        "C": ("Remove", None),
        "D": ("Add", None),
    }
    assert changes["A"]["PhysicalResourceId"] == stacks.physical_ids("old")["A"]
    stacks.client.execute_change_set(ChangeSetName=changeset["ChangeSetId"])
    assert stacks.settled("old")["StackStatus"] == "UPDATE_COMPLETE"
    assert set(stacks.physical_ids("old")) == {"A", "B", "D"}


def test_nothing_to_change(stacks):
    body = stacks.template({"Q": stacks.queue()})
    stacks.create("same", body)
    changeset = stacks.changeset("same", "none", TemplateBody=body)
    assert (changeset["Status"], changeset["StatusReason"]) == ("FAILED", UNCHANGED)
    code, message = stacks.refusal("execute_change_set", ChangeSetName="none", StackName="same")
    assert code == "InvalidChangeSetStatus"
    assert message.endswith("cannot be executed in its current status of [FAILED]")


def test_previous_template_and_values(stacks):
    queue = stacks.queue(DelaySeconds={"Ref": "Delay"}, VisibilityTimeout={"Ref": "Hidden"})
    parameters = {"Delay": {"Type": "Number"}, "Hidden": {"Type": "Number", "NoEcho": True}}
    body = stacks.template({"Q": queue}, Parameters=parameters)
    given = [{"ParameterKey": "Delay", "ParameterValue": "1"}, {"ParameterKey": "Hidden", "ParameterValue": "2"}]
    stacks.create("valued", body, Parameters=given)
    kept = [given[0] | {"ParameterValue": "3"}, {"ParameterKey": "Hidden", "UsePreviousValue": True}]
    changeset = stacks.changeset("valued", "next", UsePreviousTemplate=True, Parameters=kept)
    shown = {one["ParameterKey"]: one["ParameterValue"] for one in changeset["Parameters"]}
    assert shown == {"Delay": "3", "Hidden": "****"}
    assert changeset["Changes"][0]["ResourceChange"]["Details"][0]["Target"]["Name"] == "DelaySeconds"


def test_refusals(stacks):
    body = stacks.template({"H": stacks.HANDLE})
    assert stacks.refusal("create_change_set", StackName="no", ChangeSetName="x", TemplateBody=body) == (
        "ValidationError",
        "Stack [no] does not exist",
    )
    stacks.changeset("yes", "x", TemplateBody=body, ChangeSetType="CREATE")
    again = {"StackName": "yes", "ChangeSetName": "x", "TemplateBody": body, "ChangeSetType": "CREATE"}
    assert stacks.refusal("create_change_set", **again)[0] == "AlreadyExistsException"
    assert stacks.refusal("describe_change_set", StackName="yes", ChangeSetName="y") == (
        "ChangeSetNotFound",
        "ChangeSet [y] does not exist",
    )


@pytest.mark.parametrize("kind", ["AWS::Serverless::SimpleTable"])
def test_serverless_templates_are_transformed(stacks, kind):
    if "dynamodb" not in stacks.aws.running.cloud.door.rooms:
        pytest.skip("needs the rooms that the transform asks for")
    sections = {"Transform": "AWS::Serverless-2016-10-31"}
    body = stacks.template({"Table": {"Type": kind}}, **sections)
    changeset = stacks.changeset("sam", "first", TemplateBody=body, ChangeSetType="CREATE")
    assert changeset["Changes"][0]["ResourceChange"]["ResourceType"] == "AWS::DynamoDB::Table"
    stacks.client.execute_change_set(ChangeSetName="first", StackName="sam")
    assert stacks.settled("sam")["StackStatus"] == "CREATE_COMPLETE"
    processed = stacks.client.get_template(StackName="sam", TemplateStage="Processed")["TemplateBody"]
    original = stacks.client.get_template(StackName="sam")["TemplateBody"]
    assert processed["Resources"]["Table"]["Type"] == "AWS::DynamoDB::Table"
    assert original["Resources"]["Table"]["Type"] == kind
