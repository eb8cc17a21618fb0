"""Buses, rules, targets and tags: put, listed in pages, changed, removed; and the words of refusals."""

import json

import pytest

SOLD = {"source": ["shop"]}


def test_a_bus_is_made_shown_changed_and_removed(town, refused):
    arn = town.events.create_event_bus(Name="own", Description="d", Tags=[{"Key": "a", "Value": "1"}])["EventBusArn"]
    assert arn == f"arn:aws:events:us-east-1:{town.aws.account}:event-bus/own"
    for name in ("own", arn):
        told = town.events.describe_event_bus(Name=name)
        assert (told["Name"], told["Arn"], told["Description"]) == ("own", arn, "d")
    town.events.update_event_bus(Name="own", Description="e")
    assert town.events.describe_event_bus(Name="own")["Description"] == "e"
    assert town.events.describe_event_bus()["Name"] == "default"
    with refused("ResourceAlreadyExistsException", "Event bus own already exists."):
        town.events.create_event_bus(Name="own")
    with refused("ResourceAlreadyExistsException", "Event bus default already exists."):
        town.events.create_event_bus(Name="default")
    with refused("ValidationException", "Event bus name must not contain '/'."):
        town.events.create_event_bus(Name="a/b")
    town.rule("r", SOLD, bus="own")
    with refused("ValidationException", "rules"):
        town.events.delete_event_bus(Name="own")
    town.events.delete_rule(Name="r", EventBusName="own")
    town.events.delete_event_bus(Name="own")
    town.events.delete_event_bus(Name="own")
    with refused("ResourceNotFoundException", "Event bus own does not exist."):
        town.events.describe_event_bus(Name="own")
    with refused("ValidationException", "Cannot delete event bus default."):
        town.events.delete_event_bus(Name="default")


def test_buses_in_pages(town, refused):
    for n in range(5):
        town.events.create_event_bus(Name=f"bus-{n}")
    first = town.events.list_event_buses(NamePrefix="bus", Limit=3)
    rest = town.events.list_event_buses(NamePrefix="bus", Limit=3, NextToken=first["NextToken"])
    assert [one["Name"] for one in first["EventBuses"] + rest["EventBuses"]] == [f"bus-{n}" for n in range(5)]
    assert "NextToken" not in rest
    assert "default" in [one["Name"] for one in town.events.list_event_buses()["EventBuses"]]
    with refused("ValidationException", "Parameter NextToken is not valid."):
        town.events.list_event_buses(NextToken="none")


@pytest.mark.parametrize("bus", ["default", "own"])
def test_rules(town, bus, refused):
    if bus != "default":
        town.events.create_event_bus(Name=bus)
    arn = town.rule("r-1", SOLD, bus=bus, Description="d", State="DISABLED")
    path = "r-1" if bus == "default" else f"{bus}/r-1"
    assert arn == f"arn:aws:events:us-east-1:{town.aws.account}:rule/{path}"
    told = town.events.describe_rule(Name="r-1", EventBusName=bus)
    assert (told["State"], told["Description"], told["CreatedBy"]) == ("DISABLED", "d", town.aws.account)
    assert json.loads(told["EventPattern"]) == SOLD
    town.rule("r-1", {"source": ["bank"]}, bus=bus)
    told = town.events.describe_rule(Name="r-1", EventBusName=bus)
    assert told["State"] == "ENABLED" and "Description" not in told
    town.rule("r-2", SOLD, bus=bus)
    town.rule("s", SOLD, bus=bus)
    names = [one["Name"] for one in town.events.list_rules(NamePrefix="r", EventBusName=bus)["Rules"]]
    assert names == ["r-1", "r-2"]
    pages = town.events.get_paginator("list_rules").paginate(EventBusName=bus, PaginationConfig={"PageSize": 1})
    assert [one["Name"] for page in pages for one in page["Rules"]] == ["r-1", "r-2", "s"]
    town.events.delete_rule(Name="none", EventBusName=bus)
    for call in (town.events.describe_rule, town.events.enable_rule, town.events.disable_rule):
        with refused("ResourceNotFoundException", f"Rule none does not exist on EventBus {bus}."):
            call(Name="none", EventBusName=bus)
    with refused("ValidationException", "Parameter(s) EventPattern or ScheduleExpression must be specified."):
        town.events.put_rule(Name="r", EventBusName=bus)
    with refused("InvalidEventPatternException", 'Reason: "source" must be an object or an array'):
        town.events.put_rule(Name="r", EventBusName=bus, EventPattern='{"source": "shop"}')
    with refused("ResourceNotFoundException", "Event bus none does not exist."):
        town.events.put_rule(Name="r", EventBusName="none", EventPattern='{"source": ["shop"]}')


