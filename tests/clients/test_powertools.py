"""Functions name the public layer of Powertools for Python, and find it."""

import io
import json
import os
import subprocess
import sys
import zipfile

import pytest

from freehold import cache

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

MINOR = sys.version_info.minor
ARN = f"arn:aws:lambda:us-east-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python3{MINOR}-x86_64:7"
SOURCE = """
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel

class Order(BaseModel):
    name: str
    quantity: int

app, logger = APIGatewayRestResolver(enable_validation=True), Logger(service="orders")

@app.post("/orders")
def order(wish: Order) -> dict:
    logger.info("ordered", extra={"quantity": wish.quantity})
    return {"name": wish.name}

@logger.inject_lambda_context
def handler(event: dict, context: LambdaContext) -> dict:
    return app.resolve(event, context)
"""


@pytest.fixture(scope="module")
def powertools():
    thing = next(one for one in cache.things() if one.name == f"Powertools 3 for python3.{MINOR}")
    if thing.there():
        return
    try:
        cache.fetch(thing)
    except (OSError, subprocess.CalledProcessError) as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"Powertools can not be fetched: {error}")


def test_a_function_uses_powertools_of_the_public_layer(powertools, aws):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", SOURCE)
    functions = aws("lambda")
    functions.create_function(
        FunctionName="orders", Runtime=f"python3.{MINOR}", Handler="index.handler", Timeout=20, MemorySize=512,
        Role=aws.role("orders-role", "lambda.amazonaws.com"), Code={"ZipFile": packed.getvalue()}, Layers=[ARN],
    )  # fmt: skip
    functions.get_waiter("function_active_v2").wait(FunctionName="orders")
    event = {
        "resource": "/orders", "path": "/orders", "httpMethod": "POST", "headers": {}, "multiValueHeaders": {},
        "queryStringParameters": None, "requestContext": {}, "body": json.dumps({"name": "ann", "quantity": 2}),
    }  # fmt: skip
    answer = json.load(functions.invoke(FunctionName="orders", Payload=json.dumps(event))["Payload"])
    assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"name": "ann"})
    event["body"] = json.dumps({"name": "ann", "quantity": "many"})
    answer = json.load(functions.invoke(FunctionName="orders", Payload=json.dumps(event))["Payload"])
    assert answer["statusCode"] == 422
