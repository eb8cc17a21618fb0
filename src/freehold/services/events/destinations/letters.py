"""Letters: the HTTP requests that destinations get.

One idea: a request is put together from the event, the target's parameters and the connection's, which win. It may not
know networks.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
"""

from base64 import b64encode
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

import orjson

from freehold.engines.templates import written

AGENT = "Amazon/EventBridge/ApiDestinations"
HEADERS = {
    "Content-Type": "application/json; charset=utf-8",
    "User-Agent": AGENT,
    "Range": "bytes=0-1048575",
    "Accept-Encoding": "gzip,deflate",
    "Connection": "close",
}
WITHOUT_BODY = ("GET", "HEAD", "OPTIONS")


class Letter(NamedTuple):
    """A request as it is sent."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes


def values(http: dict[str, Any], place: str) -> dict[str, str]:
    """The parameters of one place of a connection's HTTP parameters."""
    return {one["Key"]: one.get("Value", "") for one in http.get(place) or ()}


def credentials(kind: str, parameters: dict[str, Any], token: str) -> dict[str, str]:
    """The headers that a kind of authorization shows."""
    if kind == "BASIC":
        told = f"{parameters['Username']}:{parameters['Password']}"
        return {"Authorization": f"Basic {b64encode(told.encode()).decode()}"}
    if kind == "API_KEY":
        return {parameters["ApiKeyName"]: parameters["ApiKeyValue"]}
    return {"Authorization": f"Bearer {token}"}


def letter(
    method: str, endpoint: str, text: str, target: dict[str, Any], invocation: dict[str, Any], shown: dict[str, str]
) -> Letter:
    """The request for an event's `text`. `target` are the target's HttpParameters, `invocation` the connection's."""
    for value in target.get("PathParameterValues") or ():
        endpoint = endpoint.replace("*", quote(value, safe=""), 1)
    query = {**(target.get("QueryStringParameters") or {}), **values(invocation, "QueryStringParameters")}
    own = {**(target.get("HeaderParameters") or {}), **values(invocation, "HeaderParameters"), **shown}
    names = {name.lower() for name in own}
    headers = {name: value for name, value in HEADERS.items() if name.lower() not in names} | own
    body = b"" if method in WITHOUT_BODY else _body(text, values(invocation, "BodyParameters"))
    return Letter(method, with_query(endpoint, query), headers, body)


def with_query(url: str, query: dict[str, str]) -> str:
    if not query:
        return url
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(query)}"


def _body(text: str, more: dict[str, str]) -> bytes:
    """The text; parameters are added to an object."""
    if more:
        try:
            told = orjson.loads(text)
        except orjson.JSONDecodeError:
            told = None
        if isinstance(told, dict):
            return written(told | more).encode()
    return text.encode()


def token_letter(parameters: dict[str, Any]) -> Letter:
    """The request that an OAuth server is asked for a token with: client credentials (RFC 6749, 4.4)."""
    client, http = parameters["ClientParameters"], parameters.get("OAuthHttpParameters", {})
    told = f"{quote(client['ClientID'], safe='')}:{quote(client['ClientSecret'], safe='')}"
    form = {
        "grant_type": "client_credentials",
        "client_id": client["ClientID"],
        "client_secret": client["ClientSecret"],
        **values(http, "BodyParameters"),
    }
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": AGENT,
        "Accept": "application/json",
        "Authorization": f"Basic {b64encode(told.encode()).decode()}",
        **values(http, "HeaderParameters"),
    }
    query = values(http, "QueryStringParameters")
    method, url = parameters["HttpMethod"], parameters["AuthorizationEndpoint"]
    if method == "GET":
        return Letter(method, with_query(url, form | query), headers, b"")
    return Letter(method, with_query(url, query), headers, urlencode(form).encode())
