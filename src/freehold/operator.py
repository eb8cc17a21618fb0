"""The operator's own key: how the first person gets in where unknown keys are refused.

One idea: it is an ordinary IAM user with an ordinary access key, made through the door at the first start, and left in
the data folder for its owner's eyes only. It may not know how keys are minted.
"""

import json
import os
from pathlib import Path

from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError

NAME = "freehold-operator"
POLICY = "arn:aws:iam::aws:policy/AdministratorAccess"


def keys_of(data: Path) -> dict[str, str]:
    """The operator's key, {"AccessKeyId", "SecretAccessKey"}; empty where unknown keys are taken anyway."""
    try:
        return json.loads((data / "operator.json").read_text())
    except (OSError, ValueError):
        return {}


async def ensure_key(call: Call, data: Path) -> None:
    """Make the operator and its key, unless the data folder has one."""
    if keys_of(data):
        return
    try:
        await call.ask("iam", "CreateUser", {"UserName": NAME})
    except AwsError as refusal:
        if refusal.shape() != "EntityAlreadyExists":
            raise
    await call.ask("iam", "AttachUserPolicy", {"UserName": NAME, "PolicyArn": POLICY})
    key = (await call.ask("iam", "CreateAccessKey", {"UserName": NAME}))["AccessKey"]
    await call.door.store.durable()
    path = data / "operator.json"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({name: key[name] for name in ("AccessKeyId", "SecretAccessKey")}, file)
