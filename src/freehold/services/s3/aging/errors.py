"""How aging says no. It may not know when a refusal is due.

https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

from freehold.kernel.errors import AwsError


class RestoreNotAllowed(AwsError):
    words = "Restore is not allowed for the object's current storage class"
    code = "InvalidObjectState"
    status = 403


class RestoreAlreadyInProgress(AwsError):
    words = "Object restore is already in progress"
    status = 409
