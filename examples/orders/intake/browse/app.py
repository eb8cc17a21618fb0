"""Lists every order of the customer."""

import json
import os

import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
CUSTOMER = "demo"


def handler(event, context):
    orders, start = [], {}
    while True:
        page = table.query(KeyConditionExpression=Key("user_id").eq(CUSTOMER), **start)
        orders += page["Items"]
        if "LastEvaluatedKey" not in page:
            return {"statusCode": 200, "body": json.dumps(orders, default=int)}
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
