"""APIs: requests to deployed APIs of API Gateway, as a task sends them.

One idea: the room of API Gateway has a front for its APIs' addresses, and a task comes to it like any client, by the
host that it names: as the machine's role, or as nobody. It may not know what an API does.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html
"""

from email.utils import formatdate
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import msgspec

from freehold.engines import lineage
from freehold.engines.asl import values
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.identity import ANYONE, CLOUD
from freehold.kernel.service import Front, Request, Response
from freehold.services.states.catalogue import states
from freehold.web import Headers, HttpRequest, HttpResponse

AGENT = "Amazon|StepFunctions|ApiGateway|{region}"
JSON = "application/json"
URL_SAFE = "/%:@!$&'()*+,;=-._~"
OPEN = "NO_AUTH"
EDGE_ID, EDGE_PLACE = 56, "IAD12-P1"
USER_REQUEST = "_user_request_"


class ApiUnreachable(AwsError):
    words = "No API of this cloud has the address {endpoint}"
    code = "SdkClientException"
    status = 400


class Address(NamedTuple):
    """Where a request goes. `base` is the path of an API whose host is this cloud's own."""

    host: str
    base: str


@states.internal
async def invoke_api(call: Call, request: Request) -> Response:
    """Send a request to an API: the task's `parameters`. Every answer of the API is a result. Raises ApiUnreachable."""
    given = request["parameters"]
    http = _request(call.region, given)
    front = _front(call, http)
    caller = call if given.get("AuthType", OPEN) != OPEN else call.acting(ANYONE, call.account)
    response = await front.run(caller, http)
    edge = _at_the_edge(call) if await _is_edge(call, given) else {}
    trace = call.trace or lineage.begun(call.now, call.ids.hex(40))
    return _told(response, await _whole(response), call.now, {"X-Amzn-Trace-Id": [trace], **edge})


def _front(call: Call, http: HttpRequest) -> Front:
    """The front of an API's address. Raises ApiUnreachable."""
    room = call.door.rooms.get("apigateway")
    for front in room.fronts if room else ():
        if front.host.fullmatch(http.host) if front.host else front.path and front.path.fullmatch(http.path):
            return front
    raise ApiUnreachable(endpoint=http.headers.get("host"))


async def _is_edge(call: Call, given: dict[str, Any]) -> bool:
    """Whether an API is reached through CloudFront, which AWS keeps in front of edge-optimised ones."""
    host, base = _address(str(given.get("ApiEndpoint", "")))
    request = {"restApiId": base.rpartition("/")[2] or host.partition(".")[0]}
    try:
        api = await call.acting(CLOUD, call.account).ask("apigateway", "GetRestApi", request)
    except AwsError:
        return False
    return "EDGE" in api["endpointConfiguration"]["types"]


def _at_the_edge(call: Call) -> dict[str, list[str]]:
    """What CloudFront adds to an answer.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
    """
    return {
        "Via": [f"1.1 {call.ids.hex(32)}.cloudfront.net (CloudFront)"],
        "X-Amz-Cf-Id": [call.ids.text(EDGE_ID)],
        "X-Amz-Cf-Pop": [EDGE_PLACE],
        "X-Cache": ["Miss from cloudfront"],
    }


def _request(region: str, given: dict[str, Any]) -> HttpRequest:
    host, base = _address(str(given.get("ApiEndpoint", "")))
    stage, rest = (str(given.get(name) or "").strip("/") for name in ("Stage", "Path"))
    path = "/".join(part for part in (stage, USER_REQUEST if base else "", rest) if part)
    body = given.get("RequestBody")
    absent = body is None and not given.get("AllowNullValues")
    headers = {
        "host": host,
        "content-type": JSON,
        "user-agent": AGENT.format(region=region),
        **{name.lower(): ",".join(_texts(value)) for name, value in (given.get("Headers") or {}).items()},
    }
    return HttpRequest(
        method=str(given.get("Method", "GET")),
        path=quote(f"{base}/{path}", safe=URL_SAFE),
        query=urlencode(given.get("QueryParameters") or {}, doseq=True),
        headers=Headers(headers.items()),
        body=b"" if absent else values.write(body).encode(),
    )


def _address(endpoint: str) -> Address:
    """Of `{api}.execute-api.{region}.…` the host; tools for local clouds write `{host}/restapis/{api}`."""
    host, slash, rest = endpoint.rpartition("//")[2].partition("/")
    return Address(host, slash + rest.strip("/") if rest.startswith("restapis/") else "")


def _texts(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


async def _whole(response: HttpResponse) -> bytes:
    if isinstance(response.body, bytes):
        return response.body
    return b"".join([chunk async for chunk in response.body])


def _told(response: HttpResponse, body: bytes, now: float, more: dict[str, list[str]]) -> Response:
    headers = {
        "Connection": ["keep-alive"],
        "Content-Length": [str(len(body))],
        "Date": [formatdate(now, usegmt=True)],
        **more,
    }
    for name, value in response.headers:
        headers.setdefault(name, []).append(value)
    return {
        "Headers": headers,
        "ResponseBody": content(body, response.header("content-type")),
        "StatusCode": response.status,
        "StatusText": HTTPStatus(response.status).phrase,
    }


def content(body: bytes, kind: str) -> Any:
    """The value of a body that is JSON; of any other, the text."""
    text = body.decode("utf-8", "replace")
    if JSON in kind:
        try:
            return values.read(text)
        except msgspec.DecodeError:
            return text
    return text
