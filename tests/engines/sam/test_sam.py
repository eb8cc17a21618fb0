"""SAM templates of an orders shop become CloudFormation, without network, region variables or boto clients."""

import pickle
import socket
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from freehold.engines import cfn, sam

ACCOUNT, REGION = "123456789012", "eu-west-1"


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """No region in the surroundings, and no way out."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("the network was used"))


def made(resources: str, **parameters: str) -> dict:
    text = f"Transform: AWS::Serverless-2016-10-31\nResources:\n{resources}"
    return sam.transform(cfn.read(text), parameters, {}, REGION, ACCOUNT)["Resources"]


FUNCTION = """
  Take:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: s3://code/take.zip
      Handler: app.handler
      Runtime: python3.12
      Events: {Orders: {Type: SQS, Properties: {Queue: !GetAtt Orders.Arn, BatchSize: 10}}}
      Policies:
        - DynamoDBReadPolicy: {TableName: !Ref Table}
        - SNSPublishMessagePolicy: {TopicName: !GetAtt News.TopicName}
        - LambdaInvokePolicy: {FunctionName: other}
        - StepFunctionsExecutionPolicy: {StateMachineName: flow}
        - AmazonSQSReadOnlyAccess
  Orders: {Type: AWS::SQS::Queue}
  News: {Type: AWS::SNS::Topic}
  Table: {Type: AWS::Serverless::SimpleTable}
"""


def test_a_function_its_role_and_its_source():
    resources = made(FUNCTION)
    assert {id_: resource["Type"] for id_, resource in resources.items()} == {
        "Take": "AWS::Lambda::Function",
        "TakeRole": "AWS::IAM::Role",
        "TakeOrders": "AWS::Lambda::EventSourceMapping",
        "Orders": "AWS::SQS::Queue",
        "News": "AWS::SNS::Topic",
        "Table": "AWS::DynamoDB::Table",
    }
    assert resources["Take"]["Properties"]["Code"] == {"S3Bucket": "code", "S3Key": "take.zip"}
    role = resources["TakeRole"]["Properties"]
    actions = {
        action
        for policy in role["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }
    assert {"dynamodb:GetItem", "sns:Publish", "lambda:InvokeFunction", "states:StartExecution"} <= actions
    assert "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole" in role["ManagedPolicyArns"]


def test_a_managed_policy_that_the_caller_names():
    text = cfn.read("Resources:" + FUNCTION.replace("AmazonSQSReadOnlyAccess", "TeamPolicy"))
    resources = sam.transform(text, {}, {"TeamPolicy": "arn:aws:iam::123456789012:policy/Team"}, REGION, ACCOUNT)
    arns = resources["Resources"]["TakeRole"]["Properties"]["ManagedPolicyArns"]
    assert "arn:aws:iam::123456789012:policy/Team" in arns


def test_a_state_machine():
    resources = made(
        """
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: s3://code/flow.asl.json
      DefinitionSubstitutions: {StepArn: !GetAtt Step.Arn}
      Policies: [LambdaInvokePolicy: {FunctionName: !Ref Step}]
  Step: {Type: AWS::Lambda::Function}
"""
    )
    flow = resources["Flow"]["Properties"]
    assert flow["DefinitionS3Location"] == {"Bucket": "code", "Key": "flow.asl.json"}
    assert flow["DefinitionSubstitutions"] == {"StepArn": {"Fn::GetAtt": ["Step", "Arn"]}}
    assert resources["FlowRole"]["Type"] == "AWS::IAM::Role"


API = """
  Front:
    Type: AWS::Serverless::Api
    Properties:
      StageName: Dev
      MethodSettings: [{HttpMethod: '*', ResourcePath: /*, LoggingLevel: INFO, MetricsEnabled: true}]
      Cors: {AllowMethods: "'GET'", AllowOrigin: "'*'"}
      DefinitionBody:
        openapi: 3.0.1
        info: {title: shop, version: '1'}
        paths: {/orders: {get: {x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: u}}}}
"""


def test_an_api_with_its_body_given():
    resources = made(API)
    kinds = {resource["Type"]: resource for resource in resources.values()}
    assert set(kinds) == {"AWS::ApiGateway::RestApi", "AWS::ApiGateway::Deployment", "AWS::ApiGateway::Stage"}
    assert set(resources["Front"]["Properties"]["Body"]["paths"]["/orders"]) == {"get", "options"}
    assert kinds["AWS::ApiGateway::Stage"]["Properties"]["MethodSettings"][0]["LoggingLevel"] == "INFO"
    assert resources == made(API)


def test_an_application_is_a_nested_stack():
    resources = made(
        """
  Data: {Type: AWS::Serverless::Application, Properties: {Location: 'https://s3.amazonaws.com/code/data.yaml'}}
  Front:
    Type: AWS::Serverless::Application
    Properties:
      Location: https://s3.amazonaws.com/code/front.yaml
      Parameters: {Table: !GetAtt Data.Outputs.Table}
"""
    )
    front = resources["Front"]
    assert front["Type"] == "AWS::CloudFormation::Stack"
    assert front["Properties"]["TemplateURL"] == "https://s3.amazonaws.com/code/front.yaml"
    assert front["Properties"]["Parameters"] == {"Table": {"Fn::GetAtt": ["Data", "Outputs.Table"]}}


@pytest.mark.parametrize(
    ("resources", "words"),
    [
        (
            "  F: {Type: AWS::Serverless::Function, Properties: {Handler: h, Runtime: python3.12}}",
            "errors found: 1. Resource with id [F] is invalid. Only one of 'InlineCode' or 'CodeUri' can be set.",
        ),
        (
            "  A: {Type: AWS::Serverless::Application, Properties: {Location: {ApplicationId: a}}}",
            "Resource with id [A] is invalid. Serverless Application Repository is not available in this region.",
        ),
    ],
)
def test_refusals_are_cloudformations(resources, words):
    with pytest.raises(cfn.TransformFailed) as refused:
        made(resources)
    said = refused.value.message
    assert said.startswith(
        "Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification"
    )
    assert words in said
    again = pickle.loads(pickle.dumps(refused.value))
    assert (type(again), again.message) == (cfn.TransformFailed, said)


def test_the_arguments_are_left_as_they_were():
    template = cfn.read("Resources:" + API + FUNCTION.lstrip("\n"))
    before = pickle.dumps(template)
    sam.transform(template, {"A": "b"}, {}, REGION, ACCOUNT)
    assert pickle.dumps(template) == before


def test_it_runs_in_a_worker_process():
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        document = pool.submit(sam.transform, cfn.read("Resources:" + API), {}, {}, REGION, ACCOUNT).result(60)
    assert cfn.of_document(document).resources["Front"].type == "AWS::ApiGateway::RestApi"
