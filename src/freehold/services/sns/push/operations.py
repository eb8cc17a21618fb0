"""Operations on platform applications and their endpoints.

One idea: what was set is shown, secrets never. It may not know how devices are reached.

https://docs.aws.amazon.com/sns/latest/api/API_Operations.html
"""

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.sns.catalogue import PAGE, read_token, sns, token
from freehold.services.sns.push import applications, endpoints
from freehold.services.sns.push.applications import Application
from freehold.services.sns.push.endpoints import Endpoint


def _named(call: Call, request: Request) -> str:
    return arns.arn("sns", call.region, call.account, f"app/{request['Platform']}/{request['Name']}")


def _application_arn(call: Call, request: Request) -> str:
    return request["PlatformApplicationArn"]


def _endpoint_arn(call: Call, request: Request) -> str:
    return request["EndpointArn"]


@sns.operation(needs={"sns:CreatePlatformApplication": _named})
def create_platform_application(call: Call, tx: Tx, request: Request) -> Response:
    given = request.get("Attributes") or {}
    application = applications.create(tx, request["Name"], request["Platform"], given)
    return {"PlatformApplicationArn": applications.arn(tx, application)}


@sns.operation(needs={"sns:GetPlatformApplicationAttributes": _application_arn})
def get_platform_application_attributes(call: Call, tx: Tx, request: Request) -> Response:
    return {"Attributes": applications.shown(applications.find(tx, request["PlatformApplicationArn"]))}


@sns.operation(needs={"sns:SetPlatformApplicationAttributes": _application_arn})
def set_platform_application_attributes(call: Call, tx: Tx, request: Request) -> None:
    arn, given = request["PlatformApplicationArn"], request.get("Attributes") or {}
    applications.key_of(arn)
    applications.check_some(given)
    applications.change(tx, applications.find(tx, arn), given)


@sns.operation(needs={"sns:DeletePlatformApplication": _application_arn})
def delete_platform_application(call: Call, tx: Tx, request: Request) -> None:
    """Remove an application and its endpoints; one that is gone already counts as removed."""
    key = applications.key_of(request["PlatformApplicationArn"])
    tx.delete(Application, *key)
    for endpoint in tx.range(Endpoint, *key):
        tx.delete(Endpoint, *key, endpoint.id)


@sns.operation(needs={"sns:ListPlatformApplications": "*"})
def list_platform_applications(call: Call, tx: Tx, request: Request) -> Response:
    found = tx.range(Application, after=read_token(request, 2), limit=PAGE + 1)
    told = [
        {"PlatformApplicationArn": applications.arn(tx, one), "Attributes": applications.shown(one)}
        for one in found[:PAGE]
    ]
    last = found[min(PAGE, len(found)) - 1] if found else None
    more = token(last.platform, last.name) if last and len(found) > PAGE else {}
    return {"PlatformApplications": told} | more


@sns.operation(needs={"sns:CreatePlatformEndpoint": _application_arn})
def create_platform_endpoint(call: Call, tx: Tx, request: Request) -> Response:
    """What is said in Attributes goes before CustomUserData."""
    data = request.get("CustomUserData")
    given = ({"CustomUserData": data} if data else {}) | (request.get("Attributes") or {})
    application = applications.find(tx, request["PlatformApplicationArn"])
    return {"EndpointArn": endpoints.arn(tx, endpoints.create(tx, application, request["Token"], given))}


@sns.operation(needs={"sns:GetEndpointAttributes": _endpoint_arn})
def get_endpoint_attributes(call: Call, tx: Tx, request: Request) -> Response:
    return {"Attributes": endpoints.find(tx, request["EndpointArn"]).shown}


@sns.operation(needs={"sns:SetEndpointAttributes": _endpoint_arn})
def set_endpoint_attributes(call: Call, tx: Tx, request: Request) -> None:
    given = request.get("Attributes") or {}
    endpoints.key_of(request["EndpointArn"])
    applications.check_some(given)
    endpoints.change(tx, endpoints.find(tx, request["EndpointArn"]), given)


@sns.operation(needs={"sns:DeleteEndpoint": _endpoint_arn})
def delete_endpoint(call: Call, tx: Tx, request: Request) -> None:
    """Remove an endpoint; one that is gone already counts as removed."""
    tx.delete(Endpoint, *endpoints.key_of(request["EndpointArn"]))


@sns.operation(needs={"sns:ListEndpointsByPlatformApplication": _application_arn})
def list_endpoints_by_platform_application(call: Call, tx: Tx, request: Request) -> Response:
    application = applications.find(tx, request["PlatformApplicationArn"])
    key = (application.platform, application.name)
    found = tx.range(Endpoint, *key, after=read_token(request, 1), limit=PAGE + 1)
    told = [{"EndpointArn": endpoints.arn(tx, one), "Attributes": one.shown} for one in found[:PAGE]]
    return {"Endpoints": told} | (token(found[PAGE - 1].id) if len(found) > PAGE else {})


@sns.internal
def push(call: Call, tx: Tx, request: Request) -> None:
    """Send a message to a device: `endpoint`, `body`, `subject`."""
    endpoints.push(tx, request["endpoint"], request["body"], request["subject"])
