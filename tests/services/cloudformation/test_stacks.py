"""Stacks through the door: created, updated, replaced, rolled back, deleted."""

import pytest


def test_smallest_stack(stacks):
    body = stacks.template({"Handle": stacks.HANDLE}, Outputs={"Url": {"Value": {"Ref": "Handle"}}})
    stack = stacks.create("small", body)
    assert stack["Outputs"][0]["OutputValue"].startswith("http")
    assert stacks.story("small") == [
        ("small", "CREATE_IN_PROGRESS"),
        ("Handle", "CREATE_IN_PROGRESS"),
        ("Handle", "CREATE_IN_PROGRESS"),
        ("Handle", "CREATE_COMPLETE"),
        ("small", "CREATE_COMPLETE"),
    ]


def test_values_flow_along_references_and_deletion_goes_back(stacks, aws):
    redrive = {"deadLetterTargetArn": {"Fn::GetAtt": ["Dead", "Arn"]}, "maxReceiveCount": 3}
    body = stacks.template(
        {
            "Dead": stacks.queue(),
            "Live": stacks.queue(RedrivePolicy=redrive, VisibilityTimeout={"Ref": "Hidden"}),
        },
        Parameters={"Hidden": {"Type": "Number", "Default": 7}},
        Outputs={"Name": {"Value": {"Fn::Sub": "${AWS::StackName}/${Live.QueueName}"}}},
    )
    stack = stacks.create("pair", body, Tags=[{"Key": "team", "Value": "blue"}])
    url = stacks.physical_ids("pair")["Live"]
    assert stack["Outputs"][0]["OutputValue"].startswith("pair/pair-Live-")
    attributes = aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert attributes["VisibilityTimeout"] == "7" and "pair-Dead-" in attributes["RedrivePolicy"]
    assert aws("sqs").list_queue_tags(QueueUrl=url)["Tags"]["team"] == "blue"
    told = stacks.story("pair")
    assert told.index(("Dead", "CREATE_COMPLETE")) < told.index(("Live", "CREATE_IN_PROGRESS"))

    assert stacks.delete("pair")["StackStatus"] == "DELETE_COMPLETE"
    told = stacks.story(stack["StackId"])
    assert told.index(("Live", "DELETE_COMPLETE")) < told.index(("Dead", "DELETE_IN_PROGRESS"))
    assert not stacks.queue_names()
    expected = ("ValidationError", "Stack with id pair does not exist")
    assert stacks.refusal("describe_stacks", StackName="pair") == expected


def test_a_stacks_changed_tags_reach_what_it_made(stacks, aws):
    parameter = {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "p", "Type": "String", "Value": "1"}}
    stream = {"Type": "AWS::Kinesis::Stream", "Properties": {"Name": "s", "Tags": [{"Key": "own", "Value": "1"}]}}
    body = stacks.template({"Queue": stacks.queue(QueueName="q"), "Parameter": parameter, "Stream": stream})
    url = {"QueueUrl": stacks.client.meta.endpoint_url + f"/{aws.account}/q"}

    def tags():
        listed = aws("ssm").list_tags_for_resource(ResourceType="Parameter", ResourceId="p")["TagList"]
        streams = aws("kinesis").list_tags_for_stream(StreamName="s")["Tags"]
        told = aws("sqs").list_queue_tags(**url).get("Tags", {})
        return [told, *({tag["Key"]: tag["Value"] for tag in some} for some in (listed, streams))]

    before, after = {"team": "blue", "stage": "test"}, {"team": "red"}
    stacks.create("tagged", body, Tags=[{"Key": key, "Value": value} for key, value in before.items()])
    assert tags() == [before, before, before | {"own": "1"}]
    aws("sqs").tag_queue(**url, Tags={"by": "hand"})
    stacks.update("tagged", body, Tags=[{"Key": key, "Value": value} for key, value in after.items()])
    assert tags() == [after | {"by": "hand"}, after, after | {"own": "1"}]


