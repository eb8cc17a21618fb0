"""How layers say no. It may not know functions."""

from freehold.kernel.errors import AwsError
from freehold.services.lambda_.errors import InvalidParameterValueException, ResourceNotFoundException


class LayerVersionMissing(ResourceNotFoundException):
    words = "Layer version {arn} does not exist."


class NoLayerVersion(InvalidParameterValueException):
    words = "Layer version {arn} does not exist."


class PublicLayerMissing(InvalidParameterValueException):
    """A layer of others that has a stand-in, which must be fetched first."""

    words = "Layer version {arn} is not on this machine. `freehold doctor --fix` fetches it."


class LayerTwice(InvalidParameterValueException):
    words = (
        "Two different versions of the same layer are not allowed to be referenced in the same function. "
        "{one} and {other} are versions of the same layer."
    )


class LayerElsewhere(InvalidParameterValueException):
    words = "Layers are not in the same region as the function. Layers are expected to be in region {region}."


class NumberTooLow(InvalidParameterValueException):
    words = "Layer Version Cannot be less than 1"


class Unfit(AwsError):
    words = "{count} detected: {faults}"
    code = "ValidationException"
    status = 400


class LayersTooMany(InvalidParameterValueException):
    words = "Cannot reference more than 5 layers."
