"""How S3 Control says no."""

from freehold.kernel.errors import AwsError


class AccessDenied(AwsError):
    words = "Access Denied"
    status = 403


class AccessPointAlreadyOwnedByYou(AwsError):
    words = "Your previous request to create the named accesspoint succeeded and you already own it."
    status = 409


class InvalidRequest(AwsError):
    words = "{reason}"
    status = 400


class InvalidURI(AwsError):
    words = "Couldn't parse the specified URI."
    status = 400


class MalformedPolicy(AwsError):
    words = "{reason}"
    status = 400


class NoSuchAccessPoint(AwsError):
    words = "The specified accesspoint does not exist"
    status = 404


class NoSuchAccessPointPolicy(AwsError):
    words = "The specified accesspoint policy does not exist"
    status = 404


class NoSuchPublicAccessBlockConfiguration(AwsError):
    words = "The public access block configuration was not found"
    status = 404


class NoSuchResource(AwsError):
    words = "The specified resource doesn't exist."
    status = 404
