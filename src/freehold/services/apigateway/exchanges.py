"""Exchanges: one request of a deployed API, with everything that templates and mappings may ask of it.

One idea: what a caller sent and what the API knows of it are values, made once; integrations, authorizers and gateway
responses read them. It may not know integrations.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from freehold.kernel import arns
from freehold.services.apigateway.apis import Content, Document
from freehold.web import HttpRequest

# Header names as HTTP's registry writes them; the wire hands them over in lower case.
APART = {"etag": "ETag", "te": "TE", "dnt": "DNT", "www-authenticate": "WWW-Authenticate", "content-md5": "Content-MD5"}
LOWER = ("sec-", ":")

# Of an identity, what only a signed request has.
UNKNOWN = (
    *("cognitoIdentityPoolId", "cognitoIdentityId", "cognitoAuthenticationType", "cognitoAuthenticationProvider"),
    *("principalOrgId", "userArn", "user", "caller", "accessKey", "accountId"),
)


@dataclass(frozen=True)
class Site:
    """A deployed API: where it lives, its stage, and the content that is served there."""

    account: str
    region: str
    api: str
    stage: Document
    content: Content

    @property
    def name(self) -> str:
        return self.stage["stageName"]

    @property
    def variables(self) -> dict[str, str]:
        return self.stage.get("variables") or {}


@dataclass
class Exchange:
    """A request on its way. `path` is raw and lies behind the stage; `headers` and `query` hold every value sent."""

    site: Site
    http: HttpRequest
    path: str
    body: bytes
    context: dict[str, Any]
    headers: dict[str, list[str]]
    query: dict[str, list[str]]
    resource: Document = field(default_factory=dict)
    method: Document = field(default_factory=dict)
    path_parameters: dict[str, str] = field(default_factory=dict)

    @property
    def binary(self) -> bool:
        """Whether the body is of one of the API's binary media types."""
        return is_binary(self.site.content, self.header("content-type"))

    @property
    def wants_binary(self) -> bool:
        """Whether the first type that the caller accepts is one of the API's binary media types."""
        return is_binary(self.site.content, self.header("accept").partition(",")[0])

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def params(self) -> dict[str, dict[str, str]]:
        """What `$input.params()` shows: of repeated names, the last value."""
        last = {name: values[-1] for name, values in self.query.items()}
        return {"path": self.path_parameters, "querystring": last, "header": self._named_headers()}

    def header(self, name: str) -> str:
        """A header's last value by its name in any case; '' if there is none."""
        return next((values[-1] for key, values in self.headers.items() if key.lower() == name.lower()), "")

    def _named_headers(self) -> dict[str, str]:
        """Headers under the names that the method declares, where it declares them."""
        prefix = "method.request.header."
        declared = (name.removeprefix(prefix) for name in self.method.get("requestParameters", {}) if prefix in name)
        names = {name.lower(): name for name in declared}
        return {names.get(name.lower(), name): values[-1] for name, values in self.headers.items()}

    @property
    def arn(self) -> str:
        """The ARN of this very request, as policies of execute-api see it."""
        site = self.site
        path = self.path.lstrip("/")
        return arns.arn("execute-api", site.region, site.account, f"{site.api}/{site.name}/{self.http.method}/{path}")

    @property
    def source_arn(self) -> str:
        """The ARN of the method, as a function's policy sees it."""
        site, path = self.site, self.resource["path"]
        return arns.arn("execute-api", site.region, site.account, f"{site.api}/{site.name}/{self.http.method}{path}")


def is_binary(content: Content, media_type: str) -> bool:
    kind = media_type.partition(";")[0].strip().lower()
    known = [each.lower() for each in content.settings.get("binaryMediaTypes") or ()]
    return "*/*" in known or (bool(kind) and (kind in known or f"{kind.partition('/')[0]}/*" in known))


def canonical(name: str) -> str:
    """A header's name as it is mostly written: `content-type` → `Content-Type`."""
    if name in APART or name.startswith(LOWER):
        return APART.get(name, name)
    return "-".join(part[:1].upper() + part[1:] for part in name.split("-"))


def begin(site: Site, http: HttpRequest, path: str, body: bytes, request_id: str, tail: str, now: float) -> Exchange:
    """The exchange of a request that has just come. `tail` is chance, for the second of its ids."""
    headers: dict[str, list[str]] = {}
    for name, value in http.headers.pairs:
        headers.setdefault(canonical(name), []).append(value)
    headers.setdefault("X-Forwarded-For", [http.source_ip])
    headers.setdefault("X-Forwarded-Proto", ["https"])
    headers.setdefault("X-Forwarded-Port", ["443"])
    headers.setdefault("X-Amzn-Trace-Id", [f"Root=1-{int(now):08x}-{request_id.replace('-', '')[:24]}"])
    query: dict[str, list[str]] = {}
    for name, value in http.arguments:
        query.setdefault(name, []).append(value)
    context = _context(site, http, path, request_id, tail, now)
    return Exchange(site, http, path, body, context, headers, query)


def _context(site: Site, http: HttpRequest, path: str, request_id: str, tail: str, now: float) -> dict[str, Any]:
    """`$context` before a method is found."""
    host = http.host
    domain = host if ".execute-api." in host else f"{site.api}.execute-api.{site.region}.amazonaws.com"
    agent = http.headers.get("user-agent") or None
    identity = dict.fromkeys(UNKNOWN) | {"sourceIp": http.source_ip, "userAgent": agent}
    return {
        "accountId": site.account,
        "apiId": site.api,
        "deploymentId": site.content.deployment,
        "domainName": domain,
        "domainPrefix": domain.partition(".")[0],
        "extendedRequestId": tail,
        "httpMethod": http.method,
        "identity": identity,
        "path": path if "_user_request_" in http.path else f"/{site.name}{path}",
        "protocol": "HTTP/1.1",
        "requestId": request_id,
        "requestTime": datetime.fromtimestamp(now, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "requestTimeEpoch": int(now * 1000),
        "stage": site.name,
    }
