"""How the language says no: problems of a definition, failures of an execution.

One idea: each sentence of Step Functions stands here once, as a template. It knows neither machines nor threads.
Words are AWS's own where AWS has shown them (execution histories, CreateStateMachine answers).
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from freehold.kernel.errors import AwsError

ALL: Final = "States.ALL"
BRANCH_FAILED: Final = "States.BranchFailed"
DATA_LIMIT: Final = "States.DataLimitExceeded"
HEARTBEAT: Final = "States.HeartbeatTimeout"
ITEM_READER: Final = "States.ItemReaderFailed"
INTRINSIC: Final = "States.IntrinsicFailure"
QUERY: Final = "States.QueryEvaluationError"
RESULT_PATH: Final = "States.ResultPathMatchFailure"
RUNTIME: Final = "States.Runtime"
TASK_FAILED: Final = "States.TaskFailed"
TIMEOUT: Final = "States.Timeout"
TOLERANCE: Final = "States.ExceedToleratedFailureThreshold"

# Causes, filled with what they are about.
NOT_FOUND = "The JSONPath '{path}' specified for the field '{field}' could not be found in the input '{input}'"
INVALID_PATH = "Invalid path '{path}' : {reason}"
CHOICE_PATH = "Invalid path '{path}': The choice state's condition path references an invalid value."
NO_NEXT = "Failed to transition out of the state. The state does not point to a next state."
FUNCTION = "The function '{call}' had the following error: {reason}"
ARGUMENT = "The JsonPath argument for the field '{path}' could not be found in the input '{input}'"
UNWRITABLE = "Unable to apply ReferencePath {path} to input {input}"
NOT_AN_ARRAY = "Map state input must be an array but was: {value}"
PATH_NOT_ARRAY = 'Reference path "{path}" must point to array.'
NOT_A_KIND = 'The {field} field refers to value "{value}" which is not a valid {kind}: {path}'
TOLERANCE_EXCEEDED = "The specified tolerated failure threshold was exceeded"
SECONDS_MISSING = "The SecondsPath parameter does not reference an input value: {path}"
SECONDS_NOT_LONG = "The SecondsPath parameter cannot be parsed as a long value: {path} == {value}"
SECONDS_NEGATIVE = "The SecondsPath parameter references a negative value: {path} == {value}"
TIMESTAMP_INVALID = (
    "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: "
    "{path} == {value}"
)
DELAY_TOO_LONG = "Wait state delay is too long."
QUERY_THREW = (
    "The JSONata expression '{query}' specified for the field '{field}' threw an error during evaluation. {reason}"
)
QUERY_UNDEFINED = "The JSONata expression '{query}' specified for the field '{field}' returned nothing (undefined)."
QUERY_UNSUPPORTED = (
    "The JSONata expression '{query}' specified for the field '{field}' returned an unsupported result type."
)
QUERY_KIND = (
    "The JSONata expression '{query}' specified for the field '{field}' returned an unexpected result type. "
    "Expected '{expected}', but was '{kind}' for value: {value}"
)
NOT_A_NUMBER = 'The {field} field refers to value "{value}" which is not a valid {kind}'
TIMESTAMP_UNPARSED = (
    "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: {value}"
)
NOT_JSON = "The result of the task is not a valid JSON document."
TOO_LARGE = "The state/task '{name}' returned a result with a size exceeding the maximum number of bytes service limit."
ITEM_TOO_LARGE = "The input of a child workflow execution exceeds the limit of {limit} bytes."
TOO_MANY_VARIABLES = "The size of the variables of the execution exceeds the maximum number of bytes service limit."
HISTORY_FULL = "The execution reached the maximum number of history events ({limit})."
WHERE = "An error occurred while executing the state '{state}' (entered at the event id #{entered}). {reason}"


class Problem(NamedTuple):
    """One thing wrong with a definition: a diagnostic of ValidateStateMachineDefinition."""

    code: str  # SCHEMA_VALIDATION_FAILED, MISSING_TRANSITION_TARGET, INVALID_JSON_DESCRIPTION …
    message: str
    location: str | None = None  # such as /States/Check/Next
    severity: str = "ERROR"  # or WARNING

    def __str__(self) -> str:
        return f"{self.code}: {self.message} at {self.location or 'null'}"  # null is what AWS says


class InvalidDefinition(AwsError):
    """The definition is not a state machine. `problems` holds every reason found, `warnings` what is odd besides."""

    words = "Invalid State Machine Definition: '{reasons}'"

    def __init__(self, problems: Sequence[Problem], warnings: Sequence[Problem] = ()):
        self.problems = tuple(problems)
        self.warnings = tuple(warnings)
        super().__init__(reasons=", ".join(map(str, problems)))


class Failure(Exception):
    """A state failed, with an error name and a cause, either of which a Fail state may leave out.

    A fatal failure, such as any States.Runtime, ends the execution whatever Retry and Catch say. `here` means that the
    engine found the error while executing the state, so that the cause shall say where.
    """

    def __init__(self, error: str | None, cause: str | None = None, *, fatal: bool = False, here: bool = False):
        super().__init__(error, cause)
        self.error = error
        self.cause = cause
        self.fatal = fatal or error == RUNTIME
        self.here = here

    def names(self) -> set[str]:
        """What ErrorEquals may call this failure. A lost heartbeat is reported as States.Timeout."""
        names = {self.error or "", ALL}
        if isinstance(self, HeartbeatLost):
            names.add(HEARTBEAT)
        elif self.error not in (TIMEOUT, HEARTBEAT):
            names.add(TASK_FAILED)
        if self.error == HEARTBEAT:
            names.add(TIMEOUT)
        return names

    def output(self) -> dict[str, Any]:
        """The error output that a Catch hands on."""
        return {"Error": self.error or "", "Cause": self.cause or ""}


class Unevaluated(Failure):
    """A query of a JSONata state failed, or gave what its field does not take: an EvaluationFailed event tells where.

    `location` is the field; `found_after` the evaluation, when the value was put to use.
    """

    def __init__(self, cause: str, location: str | None = None, found_after: bool = False):
        super().__init__(QUERY, cause, here=True)
        self.location = location
        self.found_after = found_after


class HeartbeatLost(Failure):
    """A heartbeat did not come in time: States.HeartbeatTimeout to Retry and Catch, States.Timeout in history."""

    def __init__(self) -> None:
        super().__init__(TIMEOUT)


def broken(words: str, **values: Any) -> Failure:
    """States.Runtime: the state cannot be executed, and nothing may catch that."""
    return Failure(RUNTIME, words.format(**values), here=True)
