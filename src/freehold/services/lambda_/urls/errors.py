"""How function URLs say no. It may not know functions."""

from freehold.services.lambda_.errors import ResourceConflictException


class UrlExists(ResourceConflictException):
    words = (
        "Failed to create function url config for [functionArn = {arn}]. "
        "Error message:  FunctionUrlConfig exists for this Lambda function"
    )
