"""Functions to test with: a room for each test in an account of its own, and its clients."""

import io
import json
import zipfile

import pytest

TALKATIVE = """
import json
def handler(event, context):
    print("heard", json.dumps(event))
    return {"event": event, "version": context.function_version, "arn": context.invoked_function_arn}
"""
LOGGING = {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}


def zipped(source: str, name: str = "index.py") -> bytes:
    """A zip with one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), source)
    return buffer.getvalue()


class Workshop:
    """Makes functions in one account."""

    def __init__(self, aws):
        self.aws = aws
        self.client = aws("lambda")
        self.roles = {}

    def role(self, *statements, name="role"):
        if name not in self.roles:
            self.roles[name] = self.aws.role(name, "lambda.amazonaws.com", *statements)
        return self.roles[name]

    def make(self, source=TALKATIVE, name="it", role=None, **settings):
        given = {"Runtime": "python3.12", "Handler": "index.handler", "Timeout": 10} | settings
        made = self.client.create_function(
            FunctionName=name, Role=role or self.role(LOGGING), Code={"ZipFile": zipped(source)}, **given
        )
        self.client.get_waiter("function_active_v2").wait(FunctionName=name)
        return made

    def invoke(self, event=None, name="it", **request):
        """The answer, and its payload as a value."""
        answer = self.client.invoke(FunctionName=name, Payload=json.dumps(event or {}), **request)
        payload = answer.pop("Payload").read()
        return answer, json.loads(payload) if payload else None


@pytest.fixture
def workshop(aws):
    return Workshop(aws)


@pytest.fixture
def own_workshop(own_cloud):
    return Workshop(own_cloud)


@pytest.fixture
def stranger(aws):
    """The same cloud for another account."""
    return type(aws)(aws.running, f"9{aws.account[1:]}")
