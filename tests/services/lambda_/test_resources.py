"""Lambda's CloudFormation types, through stacks."""

import json

import pytest

PROFILE = "arn:aws:signer:us-east-1:111122223333:/signing-profiles/ours/0123456789"
TEMPLATE = {
    "Resources": {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": {
                        "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole",
                    },
                },
                "Policies": [
                    {
                        "PolicyName": "queues",
                        "PolicyDocument": {
                            "Version": "2012-10-17",
                            "Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"},
                        },
                    }
                ],
            },
        },
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Words": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "FunctionName": "words",
                "Runtime": "python3.12",
                "Handler": "index.handler",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Timeout": "5",
                "Environment": {"Variables": {"NUMBER": 1}},
                "Code": {"ZipFile": "import cfnresponse, os\ndef handler(e, c): return os.environ['NUMBER']"},
                "Tags": [{"Key": "team", "Value": "a"}],
                "RecursiveLoop": "Allow",
                "RuntimeManagementConfig": {"UpdateRuntimeOn": "FunctionUpdate"},
                "CodeSigningConfigArn": {"Ref": "Signing"},
            },
        },
        "Signing": {
            "Type": "AWS::Lambda::CodeSigningConfig",
            "Properties": {"AllowedPublishers": {"SigningProfileVersionArns": [PROFILE]}},
        },
        "Version": {
            "Type": "AWS::Lambda::Version",
            "Properties": {
                "FunctionName": {"Ref": "Words"},
                "ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": "1"},
            },
        },
        "Live": {
            "Type": "AWS::Lambda::Alias",
            "Properties": {
                "FunctionName": {"Ref": "Words"},
                "Name": "live",
                "FunctionVersion": {"Fn::GetAtt": ["Version", "Version"]},
            },
        },
        "Url": {
            "Type": "AWS::Lambda::Url",
            "Properties": {"TargetFunctionArn": {"Fn::GetAtt": ["Words", "Arn"]}, "AuthType": "NONE"},
        },
        "Permission": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "FunctionName": {"Ref": "Words"},
                "Action": "lambda:InvokeFunction",
                "Principal": "sns.amazonaws.com",
            },
        },
        "Events": {
            "Type": "AWS::Lambda::EventInvokeConfig",
            "Properties": {"FunctionName": {"Ref": "Words"}, "Qualifier": "$LATEST", "MaximumRetryAttempts": "1"},
        },
        "Mapping": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "FunctionName": {"Ref": "Words"},
                "EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]},
                "BatchSize": "1",
            },
        },
    },
    "Outputs": {"Url": {"Value": {"Fn::GetAtt": ["Url", "FunctionUrl"]}}},
}  # fmt: skip


@pytest.fixture
def stack(workshop):
    client = workshop.aws("cloudformation")
    body = json.dumps(TEMPLATE)
    client.create_stack(StackName="words", TemplateBody=body, Capabilities=["CAPABILITY_IAM"])
    client.get_waiter("stack_create_complete").wait(StackName="words", WaiterConfig={"Delay": 1})
    return client


def test_a_stack_of_everything(workshop, stack):
    client = workshop.client
    assert workshop.invoke(name="words")[1] == "1"
    assert workshop.invoke(name="words:live")[0]["ExecutedVersion"] == "1"
    assert client.get_function_configuration(FunctionName="words")["Timeout"] == 5
    assert client.list_tags(Resource=client.get_function(FunctionName="words")["Configuration"]["FunctionArn"])["Tags"]
    assert client.get_function_event_invoke_config(FunctionName="words")["MaximumRetryAttempts"] == 1
    mapping = client.list_event_source_mappings(FunctionName="words")["EventSourceMappings"][0]
    assert (mapping["State"], mapping["BatchSize"]) == ("Enabled", 1)
    assert client.get_function_recursion_config(FunctionName="words")["RecursiveLoop"] == "Allow"
    assert client.get_runtime_management_config(FunctionName="words")["UpdateRuntimeOn"] == "FunctionUpdate"
    assert client.get_function_code_signing_config(FunctionName="words")["CodeSigningConfigArn"]
    kept = client.get_provisioned_concurrency_config(FunctionName="words", Qualifier="1")
    assert (kept["Status"], kept["RequestedProvisionedConcurrentExecutions"]) == ("READY", 1)
    assert "sns.amazonaws.com" in client.get_policy(FunctionName="words")["Policy"]


def test_an_alias_of_a_stack_keeps_environments_ready(workshop):
    client = workshop.aws("cloudformation")
    resources = {name: TEMPLATE["Resources"][name] for name in ("Role", "Words", "Version", "Live", "Signing")}
    resources = json.loads(json.dumps(resources))
    kept = {"ProvisionedConcurrencyConfig": resources["Version"]["Properties"].pop("ProvisionedConcurrencyConfig")}
    resources["Live"]["Properties"] |= kept
    given = {"StackName": "kept", "Capabilities": ["CAPABILITY_IAM"]}
    client.create_stack(TemplateBody=json.dumps({"Resources": resources}), **given)
    client.get_waiter("stack_create_complete").wait(StackName="kept", WaiterConfig={"Delay": 1})
    place = {"FunctionName": "words", "Qualifier": "live"}
    told = workshop.client.get_provisioned_concurrency_config(**place)
    assert (told["Status"], told["AllocatedProvisionedConcurrentExecutions"]) == ("READY", 1)
    del resources["Live"]["Properties"]["ProvisionedConcurrencyConfig"]
    client.update_stack(TemplateBody=json.dumps({"Resources": resources}), **given)
    client.get_waiter("stack_update_complete").wait(StackName="kept", WaiterConfig={"Delay": 1})
    with pytest.raises(workshop.client.exceptions.ProvisionedConcurrencyConfigNotFoundException):
        workshop.client.get_provisioned_concurrency_config(**place)


def test_a_stack_changes_its_function_and_goes(workshop, stack):
    changed = json.loads(json.dumps(TEMPLATE))
    properties = changed["Resources"]["Words"]["Properties"]
    properties["Environment"] = {"Variables": {"NUMBER": 2}}
    for name in ("Timeout", "RecursiveLoop", "CodeSigningConfigArn"):
        del properties[name]
    del changed["Resources"]["Version"]["Properties"]["ProvisionedConcurrencyConfig"]
    stack.update_stack(StackName="words", TemplateBody=json.dumps(changed), Capabilities=["CAPABILITY_IAM"])
    stack.get_waiter("stack_update_complete").wait(StackName="words", WaiterConfig={"Delay": 1})
    assert workshop.invoke(name="words")[1] == "2"
    assert workshop.client.get_function_configuration(FunctionName="words")["Timeout"] == 3
    assert workshop.client.get_function_recursion_config(FunctionName="words")["RecursiveLoop"] == "Terminate"
    assert "CodeSigningConfigArn" not in workshop.client.get_function_code_signing_config(FunctionName="words")
    assert not workshop.client.list_provisioned_concurrency_configs(FunctionName="words")[
        "ProvisionedConcurrencyConfigs"
    ]
    stack.delete_stack(StackName="words")
    stack.get_waiter("stack_delete_complete").wait(StackName="words", WaiterConfig={"Delay": 1})
    assert workshop.client.list_functions()["Functions"] == []
    assert workshop.client.list_event_source_mappings()["EventSourceMappings"] == []
