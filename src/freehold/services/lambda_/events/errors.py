"""How asynchronous invocation say no. It may not know functions."""

from freehold.services.lambda_.errors import InvalidParameterValueException, ResourceNotFoundException


class NoEventInvokeConfig(ResourceNotFoundException):
    words = "The function {arn} doesn't have an EventInvokeConfig"


class BadDestination(InvalidParameterValueException):
    words = "The provided destination config DestinationConfig(onSuccess={success}, onFailure={failure}) is invalid."


class OwnDestination(InvalidParameterValueException):
    words = "You can't specify the function as a destination for itself."


class DestinationMissing(InvalidParameterValueException):
    words = "The destination ARN {arn} is invalid."


class NothingConfigured(InvalidParameterValueException):
    words = "You must specify at least one of error handling or destination setting."


class FunctionMissing(ResourceNotFoundException):
    words = "The function doesn't exist."
