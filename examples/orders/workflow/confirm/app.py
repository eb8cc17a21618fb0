"""Marks an order as fulfilled and says so."""

import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
sns = boto3.client("sns")


def handler(event, context):
    order = event["order"]
    table.update_item(
        Key={"user_id": order["user_id"], "id": order["id"]},
        UpdateExpression="SET #s = :s",
        ExpressionAttributeNames={"#s": "status"},
        ExpressionAttributeValues={":s": "FULFILLED"},
    )
    notice = {"order": order["id"], "what": f"{order['quantity']} x {order['name']}", "status": "FULFILLED"}
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Subject=f"Your order of {order['name']}", Message=json.dumps(notice))
    return {"status": "FULFILLED"}
