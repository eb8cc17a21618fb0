"""Marks an order as rejected, with the reason, and says so."""

import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
sns = boto3.client("sns")


def handler(event, context):
    order = event["order"]
    reason = event["payment"]["reason"] if "payment" in event else event["failure"]["Cause"]
    table.update_item(
        Key={"user_id": order["user_id"], "id": order["id"]},
        UpdateExpression="SET #s = :s, reason = :r",
        ExpressionAttributeNames={"#s": "status"},
        ExpressionAttributeValues={":s": "REJECTED", ":r": reason},
    )
    notice = {"order": order["id"], "status": "REJECTED", "reason": reason}
    sns.publish(TopicArn=os.environ["TOPIC_ARN"], Subject="We could not take your order", Message=json.dumps(notice))
    return {"status": "REJECTED"}
