"""Refusals: how operations are brought to say each no that AWS's model has for them.

One idea: a refusal is a row; one test walks all rows through the door, and a tidy test compares them with the model.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

SERVICES = ("sqs", "sns", "events", "scheduler", "secretsmanager", "ssm", "kms", "firehose")


class Made:
    """What the calls before a refusal answered, in their order, and where they were made."""

    def __init__(self, account: str):
        self.account = account
        self.answers: list[dict[str, Any]] = []

    def __getitem__(self, number: int) -> dict[str, Any]:
        return self.answers[number]

    def arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:us-east-1:{self.account}:{resource}"


Request = dict[str, Any] | Callable[[Made], dict[str, Any]]
Call = tuple[str, Request]


class Refusal(NamedTuple):
    """An operation (as boto3 calls it) that answers with `error`, a shape of the AWS model.

    `given` are calls before it, of the same service or `service.operation`. `nobody` asks as a role that may do
    nothing; `later_s` lets the clock jump before; `small` makes a limit of the room small, so that it is soon reached;
    `limits` asks a cloud that holds AWS's rates, while time stands still.
    """

    operation: str
    error: str
    request: Request = {}
    given: tuple[Call, ...] = ()
    nobody: bool = False
    later_s: float = 0.0
    small: tuple[str, int] = ("", 0)
    limits: bool = False
