"""Takes orders off the queue and starts a workflow for each. An order that is none fails alone."""

import json
import os
from datetime import UTC, datetime

import boto3

states = boto3.client("stepfunctions")
CUSTOMER = "demo"


def handler(event, context):
    failures = []
    for record in event["Records"]:
        try:
            start(record["messageId"], json.loads(record["body"])["order"])
        except (KeyError, TypeError, ValueError) as error:
            print(f"message {record['messageId']} is no order: {error!r}")
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}


def start(id, wanted):
    order = {
        "user_id": CUSTOMER,
        "id": id,
        "name": wanted["name"],
        "quantity": int(wanted["quantity"]),
        "status": "PENDING",
        "taken_at": datetime.now(UTC).isoformat(),
    }
    # The message's id names the execution, so a message that comes twice is one order.
    try:
        states.start_execution(stateMachineArn=os.environ["WORKFLOW_ARN"], name=id, input=json.dumps(order))
    except states.exceptions.ExecutionAlreadyExists:
        print(f"order {id} is on its way already")
