"""Gateway responses: what API Gateway itself answers a caller, where no integration does.

One idea: a kind has a status, an error type and a sentence in one table; an API may say each of them its own way, or
all of a class at once (DEFAULT_4XX, DEFAULT_5XX). It may not know requests.

https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
"""

from typing import Any, NamedTuple

from freehold.services.apigateway import errors
from freehold.services.apigateway.apis import Content, Document

INTERNAL = "Internal server error"
TEMPLATE = '{"message":$context.error.messageString}'
CAPITAL_TEMPLATE = '{"Message":$context.error.messageString}'


class Kind(NamedTuple):
    """A response type: its usual status (None: that of the fault), x-amzn-ErrorType, sentence and body."""

    status: int | None
    error_type: str
    message: str | None
    template: str = TEMPLATE


KINDS: dict[str, Kind] = {
    "ACCESS_DENIED": Kind(
        403, "AccessDeniedException", "User is not authorized to access this resource", CAPITAL_TEMPLATE
    ),
    "API_CONFIGURATION_ERROR": Kind(500, "InternalServerErrorException", INTERNAL),
    "AUTHORIZER_CONFIGURATION_ERROR": Kind(500, "AuthorizerConfigurationException", None),
    "AUTHORIZER_FAILURE": Kind(500, "AuthorizerFailureException", None),
    "BAD_REQUEST_BODY": Kind(400, "BadRequestException", "Invalid request body"),
    "BAD_REQUEST_PARAMETERS": Kind(400, "BadRequestException", "Missing required request parameters: [{missing}]"),
    "DEFAULT_4XX": Kind(None, "BadRequestException", None),
    "DEFAULT_5XX": Kind(None, "InternalServerErrorException", INTERNAL),
    "EXPIRED_TOKEN": Kind(403, "ExpiredTokenException", "The security token included in the request is expired"),
    "INTEGRATION_FAILURE": Kind(504, "InternalServerErrorException", "Network error communicating with endpoint"),
    "INTEGRATION_TIMEOUT": Kind(504, "InternalServerErrorException", "Endpoint request timed out"),
    "INVALID_API_KEY": Kind(403, "ForbiddenException", "Forbidden"),
    "INVALID_SIGNATURE": Kind(403, "InvalidSignatureException", "Forbidden"),
    "MISSING_AUTHENTICATION_TOKEN": Kind(403, "MissingAuthenticationTokenException", "Missing Authentication Token"),
    "QUOTA_EXCEEDED": Kind(429, "LimitExceededException", "Limit Exceeded"),
    "REQUEST_TOO_LARGE": Kind(413, "RequestTooLargeException", "Request Too Long"),
    "RESOURCE_NOT_FOUND": Kind(404, "NotFoundException", "Not found"),
    "THROTTLED": Kind(429, "TooManyRequestsException", "Too Many Requests"),
    "UNAUTHORIZED": Kind(401, "UnauthorizedException", "Unauthorized"),
    "UNSUPPORTED_MEDIA_TYPE": Kind(415, "BadRequestException", "Unsupported Media Type"),
    "WAF_FILTERED": Kind(403, "ForbiddenException", "Forbidden"),
}


class Declined(Exception):
    """A request that API Gateway answers by itself. `kind` is one of KINDS; values fill its sentence."""

    def __init__(self, kind: str, message: str | None = None, status: int | None = None, **values: Any):
        super().__init__(kind)
        known = KINDS[kind]
        self.kind, self.status = kind, status or known.status or 500
        self.message = message or (known.message.format(**values) if known.message and values else known.message)


def check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise errors.InvalidResponseType(kind=kind, kinds=", ".join(sorted(KINDS)))


def usual(kind: str) -> Document:
    """GetGatewayResponse's members for what an API has not said its own way."""
    known = KINDS[kind]
    document: Document = {"responseType": kind, "responseParameters": {}, "defaultResponse": True}
    document["responseTemplates"] = {"application/json": known.template}
    return document | ({"statusCode": str(known.status)} if known.status else {})


def stored(kind: str, given: Document) -> Document:
    """A gateway response as an API keeps it."""
    document = {"responseType": kind, "responseParameters": {}, "responseTemplates": {}, "defaultResponse": False}
    given = {name: value for name, value in given.items() if value is not None}
    if KINDS.get(kind) and KINDS[kind].status:
        document["statusCode"] = str(KINDS[kind].status)
    return document | given


def chosen(content: Content | None, kind: str, status: int) -> Document | None:
    """What the API says in place of the usual: of this kind, or else of its class. The class's own status counts only
    if it was given."""
    if content is None:
        return None
    general = "DEFAULT_5XX" if status >= 500 else "DEFAULT_4XX"
    return content.responses.get(kind) or content.responses.get(general)
