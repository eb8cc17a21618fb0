"""A plan is what DescribeChangeSet prints."""

import pytest

from freehold.engines import cfn

SHOP = """
Parameters: {{Name: {{Type: String, Default: books}}, Delay: {{Type: Number, Default: 0}}}}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: {{QueueName: !Ref Name, DelaySeconds: !Ref Delay, Tags: [{{Key: team, Value: {team}}}]}}
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties: {{Queues: [!Ref Queue], PolicyDocument: {{Resource: !GetAtt Queue.Arn}}}}
  Topic: {{Type: AWS::SNS::Topic, Properties: {{DisplayName: {title}}}{more}}}
"""

RECREATION = {("AWS::SQS::Queue", "QueueName"): "Always", ("AWS::SQS::QueuePolicy", "Queues"): "Conditionally"}
MADE = {id_: cfn.Known(f"{id_.lower()}-1") for id_ in ("Queue", "Policy", "Topic", "Child")}


def deployment(text, **values):
    return cfn.deployment(cfn.parse(text), values, {}, resources=MADE)


def requires(kind, name):
    return RECREATION.get((kind, name), "Never")


def shop(team="a", title="Shop", more="", **values):
    return deployment(SHOP.format(team=team, title=title, more=more), **values)


def printed(old, new):
    changes = [change.printed()["ResourceChange"] for change in cfn.plan(old, new, requires)]
    return {change["LogicalResourceId"]: change for change in changes}


def test_a_first_deployment_adds_everything_in_order_of_need():
    changes = cfn.plan(None, shop(), requires)
    assert [(change.action, change.id) for change in changes] == [("Add", "Queue"), ("Add", "Topic"), ("Add", "Policy")]
    assert changes[0].printed() == {
        "Type": "Resource",
        "ResourceChange": {
            "Action": "Add",
            "LogicalResourceId": "Queue",
            "ResourceType": "AWS::SQS::Queue",
            "Scope": [],
            "Details": [],
        },
    }


def test_nothing_changes_nothing():
    assert cfn.plan(shop(), shop(), requires) == []


def test_a_property_written_anew():
    assert printed(shop(), shop(title="Store")) == {
        "Topic": {
            "Action": "Modify",
            "LogicalResourceId": "Topic",
            "PhysicalResourceId": "topic-1",
            "ResourceType": "AWS::SNS::Topic",
            "Replacement": "False",
            "Scope": ["Properties"],
            "Details": [
                {
                    "Target": {"Attribute": "Properties", "Name": "DisplayName", "RequiresRecreation": "Never"},
                    "Evaluation": "Static",
                    "ChangeSource": "DirectModification",
                }
            ],
        }
    }


def test_a_parameter_that_replaces_and_what_follows_from_it():
    changes = printed(shop(), shop(Name="toys"))
    target = {"Attribute": "Properties", "Name": "QueueName", "RequiresRecreation": "Always"}
    queue, policy = changes["Queue"], changes["Policy"]
    assert (queue["Replacement"], queue["PolicyAction"]) == ("True", "ReplaceAndDelete")
    assert queue["Details"] == [
        {"Target": target, "Evaluation": "Dynamic", "ChangeSource": "DirectModification"},
        {"Target": target, "Evaluation": "Static", "ChangeSource": "ParameterReference", "CausingEntity": "Name"},
    ]
    assert policy["Replacement"] == "Conditional"
    assert [(detail["ChangeSource"], detail["CausingEntity"]) for detail in policy["Details"]] == [
        ("ResourceReference", "Queue"),
        ("ResourceAttribute", "Queue.Arn"),
    ]


def test_a_parameter_that_does_not_replace_leaves_references_alone():
    changes = printed(shop(), shop(Delay=5))
    assert changes["Queue"]["Replacement"] == "False"
    assert [detail["ChangeSource"] for detail in changes["Policy"]["Details"]] == ["ResourceAttribute"]


def test_a_property_that_goes():
    full, empty = (deployment(f"Resources: {{Topic: {{Type: T{rest}}}}}") for rest in (", Properties: {Name: a}", ""))
    for old, new in ((full, empty), (empty, full)):
        (detail,) = printed(old, new)["Topic"]["Details"]
        assert (detail["Target"]["Name"], detail["ChangeSource"]) == ("Name", "DirectModification")


def test_tags_and_policies_are_scopes_of_their_own():
    changes = printed(shop(), shop(team="b", more=", DeletionPolicy: Retain, Metadata: {a: 1}"))
    assert changes["Queue"]["Scope"] == ["Tags"]
    assert changes["Queue"]["Details"][0]["Target"] == {"Attribute": "Tags", "RequiresRecreation": "Never"}
    assert changes["Topic"]["Scope"] == ["Metadata", "DeletionPolicy"]


@pytest.mark.parametrize(
    ("policy", "action"),
    [("", "Delete"), (", DeletionPolicy: Retain", "Retain"), (", DeletionPolicy: Delete", "Delete")],
)
def test_removal(policy, action):
    old = deployment(
        f"Resources: {{Queue: {{Type: T{policy}}}, Topic: {{Type: T, DependsOn: Queue}}, Child: {{Type: T}}}}",
    )
    changes = printed(old, deployment("Resources: {Child: {Type: T}}"))
    assert list(changes) == ["Topic", "Queue"]
    assert (changes["Queue"]["Action"], changes["Queue"]["PolicyAction"]) == ("Remove", action)
    assert changes["Queue"]["PhysicalResourceId"] == "queue-1"


def test_a_condition_adds_and_removes():
    text = """
    Parameters: {On: {Type: String}}
    Conditions: {Is: !Equals [!Ref On, 'y']}
    Resources: {Queue: {Type: T, Condition: Is}, Topic: {Type: T}}
    """
    on, off = deployment(text, On="y"), deployment(text, On="n")
    assert [change.action for change in cfn.plan(off, on, requires)] == ["Add"]
    assert [change.action for change in cfn.plan(on, off, requires)] == ["Remove"]


def test_a_nested_stack_may_always_have_changed():
    stack = deployment("Resources: {Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: u}}}")
    (detail,) = printed(stack, stack)["Child"]["Details"]
    assert (detail["Evaluation"], detail["ChangeSource"]) == ("Dynamic", "Automatic")


def test_a_resource_keeps_its_type():
    old, new = (deployment(f"Resources: {{A: {{Type: {kind}}}}}") for kind in ("T", "U"))
    with pytest.raises(cfn.InvalidTemplate, match="Update of resource type is not permitted"):
        cfn.plan(old, new, requires)
