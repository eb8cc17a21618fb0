"""How STS says no. It may not know why."""

from freehold.kernel.errors import AwsError


class ValidationError(AwsError):
    words = "{reason}"


class MissingAuthenticationToken(AwsError):
    words = "Request is missing Authentication Token"
    status = 403


class AccessDenied(AwsError):
    words = "{reason}"
    status = 403


class MultiFactorFailed(AccessDenied):
    words = "MultiFactorAuthentication failed with invalid MFA one time pass code."
    code = "AccessDenied"
