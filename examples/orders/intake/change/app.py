"""Changes how many of a thing are wanted."""

import json
import os

import boto3
from botocore.exceptions import ClientError

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
CUSTOMER = "demo"


def handler(event, context):
    id, wanted = event["pathParameters"]["id"], json.loads(event["body"])
    try:
        changed = table.update_item(
            Key={"user_id": CUSTOMER, "id": id},
            UpdateExpression="SET quantity = :q",
            ConditionExpression="attribute_exists(id)",
            ExpressionAttributeValues={":q": int(wanted["quantity"])},
            ReturnValues="ALL_NEW",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return {"statusCode": 404, "body": json.dumps({"message": f"There is no order {id}."})}
    return {"statusCode": 200, "body": json.dumps(changed["Attributes"], default=int)}
