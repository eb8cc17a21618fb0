"""Stands for the people and the bank that an order waits for: answers questions that come by the queue.

A question with a task token is answered to the workflow; one without is answered into the table, where the workflow
looks for it. `patience` says how often it must have looked in vain before the answer comes.
"""

import json
import os
import time

import boto3

states, table = boto3.client("stepfunctions"), boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
MOST = 1_000  # what may be spent without a human being
LOOK_EVERY_S, LOOK_WITHIN_S = 0.1, 15


def handler(event, context):
    for record in event["Records"]:
        question = json.loads(record["body"])
        answer = "no" if question.get("total", 0) > MOST else "yes"
        if "token" in question:
            call_back(question["token"], answer)
        else:
            write_down(question, answer)
        if question.get("stumble"):
            raise RuntimeError("stumbled after the answer")


def call_back(token, answer):
    if answer == "yes":
        states.send_task_success(taskToken=token, output=json.dumps({"answer": answer}))
    else:
        states.send_task_failure(taskToken=token, error="Refused", cause=f"more than {MOST}")


def write_down(question, answer):
    key = {"id": f"{question['order']}/{question['about']}"}
    deadline = time.monotonic() + LOOK_WITHIN_S
    while looks(key) < question.get("patience", 0) and time.monotonic() < deadline:
        time.sleep(LOOK_EVERY_S)
    table.update_item(Key=key, UpdateExpression="SET answer = :answer", ExpressionAttributeValues={":answer": answer})


def looks(key):
    return table.get_item(Key=key, ConsistentRead=True).get("Item", {}).get("looks", 0)
