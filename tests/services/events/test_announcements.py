"""What happens in the other rooms is told on the default bus, to those who listen."""

import json

from freehold.kernel.deliveries import Delivery


def test_step_functions_tells_of_executions(town, aws):
    url = town.hearer("runs", {"source": ["aws.states"], "detail-type": ["Step Functions Execution Status Change"]})
    states = aws("stepfunctions")
    definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "End": True}}})
    role = aws.role("runner", "states.amazonaws.com")
    machine = states.create_state_machine(name="m", roleArn=role, definition=definition)["stateMachineArn"]
    arn = states.start_execution(stateMachineArn=machine, name="x", input='{"a": 1}')["executionArn"]
    running, over = sorted(town.told(url, 2), key=lambda told: told["detail"]["stopDate"] or 0)
    assert running["resources"] == [arn] and running["detail"]["status"] == "RUNNING"
    assert running["detail"]["output"] is None and running["detail"]["input"] == '{"a": 1}'
    detail = over["detail"]
    assert (detail["status"], detail["output"], detail["name"]) == ("SUCCEEDED", "1", "x")
    assert detail["startDate"] <= detail["stopDate"] and isinstance(detail["startDate"], int)


def test_s3_tells_of_objects_where_it_is_told_to(town, aws):
    url = town.hearer("objects", {"source": ["aws.s3"]})
    s3 = aws("s3")
    for name in ("quiet", "loud"):
        s3.create_bucket(Bucket=f"{name}-{aws.account}")
    loud = f"loud-{aws.account}"
    bridge = {"EventBridgeConfiguration": {}}
    s3.put_bucket_notification_configuration(Bucket=loud, NotificationConfiguration=bridge)
    assert s3.get_bucket_notification_configuration(Bucket=loud)["EventBridgeConfiguration"] == {}
    s3.put_object(Bucket=f"quiet-{aws.account}", Key="a", Body=b"1")
    s3.put_object(Bucket=loud, Key="a", Body=b"12")
    s3.delete_object(Bucket=loud, Key="a")
    made, gone = sorted(town.told(url, 2), key=lambda told: told["detail-type"])
    assert (made["detail-type"], made["detail"]["reason"]) == ("Object Created", "PutObject")
    assert made["resources"] == [f"arn:aws:s3:::{loud}"] and made["detail"]["object"]["size"] == 2
    assert (gone["detail-type"], gone["detail"]["deletion-type"]) == ("Object Deleted", "Permanently Deleted")


def test_cloudformation_tells_of_stacks(town, aws):
    kind = {"detail-type": ["CloudFormation Stack Status Change"]}
    url = town.hearer("stacks", {"source": ["aws.cloudformation"], **kind})
    template = json.dumps({"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}})
    id = aws("cloudformation").create_stack(StackName="s", TemplateBody=template)["StackId"]
    begun, done = town.told(url, 2)
    assert begun["resources"] == done["resources"] == [id]
    statuses = {told["detail"]["status-details"]["status"] for told in (begun, done)}
    assert statuses == {"CREATE_IN_PROGRESS", "CREATE_COMPLETE"}


def test_what_nobody_listens_to_is_not_promised(own_town):
    town, aws = own_town, own_town.aws
    town.rule("own", {"source": ["shop"]})
    town.rule("off", {"source": ["aws.states"]})
    town.events.disable_rule(Name="off")
    town.rule("gone", {"detail-type": ["x"]})
    town.events.delete_rule(Name="gone")
    states = aws("stepfunctions")
    definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 9, "End": True}}})
    machine = states.create_state_machine(
        name="m", roleArn=aws.role("runner", "states.amazonaws.com"), definition=definition
    )["stateMachineArn"]
    states.start_execution(stateMachineArn=machine)

    async def promised():
        call = aws.running.cloud.door.call(aws.account, aws.region)
        return await call.transact(lambda tx: [one for one in tx.range(Delivery) if one.operation == "announced"])

    assert aws.running.run(promised()) == []