TRUST = {"Version": "2012-10-17", "Statement": {
    "Effect": "Allow", "Principal": {"Service": ["firehose.amazonaws.com", "states.amazonaws.com"]},
    "Action": "sts:AssumeRole",
}}  # fmt: skip
FILES = {"RoleARN": {"Fn::GetAtt": ["Role", "Arn"]}, "BucketARN": "arn:aws:s3:::b"}
SOME = {
    "Queue": ("SQS::Queue", {"QueueName": "q"}),
    "Parameter": ("SSM::Parameter", {"Name": "p", "Type": "String", "Value": "1"}),
    "Stream": ("Kinesis::Stream", {"Name": "s"}),
    "Logs": ("Logs::LogGroup", {"LogGroupName": "l"}),
    "Schedules": ("Scheduler::ScheduleGroup", {"Name": "g"}),
    "Board": ("CloudWatch::Dashboard", {"DashboardName": "d", "DashboardBody": "{}"}),
    "Bus": ("Events::EventBus", {"Name": "b"}),
    "Rule": ("Events::Rule", {"Name": "r", "ScheduleExpression": "rate(1 day)"}),
    "Key": ("KMS::Key", {}),
    "Alias": ("KMS::Alias", {"AliasName": "alias/a", "TargetKeyId": {"Ref": "Key"}}),
    "Net": ("EC2::VPC", {"CidrBlock": "10.0.0.0/16"}),
    "Table": ("DynamoDB::Table", {
        "TableName": "table", "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
    }),
    "Role": ("IAM::Role", {"RoleName": "role", "AssumeRolePolicyDocument": TRUST}),
    "Files": ("KinesisFirehose::DeliveryStream", {"DeliveryStreamName": "f", "S3DestinationConfiguration": FILES}),
    "Api": ("ApiGateway::RestApi", {"Name": "a"}),
    "Machine": ("StepFunctions::StateMachine", {
        "StateMachineName": "m", "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
        "DefinitionString": '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}',
    }),
}  # fmt: skip


def test_what_is_gone_already_counts_as_deleted(stacks, aws):
    resources = {name: {"Type": f"AWS::{kind}", "Properties": given} for name, (kind, given) in SOME.items()}
    stacks.create("some", stacks.template(resources), Capabilities=["CAPABILITY_NAMED_IAM"])
    made = stacks.physical_ids("some")
    account = f"us-east-1:{aws.account}"
    for service, operation, request in (
        ("sqs", "delete_queue", {"QueueUrl": made["Queue"]}),
        ("ssm", "delete_parameter", {"Name": "p"}),
        ("kinesis", "delete_stream", {"StreamName": "s"}),
        ("logs", "delete_log_group", {"logGroupName": "l"}),
        ("scheduler", "delete_schedule_group", {"Name": "g"}),
        ("cloudwatch", "delete_dashboards", {"DashboardNames": ["d"]}),
        ("events", "delete_event_bus", {"Name": "b"}),
        ("events", "delete_rule", {"Name": "r"}),
        ("kms", "delete_alias", {"AliasName": "alias/a"}),
        ("ec2", "delete_vpc", {"VpcId": made["Net"]}),
        ("dynamodb", "delete_table", {"TableName": "table"}),
        ("iam", "delete_role", {"RoleName": "role"}),
        ("firehose", "delete_delivery_stream", {"DeliveryStreamName": "f"}),
        ("apigateway", "delete_rest_api", {"restApiId": made["Api"]}),
        ("stepfunctions", "delete_state_machine", {"stateMachineArn": f"arn:aws:states:{account}:stateMachine:m"}),
    ):
        getattr(aws(service), operation)(**request)
    assert stacks.delete("some")["StackStatus"] == "DELETE_COMPLETE"


