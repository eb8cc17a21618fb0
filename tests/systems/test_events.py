"""SAM's event sources of EventBridge, deployed by the SAM CLI: a schedule, rules of a bus, a bus as destination."""

import json
import sys
from urllib.request import Request, urlopen

import pytest
from tests.running import Freehold, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("events")]

RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"
TEMPLATE = f"""
Transform: AWS::Serverless-2016-10-31
Resources:
  Town:
    Type: AWS::Events::EventBus
    Properties: {{Name: town}}
  Heard:
    Type: AWS::SQS::Queue
  HeardPolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Heard]
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {{Service: events.amazonaws.com}}
            Action: sqs:SendMessage
            Resource: !GetAtt Heard.Arn
            Condition: {{ArnEquals: {{"aws:SourceArn": !GetAtt Told.Arn}}}}
  Told:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref Town
      EventPattern: {{source: [lambda], detail-type: [{{suffix: Success}}]}}
      Targets:
        - Id: heard
          Arn: !GetAtt Heard.Arn
          InputPath: $.detail.responsePayload
  Clerk:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: {RUNTIME}
      Handler: index.handler
      InlineCode: |
        def handler(event, context):
            return [event["source"], event["detail-type"], event["detail"]]
      EventInvokeConfig:
        DestinationConfig:
          OnSuccess: {{Type: EventBridge, Destination: !GetAtt Town.Arn}}
      Events:
        Daily:
          Type: Schedule
          Properties: {{Schedule: rate(1 day), Description: every day}}
        Sold:
          Type: EventBridgeRule
          Properties:
            EventBusName: !Ref Town
            Pattern: {{source: [shop]}}
            RetryPolicy: {{MaximumRetryAttempts: 5, MaximumEventAgeInSeconds: 900}}
            DeadLetterConfig: {{Type: SQS, QueueLogicalId: Dead}}
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {{StartAt: Done, States: {{Done: {{Type: Succeed}}}}}}
      Events:
        Sold:
          Type: EventBridgeRule
          Properties:
            EventBusName: !Ref Town
            Pattern: {{source: [shop]}}
            InputPath: $.detail
Outputs:
  Heard: {{Value: !Ref Heard}}
  Flow: {{Value: !Ref Flow}}
"""


@pytest.fixture(scope="module")
def freehold(tmp_path_factory):
    folder = tmp_path_factory.mktemp("events")
    (folder / "template.yaml").write_text(TEMPLATE)
    freehold = Freehold(folder / "data")
    freehold.up()
    done = freehold.run(
        "sam", "deploy", "--stack-name", "town", "--resolve-s3", "--capabilities", "CAPABILITY_IAM",
        "--no-confirm-changeset", cwd=folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    yield freehold
    freehold.down()


@pytest.fixture(scope="module")
def outputs(freehold):
    [stack] = freehold.client("cloudformation").describe_stacks(StackName="town")["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def heard(freehold, url):
    """The next message that the queue gets."""
    sqs = freehold.client("sqs")
    (message,) = wait_for(lambda: sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5).get("Messages"))
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return json.loads(message["Body"])


def test_an_event_reaches_the_function_and_its_result_the_bus(freehold, outputs):
    entry = {"Source": "shop", "DetailType": "sold", "Detail": '{"hat": 1}', "EventBusName": "town"}
    assert freehold.client("events").put_events(Entries=[entry])["FailedEntryCount"] == 0
    assert heard(freehold, outputs["Heard"]) == ["shop", "sold", {"hat": 1}]
    states = freehold.client("stepfunctions")
    (run,) = wait_for(lambda: states.list_executions(stateMachineArn=outputs["Flow"])["executions"])
    assert json.loads(states.describe_execution(executionArn=run["executionArn"])["input"]) == {"hat": 1}


def test_the_function_is_called_when_it_is_due(freehold, outputs):
    clock = Request(freehold.url + "/_freehold/clock", data=json.dumps({"advance": 86_400}).encode())
    urlopen(clock, timeout=60).close()
    assert heard(freehold, outputs["Heard"]) == ["aws.events", "Scheduled Event", {}]
