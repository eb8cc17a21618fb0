"""Takes an order back."""

import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
CUSTOMER = "demo"


def handler(event, context):
    table.delete_item(Key={"user_id": CUSTOMER, "id": event["pathParameters"]["id"]})
    return {"statusCode": 204}
