"""How the wire says no: what it refuses by itself, and what every refusal is called in a protocol.

One idea: an AwsError and a model give one Refusal; each protocol only lays it out. It may not know any service's rules.
Names and words follow AWS's "Common errors" pages and observed answers.
"""

from typing import Any, NamedTuple

from freehold.kernel.errors import AwsError
from freehold.wire import amendments
from freehold.wire.models import REST_PROTOCOLS, ServiceModel, Shape

XML_PROTOCOLS = ("query", "query-json", "ec2", "rest-xml")
DENIED = ("AccessDenied", "AccessDeniedException")

# What the query protocols' common errors are called elsewhere ("Common errors" of each API reference).
JSON_NAMES = {
    "ExpiredToken": "ExpiredTokenException",
    "IncompleteSignature": "IncompleteSignatureException",
    "InvalidClientTokenId": "UnrecognizedClientException",
    "MissingAuthenticationToken": "MissingAuthenticationTokenException",
    "SignatureDoesNotMatch": "InvalidSignatureException",
}
S3_NAMES = {"InvalidClientTokenId": "InvalidAccessKeyId", "MissingAuthenticationToken": "AccessDenied"}


class SerializationException(AwsError):
    """A JSON body that is none, or not of the operation's shape. Without words, AWS sends no message member."""


class UnknownOperationException(AwsError):
    """No operation of that name, or none at that method and path."""

    words = ""


class InvalidAction(AwsError):
    """No operation of that name in the query protocols."""

    words = "The action {action} is not valid for this web service."


class NotForEndpoint(AwsError):
    """No operation of that name, where endpoints are resources."""

    words = "The action {action} is not valid for this endpoint."
    code = "InvalidAction"


class MissingAction(AwsError):
    """A query request without Action."""

    words = "The request is missing an action or a required parameter."


class MalformedInput(AwsError):
    """A query parameter that is not of its type."""


class InvalidArgument(AwsError):
    """A header or argument of S3 that is not of its type."""


class MalformedXML(AwsError):
    """An XML body that is none, or not of the operation's shape."""

    words = "The XML you provided was not well-formed or did not validate against our published schema"


class MethodNotAllowed(AwsError):
    """No operation of S3 has this method here."""

    words = "The specified method is not allowed against this resource."
    status = 405


COMMON = (
    "AccessDeniedException",
    "IncompleteSignatureException",
    "InternalFailure",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "SerializationException",
    "ThrottlingException",
    "UnknownOperationException",
    "UnrecognizedClientException",
)
COMMON_NAMESPACE = "com.amazon.coral.service"
NAMESPACE_BY_ERROR = {"ValidationException": "com.amazon.coral.validate"} | dict.fromkeys(COMMON, COMMON_NAMESPACE)


class Refusal(NamedTuple):
    """An error as a protocol will lay it out.

    `name` is the shape's name, `full_name` the same with a namespace where the service gives one, `code` what the query
    protocols call it, `message_member` the member that carries the message, `members` what else the shape has and the
    raise gave, `extra` the rest of what the raise gave.
    """

    name: str
    full_name: str
    code: str
    status: int
    sender: bool
    message: str
    message_member: str
    members: dict[str, Any]
    extra: dict[str, Any]
    shape: Shape | None

    @property
    def blame(self) -> str:
        """Sender or Receiver."""
        return "Sender" if self.sender else "Receiver"


def refusal(model: ServiceModel, protocol: str, error: AwsError) -> Refusal:
    """What an error is called in a protocol: the model speaks first, the error's class where the model is silent."""
    name, status = error.shape(), error.status
    if name in DENIED:
        usual = "AccessDenied" if protocol in XML_PROTOCOLS else "AccessDeniedException"
        name, status = amendments.DENIALS.get(model.service, usual), 400 if protocol == "json" else 403
    elif protocol == "rest-xml":
        name = S3_NAMES.get(name, name)
    elif protocol not in XML_PROTOCOLS and name in JSON_NAMES:
        name, status = JSON_NAMES[name], 400 if protocol == "json" else 403
    if protocol in REST_PROTOCOLS and name == UnknownOperationException.__name__:
        status = 404
    shape = model.error(name)
    trait = shape.error if shape else None
    told = (trait.http_status_code if trait else 0) or (500 if shape and shape.fault else 0)
    if protocol == "json" and told and model.metadata.aws_query_compatible is not None:
        told = 500 if told >= 500 else 404 if name in amendments.NOT_FOUND_IN_JSON else 400
    status = told or status or 400
    members, called = (shape.members, shape.name) if shape else ({}, name)
    if not shape and protocol == "json":
        called = amendments.JSON_ERRORS.get(model.service, {}).get(name, name)
    carrier = next((member for member in members if member.lower() == "message"), "")
    given = {key: value for key, value in error.values.items() if value is not None and key != carrier}
    known = {key: value for key, value in given.items() if key in members}
    loud = amendments.LOUD_MESSAGES.get(model.service, {}).get(called, "") in known
    if "Type" in members:
        known.setdefault("Type", "User" if status < 500 else "Service")
        known = {key: value for key, value in known.items() if key != "Type" or value}  # "" where AWS sends none
    return Refusal(
        name=called,
        full_name=_full_name(model, called),
        code=(trait.code if trait else "") or name,
        status=status,
        sender=trait.sender_fault if trait and trait.sender_fault is not None else status < 500,
        message=_words(model, protocol, called, error.message),
        message_member="Message" if loud else carrier or ("Message" if name in COMMON else "message"),
        members=known,
        extra={key: value for key, value in given.items() if key not in known},
        shape=shape,
    )


def _words(model: ServiceModel, protocol: str, name: str, words: str) -> str:
    other = amendments.XML_WORDS.get(model.service, {}) if protocol in XML_PROTOCOLS else {}
    return other.get(name, words)


def _full_name(model: ServiceModel, name: str) -> str:
    namespace = amendments.ERROR_NAMESPACES.get(model.service)
    if not namespace:
        return name
    return f"{NAMESPACE_BY_ERROR.get(name, namespace)}#{name}"


def query_error(model: ServiceModel, refused: Refusal) -> list[tuple[str, str]]:
    """The header by which services that once spoke query tell old error codes."""
    if model.metadata.aws_query_compatible is None:
        return []
    return [("x-amzn-query-error", f"{refused.code};{refused.blame}")]
