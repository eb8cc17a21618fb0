"""Cross-origin requests: browsers may call the AWS APIs, as they may AWS's own endpoints.

It may not know services: what has rules of its own (buckets, deployed APIs, function URLs) answers its own preflights
before this is asked.

https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from freehold.web import HttpRequest, HttpResponse

METHODS = "GET,PUT,POST,DELETE,HEAD,PATCH"
EXPOSED = "etag,x-amz-version-id,x-amzn-requestid,x-amzn-errortype,x-amz-request-id,x-amz-id-2,date"


def preflight(http: HttpRequest) -> HttpResponse | None:
    """The answer to a preflight of an AWS API call; None for anything else.

    Only requests that ask to send AWS's signing headers are taken; others are left to the room that they go to.
    """
    if http.method != "OPTIONS" or "origin" not in http.headers:
        return None
    wanted = http.headers.get("access-control-request-headers").lower()
    if "authorization" not in wanted and "x-amz-" not in wanted:
        return None
    return HttpResponse(
        204,
        [
            ("access-control-allow-origin", http.headers.get("origin")),
            ("access-control-allow-methods", METHODS),
            ("access-control-allow-headers", wanted),
            ("access-control-max-age", "172800"),
        ],
    )


def allow(http: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response with leave for the browser to read it, unless the room has said its own."""
    origin = http.headers.get("origin")
    if origin and not any(name.lower() == "access-control-allow-origin" for name, _ in response.headers):
        response.headers.append(("access-control-allow-origin", origin))
        response.headers.append(("access-control-expose-headers", EXPOSED))
    return response
