"""How EventBridge says no.

One idea: a class is a sentence; what is not found is a ResourceNotFoundException and what may not be asked a
ValidationException, whatever it is. It may not know buses or rules.
"""

from freehold.kernel.errors import AwsError

NOT_FOUND, EXISTS, INVALID = "ResourceNotFoundException", "ResourceAlreadyExistsException", "ValidationException"


class BusNotFound(AwsError):
    words = "Event bus {name} does not exist."
    code = NOT_FOUND


class RuleNotFound(AwsError):
    words = "Rule {name} does not exist on EventBus {bus}."
    code = NOT_FOUND


class StatementNotFound(AwsError):
    words = "Statement with the provided id does not exist."
    code = NOT_FOUND


class NothingPermitted(AwsError):
    words = "EventBus does not have a policy."
    code = NOT_FOUND


class ResourceNotFound(AwsError):
    """A resource by the word that AWS has for its kind."""

    words = "{kind} {name} does not exist."
    code = NOT_FOUND


class ConnectionNotFound(AwsError):
    words = "Failed to describe the connection(s). Connection '{name}' does not exist."
    code = NOT_FOUND


class DestinationNotFound(AwsError):
    words = "Failed to describe the api-destination(s). An api-destination '{name}' does not exist."
    code = NOT_FOUND


class AlreadyExists(AwsError):
    words = "{kind} {name} already exists."
    code = EXISTS


class Invalid(AwsError):
    """What may not be asked, in a sentence of its own."""

    words = "{reason}"
    code = INVALID


class BadParameter(AwsError):
    words = "Parameter {name} is not valid."
    code = INVALID


class BadParameterBecause(AwsError):
    words = "Parameter {name} is not valid. Reason: {reason}"
    code = INVALID


class ProtectedBus(AwsError):
    words = "Cannot delete event bus {name}."
    code = INVALID


class RuleHasTargets(AwsError):
    words = "Rule can't be deleted since it has targets."
    code = INVALID


class ScheduleOnCustomBus(AwsError):
    words = "ScheduleExpression is supported only on the default event bus."
    code = INVALID


class InputsExclude(AwsError):
    words = "Only one of Input, InputPath, or InputTransformer must be provided for target {id}."
    code = INVALID


class BadPlaceholder(AwsError):
    words = "InputTemplate for target {id} contains invalid placeholder {name}."
    code = INVALID


class RoleMissing(AwsError):
    words = "RoleArn is required for target {arn}."
    code = INVALID


class RoleUnusable(AwsError):
    words = "Provided role '{role}' cannot be assumed by principal 'events.amazonaws.com'."
    code = INVALID


class TooLarge(AwsError):
    words = "Total size of the entries in the request is over the limit."
    code = INVALID


class LimitExceededException(AwsError):
    words = "The requested resource exceeds the maximum number allowed."


class PolicyLengthExceededException(AwsError):
    words = "The policy on the event bus exceeds the maximum size of {most} bytes."


class IllegalStatusException(AwsError):
    words = "{reason}"


class InvalidStateException(AwsError):
    words = "{reason}"


class AccessDenied(AwsError):
    """A bus's policy does not let a service or another account in."""

    words = "User: {principal} is not authorized to perform: {action} on resource: {resource} {reason}"
    code = "AccessDeniedException"


class UnfitInput(AwsError):
    """An input template whose result is no JSON; told to dead-letter queues alone."""

    words = "The input transformer of the target made no valid JSON: {text}"
    code = "INVALID_JSON"
    status = 400


class DestinationRefused(AwsError):
    """An endpoint answered that it will not have the event."""

    words = "Unable to invoke {kind} endpoint: {kind} endpoint responded with a status code {status_code}"
    code = "SDK_CLIENT_ERROR"
    status = 400


class DestinationFailed(AwsError):
    """An endpoint did not answer, or not for now; it is asked again, after `again_after_s` at the soonest."""

    words = "Unable to invoke {kind} endpoint: {kind} endpoint responded with a status code {status_code}"
    code = "SDK_CLIENT_ERROR"
    status = 503

    def __init__(self, again_after_s: float = 0.0, **values: object):
        super().__init__(**values)
        self.again_after_s = again_after_s
