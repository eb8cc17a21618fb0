"""How forms are refused."""

from freehold.kernel.errors import AwsError


class EntityTooSmall(AwsError):
    words = "Your proposed upload is smaller than the minimum allowed size"
    status = 400


class InvalidPolicyDocument(AwsError):
    words = "Invalid Policy: {reason}"
    status = 400


class MalformedPOSTRequest(AwsError):
    words = "The body of your POST request is not well-formed multipart/form-data."
    status = 400


class MaxPostPreDataLengthExceeded(AwsError):
    words = "Your POST request fields preceeding the upload file was too large."
    code = "MaxPostPreDataLengthExceededError"
    status = 400


class NotByPolicy(AwsError):
    words = "Invalid according to Policy: {reason}"
    code = "AccessDenied"
    status = 403
