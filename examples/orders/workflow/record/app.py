"""Keeps an order that was just taken."""

import json
import os
from decimal import Decimal

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])


def handler(order, context):
    table.put_item(Item=json.loads(json.dumps(order), parse_float=Decimal))
    print(f"recorded order {order['id']} of {order['user_id']}")
    return {"statusCode": 200, "body": json.dumps(order)}
