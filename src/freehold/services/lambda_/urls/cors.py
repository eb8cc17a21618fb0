"""Cross-origin requests to function URLs, as their configuration allows them.

One idea: the configuration speaks for the function: where there is one, it answers preflights and its headers stand
instead of the function's own. It may not know functions.

https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors
"""

from typing import Any

from freehold.web import HttpRequest, HttpResponse

OWN = "access-control-"


def preflight(cors: dict[str, Any], http: HttpRequest) -> HttpResponse | None:
    """The answer to a browser that asks before it sends; None for every other request."""
    if not cors or http.method != "OPTIONS" or "access-control-request-method" not in http.headers:
        return None
    return HttpResponse(200, _origin(cors, http) and [*_origin(cors, http), *_permissions(cors)], b"")


def allow(cors: dict[str, Any], http: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response with the headers by which browsers let their pages read it."""
    if not cors:
        return response
    response.headers = [pair for pair in response.headers if not pair[0].lower().startswith(OWN)]
    origin = _origin(cors, http)
    exposed = [("access-control-expose-headers", ",".join(cors["ExposeHeaders"]))] if cors.get("ExposeHeaders") else []
    response.headers += [*origin, *exposed] if origin else []
    return response


def _origin(cors: dict[str, Any], http: HttpRequest) -> list[tuple[str, str]]:
    """The headers that name the request's origin, if it is allowed."""
    origin, origins, lent = http.headers.get("origin"), cors.get("AllowOrigins", ()), cors.get("AllowCredentials")
    if not origin or not ("*" in origins or origin in origins):
        return []
    told = [("access-control-allow-origin", "*" if "*" in origins and not lent else origin), ("vary", "Origin")]
    return [*told, ("access-control-allow-credentials", "true")] if lent else told


def _permissions(cors: dict[str, Any]) -> list[tuple[str, str]]:
    told = {"AllowMethods": "allow-methods", "AllowHeaders": "allow-headers"}
    headers = [(OWN + told[name], ",".join(cors[name])) for name in told if cors.get(name)]
    return [*headers, (f"{OWN}max-age", str(cors["MaxAge"]))] if "MaxAge" in cors else headers