def test_targets(town, refused):
    _, queue = town.queue("q")
    town.rule("r", SOLD, *({"Id": f"t{n}", "Arn": queue} for n in (3, 1, 2)))
    listed = town.events.list_targets_by_rule(Rule="r", Limit=2)
    rest = town.events.list_targets_by_rule(Rule="r", Limit=2, NextToken=listed["NextToken"])
    assert [one["Id"] for one in listed["Targets"] + rest["Targets"]] == ["t3", "t1", "t2"]
    town.events.put_targets(Rule="r", Targets=[{"Id": "t1", "Arn": queue, "InputPath": "$.detail"}])
    listed = town.events.list_targets_by_rule(Rule="r")["Targets"]
    assert listed[1] == {"Id": "t1", "Arn": queue, "InputPath": "$.detail"}
    with refused("LimitExceededException", "The requested resource exceeds the maximum number allowed."):
        town.events.put_targets(Rule="r", Targets=[{"Id": f"u{n}", "Arn": queue} for n in range(3)])
    with refused("ValidationException", "Rule can't be deleted since it has targets."):
        town.events.delete_rule(Name="r")
    failed = town.events.remove_targets(Rule="r", Ids=["t1", "none"])
    assert [one["TargetId"] for one in failed["FailedEntries"]] == ["none"] and failed["FailedEntryCount"] == 1
    town.rule("s", SOLD, {"Id": "t", "Arn": queue})
    first = town.events.list_rule_names_by_target(TargetArn=queue, Limit=1)
    rest = town.events.list_rule_names_by_target(TargetArn=queue, Limit=1, NextToken=first["NextToken"])
    assert first["RuleNames"] + rest["RuleNames"] == ["r", "s"] and "NextToken" not in rest
    assert town.events.list_rule_names_by_target(TargetArn=queue + "x")["RuleNames"] == []
    with refused("ResourceNotFoundException", "Rule none does not exist on EventBus default."):
        town.events.put_targets(Rule="none", Targets=[{"Id": "t", "Arn": queue}])


TEMPLATE = {"InputPathsMap": {"a": "$.detail"}, "InputTemplate": '"<a> <b>"'}


@pytest.mark.parametrize(
    "members, code, words",
    [
        (
            {"Input": "{}", "InputPath": "$.a"},
            "ValidationException",
            "Only one of Input, InputPath, or InputTransformer",
        ),
        ({"InputTransformer": TEMPLATE}, "ValidationException", "contains invalid placeholder b."),
        ({"Input": "{"}, "ValidationException", "JSON syntax error in input for target t."),
        ({"InputPath": "detail"}, "ValidationException", "Invalid JsonPath"),
        ({"Arn": "arn:aws:states:us-east-1:123456789012:stateMachine:m"}, "ValidationException", "RoleArn is required"),
        ({"Arn": "arn:aws:ecs:us-east-1:123456789012:cluster/c"}, "NotImplemented", "targets like"),
        ({"Id": "!"}, "ValidationException", "Member must satisfy regular expression pattern"),
        ({"RetryPolicy": {"MaximumRetryAttempts": 186}}, "ValidationException", "less than or equal to 185"),
        ({"RoleArn": "arn:aws:iam::123456789012:role/none"}, "ValidationException", "cannot be assumed by principal"),
    ],
)
def test_targets_that_may_not_be(town, refused, members, code, words):
    town.rule("r", SOLD)
    with refused(code, words):
        town.events.put_targets(Rule="r", Targets=[{"Id": "t", "Arn": town.queue("q")[1], **members}])


def test_tags(town, refused):
    bus = town.events.create_event_bus(Name="own")["EventBusArn"]
    rule = town.rule("r", SOLD, bus="own", Tags=[{"Key": "a", "Value": "1"}])
    default = town.rule("r", SOLD, Tags=[{"Key": "a", "Value": "1"}])
    for arn in (bus, rule, default):
        town.events.tag_resource(ResourceARN=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
        town.events.untag_resource(ResourceARN=arn, TagKeys=["a", "none"])
        assert town.events.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "b", "Value": "2"}]
        with refused("ResourceNotFoundException", "does not exist"):
            town.events.list_tags_for_resource(ResourceARN=arn + "x")


EVENT = {
    "id": "1", "source": "shop", "detail-type": "sold", "account": "1", "region": "r", "time": "t", "detail": {"a": 1},
}  # fmt: skip


def test_patterns_are_tried_out(town, refused):
    for pattern, result in (({"detail": {"a": [1]}}, True), ({"detail": {"a": [2]}}, False)):
        told = town.events.test_event_pattern(EventPattern=json.dumps(pattern), Event=json.dumps(EVENT))
        assert told["Result"] is result
    for event in ("text", "[]", "{}"):
        with refused("ValidationException", "Parameter Event is not valid."):
            town.events.test_event_pattern(EventPattern='{"a": [1]}', Event=event)
    with refused("InvalidEventPatternException", "column: 8]"):
        town.events.test_event_pattern(EventPattern='{"a": 1}', Event=json.dumps(EVENT))


def test_global_endpoints_answer_501(town, refused):
    with refused("NotImplemented"):
        town.events.list_endpoints()
