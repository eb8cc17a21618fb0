"""Endpoints: HTTP requests to anybody's API, as a task sends them.

One idea: the room of EventBridge keeps connections and calls by them, so no secret comes here; the task's part is the
request, and the right to send it. It may not know how connections are opened.

https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
"""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from freehold.engines.asl import values
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Need, Operation, Request, Response
from freehold.services.states.catalogue import states
from freehold.services.states.integrations.apis import content

INVOKE, RETRIEVE = "states:InvokeHTTPEndpoint", "events:RetrieveConnectionCredentials"
AGENT = "Amazon|StepFunctions|HttpInvoke|{region}"
PATIENCE_S = 60
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
NOBODY = 0  # the status of an endpoint that did not answer


class BadRequest(AwsError):
    words = "{reason}"
    code = "States.Runtime"
    status = 400


class NoAnswer(AwsError):
    words = "The HTTP request to {url} got no answer."
    code = "States.Http.Socket"
    status = 400


@states.internal
async def invoke_endpoint(call: Call, request: Request) -> Response:
    """Send a task's request: its `parameters`, for the machine `machine`. Every answer of the endpoint is a result.

    Raises AccessDenied for a role that may not, NoAnswer, BadRequest.
    """
    given = request["parameters"]
    connection = (given.get("Authentication") or given.get("InvocationConfig") or {}).get("ConnectionArn", "")
    url, method = str(given.get("ApiEndpoint", "")), str(given.get("Method", ""))
    if not (urlsplit(url).hostname and method and connection):
        raise BadRequest(reason="ApiEndpoint, Method and Authentication.ConnectionArn are required")
    await _admit(call, request["machine"], url, method, connection)
    sent = {"connection": connection, "method": method, "url": url, "query": _query(given), "patience_s": PATIENCE_S}
    answer = await call.ask("events", "call_by_connection", sent | _content(call, given))
    if answer["status"] == NOBODY:
        raise NoAnswer(url=url)
    return _told(answer)


async def _admit(call: Call, machine: str, url: str, method: str, connection: str) -> None:
    """Whether the role may call this endpoint, and use the connection."""

    def needs(call: Call, request: Request) -> list[Need]:
        facts = {"states:HTTPEndpoint": url, "states:HTTPMethod": method}
        return [(INVOKE, machine, facts), (RETRIEVE, connection)]

    asked = Operation(states, INVOKE, invoke_endpoint, False, needs)
    await call.transact(call.door.authorize, call, asked, {})


def _query(given: dict[str, Any]) -> dict[str, str]:
    parameters = given.get("QueryParameters") or {}
    return {name: ",".join(_texts(value)) for name, value in parameters.items()}


def _content(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """Headers and body: JSON, or a form if the Transform asks for one."""
    transform, body = given.get("Transform") or {}, given.get("RequestBody")
    form = transform.get("RequestBodyEncoding") == "URL_ENCODED"
    headers = {
        "Content-Type": FORM if form else JSON,
        "User-Agent": AGENT.format(region=call.region),
        **{str(name): ",".join(_texts(value)) for name, value in (given.get("Headers") or {}).items()},
    }
    if body is None:
        return {"headers": headers, "text": ""}
    way = (transform.get("RequestEncodingOptions") or {}).get("ArrayFormat", "INDICES")
    return {"headers": headers, "text": urlencode(_pairs(body, way)) if form else values.write(body)}


ARRAYS = {
    "INDICES": lambda name, items: [(f"{name}[{at}]", item) for at, item in enumerate(items)],
    "BRACKETS": lambda name, items: [(f"{name}[]", item) for item in items],
    "REPEAT": lambda name, items: [(name, item) for item in items],
    "COMMAS": lambda name, items: [(name, ",".join(_texts(items)))],
    "NONE": lambda name, items: [(name, values.write(items))],
}


def _pairs(body: Any, way: str) -> list[tuple[str, str]]:
    """The members of an object as a form has them; of an array as `way` says."""
    if not isinstance(body, dict) or way not in ARRAYS:
        raise BadRequest(reason="A form is made of an object, and its arrays in a known format")
    pairs: list[tuple[str, Any]] = []
    for name, value in body.items():
        pairs += ARRAYS[way](name, value) if isinstance(value, list) else [(name, value)]
    return [(name, _texts(value)[0]) for name, value in pairs]


def _texts(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [item if isinstance(item, str) else values.write(item) for item in items]


def _told(answer: dict[str, Any]) -> Response:
    headers: dict[str, list[str]] = {}
    for name, value in answer["headers"]:
        headers.setdefault(name.lower(), []).append(value)
    status = answer["status"]
    known = status in HTTPStatus.__members__.values()
    return {
        "Headers": headers,
        "ResponseBody": content(answer["body"], headers.get("content-type", [""])[0]),
        "StatusCode": status,
        "StatusText": HTTPStatus(status).phrase if known else "",
    }
