"""How event source mappings say no. It may not know functions."""

from freehold.services.lambda_.errors import (
    InvalidParameterValueException,
    ResourceConflictException,
    ResourceNotFoundException,
)


class MappingExists(ResourceConflictException):
    words = (
        'An event source mapping with SQS arn (" {source} ") and function (" {function} ") already exists. '
        "Please update or delete the existing mapping with UUID {uuid}"
    )


class StreamMapped(ResourceConflictException):
    words = (
        'The event source arn (" {source} ") and function (" {function} ") provided mapping already exists. '
        "Please update or delete the existing mapping with UUID {uuid}"
    )


class MappingNotFound(ResourceNotFoundException):
    words = "Event source mapping not found: {arn}"


class QueueUnreadable(InvalidParameterValueException):
    words = "Error occurred while ReceiveMessage. SQS Error Code: {code}. SQS Error Message: {reason}"


class QueueHidesTooShortly(InvalidParameterValueException):
    words = "Queue visibility timeout: {visible} seconds is less than Function timeout: {timeout} seconds"
