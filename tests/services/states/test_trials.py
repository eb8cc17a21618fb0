"""TestState: one state done alone, with mocks and without."""

import json

import pytest
from botocore.exceptions import ClientError

ADD = {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "ResultPath": "$.more", "End": True}
GET = {
    "Type": "Task",
    "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem",
    "Parameters": {"TableName": "none", "Key": {"id": {"S": "1"}}},
    "Retry": [{"ErrorEquals": ["Never"]}],
    "Catch": [{"ErrorEquals": ["DynamoDb.ResourceNotFoundException"], "Next": "Handle"}],
    "End": True,
}
EACH = {
    "Type": "Map",
    "ToleratedFailureCount": 1,
    "ItemProcessor": {"StartAt": "Do", "States": {"Do": {"Type": "Pass", "End": True}}},
    "End": True,
}


def trial(flows, definition: dict, **more) -> dict:
    told = flows.client.test_state(definition=json.dumps(definition), **more)
    return {name: value for name, value in told.items() if name != "ResponseMetadata"}


def test_what_each_field_made_of_the_data(flows):
    told = trial(flows, ADD, input='{"n": 1}', inspectionLevel="DEBUG")
    assert (told["status"], json.loads(told["output"])) == ("SUCCEEDED", {"n": 1, "more": {"n": 2}})
    assert json.loads(told["inspectionData"]["afterParameters"]) == {"n": 2}
    assert "inspectionData" not in trial(flows, ADD, input='{"n": 1}')


def test_a_state_of_a_machine(flows):
    machine = {"StartAt": "Add", "States": {"Add": {**ADD, "Next": "End"}, "End": {"Type": "Succeed"}}}
    del machine["States"]["Add"]["End"]
    told = trial(flows, machine, input='{"n": 1}', stateName="Add")
    assert told["nextState"] == "End"
    with pytest.raises(ClientError, match="State not found in definition"):
        trial(flows, machine, stateName="None")


def test_a_task_is_called_as_the_role(flows):
    told = trial(flows, GET, roleArn=flows.role)
    assert (told["status"], told["error"]) == ("CAUGHT_ERROR", "DynamoDb.ResourceNotFoundException")
    assert told["nextState"] == "Handle"
    lists = {**GET, "Resource": "arn:aws:states:::aws-sdk:dynamodb:listTables", "Parameters": {}}
    assert json.loads(trial(flows, lists, roleArn=flows.role)["output"]) == {"TableNames": []}


def test_mocks(flows):
    result = {"Item": {"id": {"S": "1"}}}
    told = trial(flows, GET, mock={"result": json.dumps(result)})
    assert (told["status"], json.loads(told["output"])) == ("SUCCEEDED", result)
    told = trial(flows, GET, mock={"errorOutput": {"error": "Never"}})
    assert (told["status"], told["error"]) == ("RETRIABLE", "Never")
    told = trial(flows, EACH, input="[1, 2]", mock={"result": "[3, 4]"})
    assert json.loads(told["output"]) == [3, 4]
    configuration = {"mapIterationFailureCount": 2}
    told = trial(flows, EACH, input="[1, 2]", mock={"result": "[3, 4]"}, stateConfiguration=configuration)
    assert told["error"] == "States.ExceedToleratedFailureThreshold"


WRONG = [
    (GET, {"mock": {"result": '{"Item": 1}'}}, "Field 'Item' must be an object"),
    (ADD, {"mock": {"result": "{}"}}, "State type 'Pass' is not supported when a mock is specified"),
    (EACH, {"mock": {"result": "{}"}}, "Mocked result must be an array"),
    (EACH, {}, "TestState API does not support Map or Parallel states"),
    (EACH, {"stateConfiguration": {"mapIterationFailureCount": 1}}, "does not support MapIterationFailureCount when"),
    (GET, {"mock": {"result": "{}"}, "revealSecrets": True}, "does not support RevealSecrets when a mock is specified"),
    (ADD, {"context": '{"Map": {}}'}, "'Map' field is not supported when mocking a Context object"),
    (ADD, {"context": '{"Execution": {"Id": 1}}'}, "Execution.Id must be a string"),
    (ADD, {"context": '{"Task": {"Token": "x"}}'}, "Context object contains 'Task' when state is not a Task state"),
]


@pytest.mark.parametrize(("definition", "more", "words"), WRONG)
def test_what_does_not_fit_is_refused(flows, definition, more, words):
    with pytest.raises(ClientError, match=words):
        trial(flows, definition, **more)


def test_how_strictly_a_mock_is_checked(flows):
    start = {**GET, "Resource": "arn:aws:states:::aws-sdk:sfn:startExecution", "Parameters": {"StateMachineArn": "x"}}
    with pytest.raises(ClientError, match="Required field 'ExecutionArn' is missing"):
        trial(flows, start, mock={"result": "{}"})
    assert trial(flows, start, mock={"result": "{}", "fieldValidationMode": "PRESENT"})["output"] == "{}"
    with pytest.raises(ClientError, match="Field 'ExecutionArn' must be a string"):
        trial(flows, start, mock={"result": '{"ExecutionArn": 1}', "fieldValidationMode": "PRESENT"})
    assert trial(flows, start, mock={"result": '{"ExecutionArn": 1}', "fieldValidationMode": "NONE"})["status"]
