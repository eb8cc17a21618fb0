"""How EventBridge Scheduler says no.

One idea: a class is a sentence; what may not be asked is a ValidationException, whatever it is. It may not know groups
or schedules.
"""

from freehold.kernel.errors import AwsError

NOT_FOUND, CONFLICT, INVALID = "ResourceNotFoundException", "ConflictException", "ValidationException"


class ScheduleNotFound(AwsError):
    words = "Schedule {name} does not exist."
    code = NOT_FOUND


class GroupNotFound(AwsError):
    words = "Schedule Group {name} does not exist."
    code = NOT_FOUND


class ScheduleExists(AwsError):
    words = "Schedule {name} already exists."
    code = CONFLICT


class GroupExists(AwsError):
    words = "Schedule Group {name} already exists."
    code = CONFLICT


class GroupDeleting(AwsError):
    words = "Schedule Group {name} is being deleted."
    code = CONFLICT


class Invalid(AwsError):
    """What may not be asked, in a sentence of its own."""

    words = "{reason}"
    code = INVALID


class BadExpression(AwsError):
    words = "Invalid Schedule Expression {text}."
    code = INVALID


class BadZone(AwsError):
    words = "Invalid Schedule Expression Timezone {name}."
    code = INVALID


class DefaultGroup(AwsError):
    words = "This operation cannot be performed on schedule group default."
    code = INVALID


class OtherRegion(AwsError):
    words = "The target ARN provided does not match the current region {region}."
    code = INVALID


class UnknownTarget(AwsError):
    words = "{service} is not a supported service for a target."
    code = INVALID


class UnknownAction(AwsError):
    words = "{action} API is not supported."
    code = INVALID


class StrangeParameters(AwsError):
    words = "Parameters {name} not supported for the target."
    code = INVALID


class MissingParameters(AwsError):
    words = "Parameters {name} must be specified."
    code = INVALID


class BadRequestJson(AwsError):
    words = "Invalid RequestJson provided. Reason {reason}"
    code = INVALID


class ServiceQuotaExceededException(AwsError):
    words = "The maximum number of schedule groups ({most}) has been reached in this account and Region."