def test_update_in_place_replacement_and_removal(stacks):
    queue = stacks.queue
    stacks.create("changing", stacks.template({"A": queue(DelaySeconds=1), "B": queue(QueueName="b1"), "C": queue()}))
    before = stacks.physical_ids("changing")
    body = stacks.template({"A": queue(DelaySeconds=2), "B": queue(QueueName="b2"), "D": queue()})
    assert stacks.update("changing", body)["StackStatus"] == "UPDATE_COMPLETE"
    after = stacks.physical_ids("changing")
    assert after["A"] == before["A"] and after["B"].endswith("b2") and set(after) == {"A", "B", "D"}
    assert stacks.queue_names() == {url.rpartition("/")[2] for url in after.values()}
    told = stacks.story("changing")
    assert ("changing", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS") in told
    assert told.index(("B", "UPDATE_COMPLETE")) < told.index(("B", "DELETE_COMPLETE"))
    nothing = ("ValidationError", "No updates are to be performed.")
    assert stacks.refusal("update_stack", StackName="changing", TemplateBody=body) == nothing


def test_failed_creation_rolls_back(stacks):
    bad = stacks.queue(VisibilityTimeout=-5) | {"DependsOn": "Good"}
    body = stacks.template({"Good": stacks.queue(), "Bad": bad})
    stack_id = stacks.client.create_stack(StackName="failing", TemplateBody=body)["StackId"]
    assert stacks.settled("failing")["StackStatus"] == "ROLLBACK_COMPLETE"
    assert stacks.reason("failing", "failing", "ROLLBACK_IN_PROGRESS") == (
        "The following resource(s) failed to create: [Bad]. Rollback requested by user."
    )
    reason = stacks.reason("failing", "Bad", "CREATE_FAILED")
    assert reason.startswith('Resource handler returned message: "')
    assert reason.endswith("HandlerErrorCode: InvalidRequest)")
    assert not stacks.queue_names()
    _, message = stacks.refusal("update_stack", StackName="failing", TemplateBody=body)
    assert message == f"Stack:{stack_id} is in ROLLBACK_COMPLETE state and can not be updated."


@pytest.mark.parametrize(("on_failure", "status"), [("DO_NOTHING", "CREATE_FAILED"), ("DELETE", "DELETE_COMPLETE")])
def test_on_failure(stacks, on_failure, status):
    body = stacks.template({"Bad": stacks.queue(VisibilityTimeout=-5)})
    made = stacks.client.create_stack(StackName="bad", TemplateBody=body, OnFailure=on_failure)
    assert stacks.settled(made["StackId"])["StackStatus"] == status


def test_failed_update_restores_the_old_state(stacks, aws):
    queue = stacks.queue
    stacks.create("careful", stacks.template({"A": queue(DelaySeconds=1), "B": queue(QueueName="old")}))
    bad = queue(VisibilityTimeout=-1) | {"DependsOn": ["A", "B", "New"]}
    new = {"A": queue(DelaySeconds=2), "B": queue(QueueName="renamed"), "New": queue(QueueName="new"), "Bad": bad}
    assert stacks.update("careful", stacks.template(new))["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    found = stacks.physical_ids("careful")
    assert set(found) == {"A", "B"} and found["B"].endswith("/old")
    assert "old" in stacks.queue_names() and not stacks.queue_names() & {"renamed", "new"}
    attributes = aws("sqs").get_queue_attributes(QueueUrl=found["A"], AttributeNames=["DelaySeconds"])
    assert attributes["Attributes"] == {"DelaySeconds": "1"}
    assert stacks.reason("careful", "careful", "UPDATE_ROLLBACK_IN_PROGRESS") == (
        "The following resource(s) failed to create: [Bad]. "
    )
    assert ("careful", "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS") in stacks.story("careful")


def test_update_without_rollback_stays_and_can_be_rolled_back(stacks):
    stacks.create("kept", stacks.template({"A": stacks.queue(DelaySeconds=1)}))
    bad = stacks.queue(VisibilityTimeout=-1) | {"DependsOn": "A"}
    body = stacks.template({"A": stacks.queue(DelaySeconds=2), "Bad": bad})
    assert stacks.update("kept", body, DisableRollback=True)["StackStatus"] == "UPDATE_FAILED"
    stacks.client.rollback_stack(StackName="kept")
    assert stacks.settled("kept")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert set(stacks.physical_ids("kept")) == {"A"}


def test_an_update_that_failed_can_be_mended(stacks):
    stacks.create("mended", stacks.template({"A": stacks.queue(DelaySeconds=1)}))
    body = stacks.template({"A": stacks.queue(DelaySeconds=2), "B": stacks.queue(VisibilityTimeout=-1)})
    assert stacks.update("mended", body, DisableRollback=True)["StackStatus"] == "UPDATE_FAILED"
    body = stacks.template({"A": stacks.queue(DelaySeconds=2), "B": stacks.queue(VisibilityTimeout=1)})
    assert stacks.update("mended", body)["StackStatus"] == "UPDATE_COMPLETE"


def test_retained_resources_stay(stacks):
    kept = stacks.queue(QueueName="kept") | {"DeletionPolicy": "Retain"}
    stack = stacks.create("retaining", stacks.template({"Kept": kept, "Gone": stacks.queue()}))
    assert stacks.delete("retaining")["StackStatus"] == "DELETE_COMPLETE"
    assert ("Kept", "DELETE_SKIPPED") in stacks.story(stack["StackId"])
    assert stacks.queue_names() == {"kept"}


def test_replaced_resources_stay_where_their_policy_says_so(stacks):
    policy = {"UpdateReplacePolicy": "Retain"}
    stacks.create("replacing", stacks.template({"A": stacks.queue(QueueName="one") | policy}))
    stacks.update("replacing", stacks.template({"A": stacks.queue(QueueName="two") | policy}))
    assert stacks.queue_names() == {"one", "two"}


def test_what_an_update_leaves_over_goes_in_the_order_of_the_old_template(stacks):
    """A rule is moved to another bus: only when the old rule is gone may its bus go."""
    rule = {"EventPattern": {"source": ["a"]}, "Name": "r"}
    bus = {"Type": "AWS::Events::EventBus", "Properties": {"Name": "old"}}
    other = {"Type": "AWS::Events::EventBus", "Properties": {"Name": "new"}}

    def of(name):
        return {"Type": "AWS::Events::Rule", "Properties": rule | {"EventBusName": {"Ref": name}}}

    stacks.create("moving", stacks.template({"Bus": bus, "Rule": of("Bus")}))
    stacks.update("moving", stacks.template({"Other": other, "Rule": of("Other")}))
    assert [words for words in stacks.story("moving") if words[1].startswith("DELETE")] == [
        ("Rule", "DELETE_IN_PROGRESS"), ("Rule", "DELETE_COMPLETE"),
        ("Bus", "DELETE_IN_PROGRESS"), ("Bus", "DELETE_COMPLETE"),
    ]  # fmt: skip


def test_conditions_take_resources_away(stacks):
    body = stacks.template(
        {"Always": stacks.HANDLE, "Never": stacks.HANDLE | {"Condition": "No"}},
        Conditions={"No": {"Fn::Equals": ["a", "b"]}},
        Outputs={"Absent": {"Condition": "No", "Value": {"Ref": "Never"}}},
    )
    assert "Outputs" not in stacks.create("conditional", body)
    assert set(stacks.physical_ids("conditional")) == {"Always"}


def test_a_name_taken_by_another_fails(stacks, aws):
    aws("sqs").create_queue(QueueName="taken", Attributes={"DelaySeconds": "9"})
    body = stacks.template({"Q": stacks.queue(QueueName="taken", DelaySeconds=1)})
    stacks.client.create_stack(StackName="second", TemplateBody=body)
    assert stacks.settled("second")["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "HandlerErrorCode: AlreadyExists" in stacks.reason("second", "Q", "CREATE_FAILED")
    assert stacks.queue_names() == {"taken"}


def test_a_deletion_stops_a_creation_that_waits(stacks):
    condition = {
        "Type": "AWS::CloudFormation::WaitCondition",
        "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": 600},
    }
    body = stacks.template({"Handle": stacks.HANDLE, "Wait": condition, "Queue": stacks.queue()})
    stack_id = stacks.client.create_stack(StackName="waiting", TemplateBody=body)["StackId"]
    stacks.client.delete_stack(StackName="waiting")
    assert stacks.settled(stack_id)["StackStatus"] == "DELETE_COMPLETE"
    assert not stacks.queue_names()


def test_refusals(stacks):
    body = stacks.template({"H": stacks.HANDLE})
    stacks.create("here", body, EnableTerminationProtection=True)
    assert stacks.refusal("create_stack", StackName="here", TemplateBody=body) == (
        "AlreadyExistsException",
        "Stack [here] already exists",
    )
    assert stacks.refusal("delete_stack", StackName="here") == (
        "ValidationError",
        "Stack [here] cannot be deleted while TerminationProtection is enabled",
    )
    unknown = stacks.template({"X": {"Type": "AWS::Nothing::Here"}})
    assert stacks.refusal("create_stack", StackName="x", TemplateBody=unknown) == (
        "ValidationError",
        "Template format error: Unrecognized resource types: [AWS::Nothing::Here]",
    )
    _, message = stacks.refusal("create_stack", StackName="a_b", TemplateBody=body)
    assert message.endswith("Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*")
    stacks.client.delete_stack(StackName="never-was")


def test_capabilities_are_asked_for(stacks):
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}
    for properties, capability in ({}, "CAPABILITY_IAM"), ({"RoleName": "r"}, "CAPABILITY_NAMED_IAM"):
        body = stacks.template({"R": role | {"Properties": role["Properties"] | properties}})
        assert stacks.refusal("create_stack", StackName="iam", TemplateBody=body) == (
            "InsufficientCapabilitiesException",
            f"Requires capabilities : [{capability}]",
        )


def test_forty_resources(stacks):
    stack = stacks.create("forty", stacks.template({f"Q{number}": stacks.queue() for number in range(40)}))
    events = stacks.events("forty")
    assert len(events) == 2 + 3 * 40
    assert (events[-1]["Timestamp"] - stack["CreationTime"]).total_seconds() < 1
