"""AWS::Scheduler types in stacks, and SAM's ScheduleV2."""

import json

import pytest


@pytest.fixture
def deploy(town):
    """Create or update the stack `shop`; its outputs."""
    client = town.aws("cloudformation")
    known = []

    def run(resources, outputs=None, **more):
        body = json.dumps({"Resources": resources, "Outputs": outputs or {}, **more})
        way = "update" if known else "create"
        capabilities = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
        getattr(client, f"{way}_stack")(StackName="shop", TemplateBody=body, Capabilities=capabilities)
        known.append(body)
        client.get_waiter(f"stack_{way}_complete").wait(StackName="shop", WaiterConfig={"Delay": 1, "MaxAttempts": 60})
        (stack,) = client.describe_stacks(StackName="shop")["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", ())}

    return run


def output(*path):
    return {"Value": {"Fn::GetAtt": list(path)} if len(path) > 1 else {"Ref": path[0]}}


def test_a_schedule_and_its_group_change_in_place_and_are_replaced(town, deploy):
    scheduler, (_, queue) = town.scheduler, town.queue("due")
    group = {"Type": "AWS::Scheduler::ScheduleGroup", "Properties": {"Tags": [{"Key": "a", "Value": "1"}]}}
    properties = {
        "GroupName": {"Ref": "Group"},
        "ScheduleExpression": "rate(1 day)",
        "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": "5"},
        "StartDate": "2100-01-01T00:00:00Z",
        "Target": town.target(queue, RetryPolicy={"MaximumRetryAttempts": "3"}),
    }
    schedule = {"Type": "AWS::Scheduler::Schedule", "Properties": properties}
    outputs = {"Group": output("Group"), "GroupArn": output("Group", "Arn"), "State": output("Group", "State"),
               "Schedule": output("Schedule"), "Arn": output("Schedule", "Arn")}  # fmt: skip
    made = deploy({"Group": group, "Schedule": schedule}, outputs)
    assert made["State"] == "ACTIVE"
    assert made["GroupArn"] == town.arn("scheduler", f"schedule-group/{made['Group']}")
    assert made["Arn"] == town.arn("scheduler", f"schedule/{made['Group']}/{made['Schedule']}")
    found = scheduler.get_schedule(Name=made["Schedule"], GroupName=made["Group"])
    assert found["FlexibleTimeWindow"]["MaximumWindowInMinutes"] == 5
    assert found["Target"]["RetryPolicy"]["MaximumRetryAttempts"] == 3 and found["StartDate"].year == 2100
    tags = scheduler.list_tags_for_resource(ResourceArn=made["GroupArn"])["Tags"]
    assert {"Key": "a", "Value": "1"} in tags

    group["Properties"] = {"Tags": [{"Key": "b", "Value": "2"}]}
    properties |= {"ScheduleExpression": "rate(2 days)", "State": "DISABLED"}
    changed = deploy({"Group": group, "Schedule": schedule}, outputs)
    assert changed == made
    found = scheduler.get_schedule(Name=made["Schedule"], GroupName=made["Group"])
    assert (found["ScheduleExpression"], found["State"]) == ("rate(2 days)", "DISABLED")
    tags = scheduler.list_tags_for_resource(ResourceArn=made["GroupArn"])["Tags"]
    assert {"Key": "b", "Value": "2"} in tags and {"Key": "a", "Value": "1"} not in tags

    del properties["GroupName"]
    moved = deploy({"Group": group, "Schedule": schedule}, outputs)
    assert moved["Arn"].startswith(town.arn("scheduler", "schedule/default/"))
    assert [one["GroupName"] for one in scheduler.list_schedules()["Schedules"]] == ["default"]

    town.aws("cloudformation").delete_stack(StackName="shop")
    waiter = town.aws("cloudformation").get_waiter("stack_delete_complete")
    waiter.wait(StackName="shop", WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    assert scheduler.list_schedules()["Schedules"] == []


def test_schedule_v2_of_sam(town, deploy):
    function = {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "Runtime": "python3.12",
            "Handler": "index.handler",
            "InlineCode": "def handler(event, context): return 1",
            "Events": {
                "Nightly": {
                    "Type": "ScheduleV2",
                    "Properties": {
                        "ScheduleExpression": "cron(0 3 * * ? *)",
                        "ScheduleExpressionTimezone": "Europe/Berlin",
                        "Input": '{"night": true}',
                        "RetryPolicy": {"MaximumRetryAttempts": 2},
                    },
                }
            },
        },
    }
    made = deploy({"Job": function}, {"Arn": output("Job", "Arn")}, Transform="AWS::Serverless-2016-10-31")
    (listed,) = town.scheduler.list_schedules()["Schedules"]
    found = town.scheduler.get_schedule(Name=listed["Name"])
    assert (found["ScheduleExpressionTimezone"], found["FlexibleTimeWindow"]) == ("Europe/Berlin", {"Mode": "OFF"})
    assert (found["Target"]["Arn"], found["Target"]["Input"]) == (made["Arn"], '{"night": true}')
    assert found["Target"]["RetryPolicy"]["MaximumRetryAttempts"] == 2
