"""Addresses: plain HTTP requests to those of HTTP integrations.

One idea: what is sent is written as HTTP may carry it, and of the answer nothing is kept that was the connection's. It
may not know mappings.

https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
"""

from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from freehold import outbound
from freehold.outbound import SCHEMES, NoAnswer, Order
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


async def fetch(method: str, url: str, out: Outgoing, timeout_s: float, verify: bool, whose: str) -> Incoming:
    """The answer of an address. Raises Declined: 504 if it does not answer, 500 if it cannot be one."""
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise Declined("API_CONFIGURATION_ERROR")
    path = quote(parts.path or "/", safe=URL_SAFE)
    query = "&".join(each for each in (parts.query, urlencode(out.query, doseq=True)) if each)
    headers = {name: _latin(value) for name, value in out.headers.items()}
    asked = urlunsplit((parts.scheme, parts.netloc, path, query, ""))
    try:
        answer = await outbound.fetch(Order(method, asked, headers, out.body, timeout_s, BODY_MAX, verify), whose)
    except NoAnswer as fault:
        raise Declined("INTEGRATION_TIMEOUT" if fault.late else "INTEGRATION_FAILURE") from None
    if not answer.whole:
        raise Declined("INTEGRATION_FAILURE")
    kept = [(name, value) for name, value in answer.headers if name.lower() not in DEFLATED]
    return Incoming(answer.status, kept, answer.body, str(answer.status))


def _latin(value: str) -> str:
    return value.replace("\r", "").replace("\n", "").encode("utf-8").decode("latin-1")
