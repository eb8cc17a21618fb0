"""How EventBridge Pipes says no.

One idea: a class is a sentence; of a member that may not be as it is, its path is told as well. It may not know pipes.
"""

import msgspec

from freehold.kernel.errors import AwsError

KIND = "Pipe"


class NotFoundException(AwsError):
    words = "Pipe {name} does not exist."


class ConflictException(AwsError):
    """`resourceId` is the pipe's name."""


class PipeExists(ConflictException):
    words = "Pipe {resourceId} already exists."
    code = "ConflictException"

    def __init__(self, name: str):
        super().__init__(resourceId=name, resourceType=KIND)


class PipeBusy(ConflictException):
    words = "Pipe {resourceId} is in {state} state and can not be changed until that is over."
    code = "ConflictException"

    def __init__(self, name: str, state: str):
        super().__init__(resourceId=name, resourceType=KIND, state=state)


class ValidationException(AwsError):
    words = "{reason}"


class BadMember(ValidationException):
    """A member that may not be as it is; `path` leads to it."""

    code = "ValidationException"

    def __init__(self, path: str, message: str):
        told = {"ValidationErrorFields": [{"Name": path, "Message": message}]}
        super().__init__(
            reason=msgspec.json.encode(told).decode(), fieldList=[{"name": path, "message": message}]
        )  # fmt: skip


MISSING = "Missing required parameter."
FOREIGN = "Parameter is not supported for the given ARN."
