"""Names, tables and documents that several scenarios ask for."""

import json

from tests.simulation.clients import ACCOUNT, REGION


def arn(service: str, name: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{name}"


def document(*statements: dict) -> str:
    """A policy, as text."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


TRUST = {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}

TABLE = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
