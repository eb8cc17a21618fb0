"""Calls of AWS's JSON services, signed. It may not know pages or caches.

One idea: one POST, one signature (version 4), by the credentials and addresses that the environment's variables give.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import time
from urllib.parse import urlsplit

ALGORITHM = "AWS4-HMAC-SHA256"
JSON = "application/x-amz-json-1.1"


def call(
    variables: dict[str, str], service: str, target: str, request: dict, timeout_s: float | None
) -> tuple[int, bytes]:
    """Call an operation: its status and the body of its answer. Raises OSError where nobody answers."""
    url = urlsplit(address(variables, service))
    body = json.dumps(request).encode()
    secure = url.scheme == "https"
    connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = connect(url.hostname or "", url.port, timeout=timeout_s)
    try:
        headers = signed(variables, service, target, url.netloc, body, time.gmtime())
        connection.request("POST", "/", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def address(variables: dict[str, str], service: str) -> str:
    """Where the service is reached."""
    own = {"ssm": "AWS_ENDPOINT_URL_SSM", "secretsmanager": "AWS_ENDPOINT_URL_SECRETS_MANAGER"}[service]
    everywhere = f"https://{service}.{variables['AWS_REGION']}.amazonaws.com"
    return variables.get(own) or variables.get("AWS_ENDPOINT_URL") or everywhere


def signed(
    variables: dict[str, str], service: str, target: str, host: str, body: bytes, now: time.struct_time
) -> dict[str, str]:
    """The headers of a request, its signature among them."""
    moment = time.strftime("%Y%m%dT%H%M%SZ", now)
    scope = f"{moment[:8]}/{variables['AWS_REGION']}/{service}/aws4_request"
    headers = {"content-type": JSON, "host": host, "x-amz-date": moment, "x-amz-target": target}
    if variables.get("AWS_SESSION_TOKEN"):
        headers["x-amz-security-token"] = variables["AWS_SESSION_TOKEN"]
    names = ";".join(sorted(headers))
    lines = [f"{name}:{headers[name]}" for name in sorted(headers)]
    canonical = "\n".join(["POST", "/", "", *lines, "", names, hashlib.sha256(body).hexdigest()])
    told = "\n".join([ALGORITHM, moment, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + variables.get("AWS_SECRET_ACCESS_KEY", "")).encode()
    for part in [*scope.split("/"), told]:
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    credential = f"{variables.get('AWS_ACCESS_KEY_ID', '')}/{scope}"
    headers["authorization"] = f"{ALGORITHM} Credential={credential}, SignedHeaders={names}, Signature={key.hex()}"
    return headers
