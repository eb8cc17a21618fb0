"""AwsError: how a service says no.

One idea: the class is the error. Its name is the AWS error shape, its words stand once as a template, and a raise
gives only values. It may not know HTTP: code and status come from the AWS model when the answer is written, and a class
sets `code` and `status` only where the model is silent.
"""

from typing import Any, ClassVar


class AwsError(Exception):
    """An answer a service gives its caller in place of a result.

    Values fill the template in `words`; those that the model's error shape has as members travel as its fields.
    """

    words: ClassVar[str] = "{message}"
    code: ClassVar[str | None] = None
    status: ClassVar[int | None] = None

    def __init__(self, **values: Any):
        self.values = values
        self.message = self.words.format(**values)
        super().__init__(self.message)

    def __reduce__(self) -> tuple[Any, ...]:
        """Errors travel between processes as their class and values."""
        return _again, (type(self), self.values)

    def shape(self) -> str:
        """The name by which callers catch this error."""
        return self.code or type(self).__name__


def _again(error: type[AwsError], values: dict[str, Any]) -> AwsError:
    return error(**values)


class NotImplementedHere(AwsError):
    """AWS has this operation and Freehold does not: said plainly, never answered as if done."""

    words = "Freehold does not implement {service}:{operation} yet."
    code = "NotImplemented"
    status = 501


class InternalFailure(AwsError):
    """A bug of ours. The log has the reason under the request id."""

    words = "The request processing has failed because of an unknown error, exception or failure."
    status = 500


class CallerGone(AwsError):
    """Who waited for the answer hung up; nobody will read this."""

    words = "The caller went away."
    code = "RequestAborted"
    status = 400


class AccessDenied(AwsError):
    """A principal may not do this. Services name it AccessDenied or AccessDeniedException by protocol."""

    words = "User: {principal} is not authorized to perform: {action} on resource: {resource} {reason}"
    status = 403
