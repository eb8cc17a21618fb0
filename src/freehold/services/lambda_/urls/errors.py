"""How function URLs say no. It may not know functions."""

from freehold.services.lambda_.errors import ResourceConflictException, ResourceNotFoundException


class NoFunction(ResourceNotFoundException):
    """A function or alias that an address was asked for."""

    words = "Function does not exist"


class UrlExists(ResourceConflictException):
    words = (
        "Failed to create function url config for [functionArn = {arn}]. "
        "Error message:  FunctionUrlConfig exists for this Lambda function"
    )
