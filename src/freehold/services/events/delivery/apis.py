"""APIs of API Gateway as targets.

One idea: the room of API Gateway has a front for its APIs' addresses, and an event comes to it like any client, as the
target's role or as nobody. It may not know what an API does.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-gateway-target.html
"""

from urllib.parse import quote

from freehold.kernel.call import Call
from freehold.kernel.identity import ANYONE, SERVICE
from freehold.kernel.service import Front, Request, Response
from freehold.services.events.catalogue import events
from freehold.services.events.destinations.letters import AGENT, with_query
from freehold.services.events.destinations.sending import NOBODY, Answer, judge
from freehold.web import Headers, HttpRequest, HttpResponse

KIND = "API Gateway"
URL_SAFE = "/%:@!$&'()*+,;=-._~"
ANY_METHOD = "POST"  # what is sent where a target names no method of its own


@events.internal
async def call_api(call: Call, request: Request) -> Response:
    """Send `text` to the API of the ARN `resource` (`api/stage/METHOD/path`), with the target's parameters `http`.
    The `body` that it answered."""
    http = _request(call, request)
    room = call.door.rooms.get("apigateway")
    front = next((front for front in room.fronts if _serves(front, http)), None) if room else None
    caller = call.acting(ANYONE, call.account) if call.principal.kind == SERVICE else call
    response = await front.run(caller, http) if front else HttpResponse(NOBODY, [])
    judge(Answer(response.status, b"", response.header("retry-after")), KIND, call.now)
    return {"body": response.body}


def _serves(front: Front, http: HttpRequest) -> bool:
    return bool(front.host and front.host.fullmatch(http.host))


def _request(call: Call, request: Request) -> HttpRequest:
    api, stage, method, *path = request["resource"].split("/")
    target, text = request["http"], request["text"]
    way = "/".join((stage, *path))
    for value in target.get("PathParameterValues") or ():
        way = way.replace("*", value, 1)
    query = with_query("", target.get("QueryStringParameters") or {}).removeprefix("?")
    headers = {
        "host": f"{api}.execute-api.{call.region}.amazonaws.com",
        "content-type": "application/json",
        "user-agent": AGENT.rpartition("/")[0],
        "x-amzn-trace-id": call.trace,
        **{name.lower(): value for name, value in (target.get("HeaderParameters") or {}).items()},
    }
    return HttpRequest(
        method=ANY_METHOD if method == "*" else method,
        path=quote(f"/{way}", safe=URL_SAFE),
        query=query,
        headers=Headers((name, value) for name, value in headers.items() if value),
        body=text.encode(),
    )
