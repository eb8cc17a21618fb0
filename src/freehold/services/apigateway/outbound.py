"""Outbound: plain HTTP requests to the addresses of HTTP integrations.

One idea: one blocking request on a thread of its own, sent and answered without following redirects or reusing
connections. It may not know mappings.

https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
"""

import http.client
import ssl
from urllib.parse import quote, urlencode, urlsplit

from freehold.services.apigateway.exchanges import Exchange
from freehold.services.apigateway.mapping import Incoming, Outgoing
from freehold.services.apigateway.responses import Declined

# Headers of one connection, which are never passed on (RFC 9110, 7.6.1), and those the request makes by itself.
HOP_BY_HOP = {
    *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding"),
    *("upgrade", "host", "content-length", "expect"),
}
DEFLATED = ("transfer-encoding", "connection", "keep-alive")
BODY_MAX = 10 * 1024 * 1024
URL_SAFE = "/%:@!$&'()*+,;=-._~"


def passed_on(exchange: Exchange) -> dict[str, str]:
    """The headers of a request that a proxy hands on."""
    kept = {name: ", ".join(values) for name, values in exchange.headers.items() if name.lower() not in HOP_BY_HOP}
    kept["x-amzn-apigateway-api-id"] = exchange.site.api
    kept.setdefault("User-Agent", f"AmazonAPIGateway_{exchange.site.api}")
    return kept


def fetch(method: str, url: str, out: Outgoing, timeout_s: float, verify: bool) -> Incoming:
    """The answer of an address. Raises Declined: 504 if it does not answer, 500 if it cannot be one."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Declined("API_CONFIGURATION_ERROR")
    path = quote(parts.path or "/", safe=URL_SAFE)
    query = "&".join(each for each in (parts.query, urlencode(out.query, doseq=True)) if each)
    connection = _connection(parts.scheme, parts.hostname, parts.port, timeout_s, verify)
    try:
        connection.request(method, f"{path}?{query}" if query else path, out.body or None, _headers(out, method))
        response = connection.getresponse()
        body = response.read(BODY_MAX + 1)
    except TimeoutError:
        raise Declined("INTEGRATION_TIMEOUT") from None
    except (OSError, http.client.HTTPException, ValueError):
        raise Declined("INTEGRATION_FAILURE") from None
    finally:
        connection.close()
    if len(body) > BODY_MAX:
        raise Declined("INTEGRATION_FAILURE")
    headers = [(name, value) for name, value in response.getheaders() if name.lower() not in DEFLATED]
    return Incoming(response.status, headers, body, str(response.status))


def _connection(scheme: str, host: str, port: int | None, timeout_s: float, verify: bool) -> http.client.HTTPConnection:
    if scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=timeout_s)
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return http.client.HTTPSConnection(host, port, timeout=timeout_s, context=context)


def _headers(out: Outgoing, method: str) -> dict[str, str]:
    """Headers as HTTP/1.1 may carry them; a body's length is always said."""
    headers = {name: _latin(value) for name, value in out.headers.items()}
    if not out.body and method in ("POST", "PUT", "PATCH"):
        headers["Content-Length"] = "0"
    return headers


def _latin(value: str) -> str:
    return value.replace("\r", "").replace("\n", "").encode("utf-8").decode("latin-1")
