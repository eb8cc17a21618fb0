"""What is measured: for each case how it is set up, the requests, and how an answer is known to be right.

It may not know which server answers.
"""

import io
import itertools
import json
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress

from bench import messaging, objects, tables
from bench.load import signed
from bench.loads import CLIENT, TEXT, Load, named

STEPS = 8
MACHINE = {
    "StartAt": "S0",
    "States": {
        f"S{number}": {"Type": "Pass", **({"Next": f"S{number + 1}"} if number < STEPS - 1 else {"End": True})}
        for number in range(STEPS)
    },
}
HELLO = "def handler(event, context):\n    return {'hello': event.get('name')}\n"


def role(client: CLIENT) -> str:
    iam = client("iam")
    services = ["lambda.amazonaws.com", "states.amazonaws.com"]
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": services}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    with suppress(iam.exceptions.EntityAlreadyExistsException):
        iam.create_role(RoleName="bench", AssumeRolePolicyDocument=document)
    return iam.get_role(RoleName="bench")["Role"]["Arn"]


def packed(files: dict[str, str]) -> bytes:
    """A zip of these files."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return into.getvalue()


def lambda_warm(client: CLIENT) -> Load:
    functions, name = client("lambda"), named("function")
    functions.create_function(
        FunctionName=name, Runtime="python3.11", Handler="app.handler", Role=role(client), MemorySize=256,
        Code={"ZipFile": packed({"app.py": HELLO})},
    )  # fmt: skip
    functions.get_waiter("function_active_v2").wait(FunctionName=name)
    functions.invoke(FunctionName=name, Payload=b'{"name": "bench"}')
    request = signed(functions, "invoke", FunctionName=name, Payload=b'{"name": "bench"}')
    return Load(itertools.repeat(request), lambda body: b"bench" in body)


def workflow(client: CLIENT) -> Load:
    """Standard executions of eight states; done when all of them have ended."""
    states = client("stepfunctions")
    machine = states.create_state_machine(name=named("machine"), definition=json.dumps(MACHINE), roleArn=role(client))
    arn = machine["stateMachineArn"]

    def requests() -> Iterator[bytes]:
        while True:
            yield signed(states, "start_execution", stateMachineArn=arn, name=uuid.uuid4().hex, input="{}")

    def settle() -> None:
        deadline = time.monotonic() + 60
        while states.list_executions(stateMachineArn=arn, statusFilter="RUNNING", maxResults=1)["executions"]:
            if time.monotonic() > deadline:
                raise RuntimeError("executions do not end")
            time.sleep(0.02)

    return Load(iter([next(requests()) for _ in range(500)]), lambda body: b"executionArn" in body, settle, 500)


def kms_encrypt(client: CLIENT) -> Load:
    kms = client("kms")
    request = signed(kms, "encrypt", KeyId=kms.create_key()["KeyMetadata"]["KeyId"], Plaintext=b"p" * 64)
    return Load(itertools.repeat(request), lambda body: b"CiphertextBlob" in body)


def secret_value(client: CLIENT) -> Load:
    secrets, name = client("secretsmanager"), named("secret")
    secrets.create_secret(Name=name, SecretString=TEXT[:64])
    request = signed(secrets, "get_secret_value", SecretId=name)
    return Load(itertools.repeat(request), lambda body: b"SecretString" in body)


CASES: dict[str, Callable[[CLIENT], Load]] = {
    "SQS SendMessage 1 KB": messaging.sqs_send,
    "SQS SendMessage 1 KB, 100,000 waiting": messaging.sqs_send_deep,
    "SQS SendMessageBatch, ten of 1 KB": messaging.sqs_batch,
    "SQS send, receive, delete, a third of it": messaging.sqs_cycle,
    "SNS Publish to two queues": messaging.sns_publish,
    "SNS Publish to two queues, what is sensitive masked": messaging.sns_publish_masked,
    "EventBridge PutEvents, ten to a queue": messaging.events_put,
    "DynamoDB PutItem 1 KB": tables.put,
    "DynamoDB GetItem 1 KB": tables.get,
    "DynamoDB UpdateItem": tables.update,
    "DynamoDB Query of 20": tables.query,
    "DynamoDB TransactWriteItems of 4": tables.transact,
    "S3 PutObject 1 KB": objects.put,
    "S3 GetObject 1 KB": objects.get,
    "S3 PutObject 5 MB": objects.put_large,
    "S3 GetObject 5 MB": objects.get_large,
    "S3 ListObjectsV2, 1,000": objects.listing,
    "Lambda Invoke, warm python": lambda_warm,
    "Step Functions, 8 states, Standard": workflow,
    "KMS Encrypt 64 B": kms_encrypt,
    "Secrets Manager GetSecretValue": secret_value,
}
