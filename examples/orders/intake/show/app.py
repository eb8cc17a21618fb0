"""Shows one order."""

import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
CUSTOMER = "demo"


def handler(event, context):
    id = event["pathParameters"]["id"]
    order = table.get_item(Key={"user_id": CUSTOMER, "id": id}).get("Item")
    if order is None:
        return {"statusCode": 404, "body": json.dumps({"message": f"There is no order {id}."})}
    return {"statusCode": 200, "body": json.dumps(order, default=int)}
