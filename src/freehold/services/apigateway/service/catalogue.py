"""The catalogue of API Gateway's operations, and the ARNs of what they need permission for.

One idea: the service's permissions are HTTP's verbs on the paths of its own API, so an operation's need is its address.
It may not know what the operations do.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable

from freehold.engines import openapi
from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import Needs, Request, Response, Service
from freehold.services.apigateway import errors
from freehold.services.apigateway.apis import Document
from freehold.services.apigateway.mapping import STAGE_VARIABLE

apigateway = Service("apigateway")

ROLE_PATHS = ("/credentials", "/authorizerCredentials", "/cloudwatchRoleArn")
OWN_CREDENTIALS = "arn:aws:iam::*:user/*"  # the caller's own: no role is passed
PAGE, PAGE_MAX = 25, 500

RESOURCE = "/restapis/{restApiId}/resources/{resourceId}"
METHOD = RESOURCE + "/methods/{httpMethod}"


def at(verb: str, path: str) -> Needs:
    """The need of an operation: a verb on a path, whose steps may be members of the request."""

    def arn(call: Call, request: Request) -> str:
        return f"arn:aws:apigateway:{call.region}::{path.format_map(request)}"

    return {f"apigateway:{verb}": arn}


def passing(verb: str, path: str) -> Needs:
    """As `at`, for operations that give the API roles to act as: each must be allowed to be passed."""

    def needs(call: Call, request: Request) -> list[tuple[str, str]]:
        address = f"arn:aws:apigateway:{call.region}::{path.format_map(request)}"
        return [(f"apigateway:{verb}", address)] + [("iam:PassRole", role) for role in sorted(roles_in(request))]

    return needs


def roles_in(request: Request) -> set[str]:
    """The roles that a request gives: in a member, a patch, or a document, which is read as the import reads it.

    A stage variable may become anything, so where one stands the caller must be allowed to pass anything.
    """
    given = {request.get("credentials"), request.get("authorizerCredentials")}
    given |= {patch.get("value") for patch in request.get("patchOperations") or () if patch.get("path") in ROLE_PATHS}
    if "body" in request:
        given |= _described(
            openapi.describe(request["body"], (request.get("parameters") or {}).get("basepath", "ignore"))
        )
    return {STAGE_VARIABLE.sub("*", role) for role in given if role and role != OWN_CREDENTIALS}


def _described(api: openapi.RestApi) -> set[str | None]:
    methods = [method for resource in api.resources for method in resource.methods.values()]
    roles = {method.integration.credentials for method in methods if method.integration}
    return roles | {authorizer.authorizer_credentials for authorizer in api.authorizers}


def given(request: Request, *names: str) -> Document:
    """Those of the members that the request has."""
    return {name: request[name] for name in names if request.get(name) is not None}


def refuse(request: Request, *names: str) -> None:
    """Refuse members that ask for what is not here."""
    for name in names:
        if request.get(name):
            raise NotImplementedHere(service="apigateway", operation=f"{name} of APIs")


def page(found: Iterable[Document], request: Request, key: str) -> Response:
    """One page of a list: its items sorted by a key, and the position behind the last if there are more."""
    limit = min(request.get("limit") or PAGE, PAGE_MAX)
    after = _read_position(request.get("position"))
    rest = sorted((each for each in found if each[key] > after), key=lambda each: each[key])
    answer: Response = {"items": rest[:limit]}
    if len(rest) > limit:
        answer["position"] = urlsafe_b64encode(rest[limit - 1][key].encode()).decode()
    return answer


def _read_position(position: str | None) -> str:
    try:
        return urlsafe_b64decode(position or "").decode()
    except ValueError:  # no base64, or no UTF-8
        raise errors.InvalidPosition() from None
