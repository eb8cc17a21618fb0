"""How concurrency says no. It may not know functions."""

from freehold.kernel.errors import AwsError
from freehold.services.lambda_.errors import InvalidParameterValueException, ResourceConflictException


class ReservedTooMany(InvalidParameterValueException):
    words = (
        "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution "
        "below its minimum value of [{least}]."
    )


class ReservedTooFew(InvalidParameterValueException):
    words = (
        "ReservedConcurrentExecutions  {wanted} should not be lower than function's total provisioned concurrency "
        "[{provisioned}]."
    )


class Unpublished(InvalidParameterValueException):
    words = "Provisioned Concurrency Configs cannot be applied to unpublished function versions."


class NoVersion(InvalidParameterValueException):
    words = "The function resource provided must be an alias or a published version."


class TooLittleLeft(InvalidParameterValueException):
    words = (
        "Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution "
        "below its minimum value of [{least}]."
    )


class MoreThanReserved(InvalidParameterValueException):
    words = "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function"


class MoreThanUnreserved(InvalidParameterValueException):
    words = "Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [{most}]."


class VersionProvisioned(ResourceConflictException):
    words = "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version"


class AliasProvisioned(ResourceConflictException):
    words = "Version is pointed by a Provisioned Concurrency alias"


class ProvisionedConcurrencyConfigNotFoundException(AwsError):
    words = "No Provisioned Concurrency Config found for this function"
