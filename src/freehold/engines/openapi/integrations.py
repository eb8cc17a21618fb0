"""Integrations: x-amazon-apigateway-integration, read and checked as PutIntegration checks.

One idea: what API Gateway would refuse becomes a sentence in `errors`, what it would drop a sentence in `warnings`; the
reader goes on, so that one import names all its faults.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from freehold.engines.openapi.description import Integration, IntegrationResponse
from freehold.engines.openapi.document import items, mapping, string
from freehold.engines.openapi.errors import MalformedIntegration

TYPES = frozenset({"HTTP", "HTTP_PROXY", "AWS", "AWS_PROXY", "MOCK"})
CONTENT_HANDLING = frozenset({"CONVERT_TO_BINARY", "CONVERT_TO_TEXT"})
PASSTHROUGH = frozenset({"WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"})
TIMEOUT_MS = range(50, 29_001)

_SERVICE_ARN = re.compile(r"arn:[\w-]+:apigateway:[^:]+:(?P<service>[^:]+):(?P<kind>path|action)/")
_HTTP_URI = re.compile(r"https?://[^\s/]|.*\$\{stageVariables\.", re.IGNORECASE)
_PROXY_SERVICES = ("lambda", "firehose")


@dataclass
class Findings:
    """What is wrong with one method of a document, gathered as it is read."""

    path: str
    method: str
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def refuse(self, reason: str) -> None:
        """Note what PutIntegration would refuse."""
        self.errors.append(f"Unable to put integration on '{self.method}' for resource at path '{self.path}': {reason}")

    def strings(self, values: Any, member: str) -> dict[str, str]:
        """The members of an object that are strings; of each other one a warning."""
        for name, value in mapping(values).items():
            if not isinstance(value, str):
                shown = string(value) or type(value).__name__
                self.warnings.append(
                    f"Invalid format for '{member}'. Expected type string for property '{name}' of resource"
                    f" '{self.path}' and method '{self.method}' but got '{shown}'"
                )
        return {str(name): value for name, value in mapping(values).items() if isinstance(value, str)}

    def one_of(self, value: Any, allowed: frozenset[str], member: str) -> str | None:
        """A word of a list, in any case; a warning, and None, for another."""
        word = string(value)
        if word is None or word.upper() in allowed:
            return word and word.upper()
        self.warnings.append(
            f"Invalid value '{word}' for '{member}' of resource '{self.path}' and method '{self.method}'"
        )
        return None


def integration(extension: Any, findings: Findings) -> Integration | None:
    """The integration of one method. Raises MalformedIntegration for what is none."""
    if extension is None:
        return None
    kind = str(mapping(extension).get("type", "")).upper()
    if kind not in TYPES:
        raise MalformedIntegration(path=findings.path)
    uri, method = string(extension.get("uri")), string(extension.get("httpMethod"))
    reason = _refusal(kind, uri, method)
    if reason:
        findings.refuse(reason)
    connection = string(extension.get("connectionType"))
    return Integration(
        type=kind,
        http_method=None if kind == "MOCK" or method is None else method.upper(),
        uri=uri,
        credentials=string(extension.get("credentials")),
        connection_type=connection.upper() if connection else "INTERNET" if kind.startswith("HTTP") else None,
        connection_id=string(extension.get("connectionId")),
        request_parameters=findings.strings(extension.get("requestParameters"), "requestParameters"),
        request_templates=findings.strings(extension.get("requestTemplates"), "requestTemplates"),
        passthrough_behavior=findings.one_of(extension.get("passthroughBehavior"), PASSTHROUGH, "passthroughBehavior")
        or "WHEN_NO_MATCH",
        content_handling=findings.one_of(extension.get("contentHandling"), CONTENT_HANDLING, "contentHandling"),
        timeout_in_millis=_timeout(extension.get("timeoutInMillis"), findings),
        cache_namespace=string(extension.get("cacheNamespace")),
        cache_key_parameters=[str(name) for name in items(extension.get("cacheKeyParameters"))],
        tls_config=dict(mapping(extension.get("tlsConfig"))) or None,
        responses=_responses(extension.get("responses"), findings),
    )


def _refusal(kind: str, uri: str | None, method: str | None) -> str | None:
    """Why PutIntegration would refuse; None if it would not."""
    if kind == "MOCK":
        return None
    if not method:
        return "Enumeration value for HttpMethod must be non-empty"
    if kind.startswith("HTTP"):
        return None if uri and _HTTP_URI.match(uri) else "Invalid HTTP endpoint specified for URI"
    if not uri or not uri.startswith("arn:"):
        return "Invalid ARN specified in the request"
    arn = _SERVICE_ARN.match(uri)
    if arn is None:
        return "AWS ARN for integration must contain path or action"
    if kind == "AWS_PROXY" and arn["service"] not in _PROXY_SERVICES:
        return (
            "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations."
        )
    return None


def _timeout(value: Any, findings: Findings) -> int:
    written = string(value)
    if written is None:
        return TIMEOUT_MS[-1]
    if not written.isdecimal() or int(written) not in TIMEOUT_MS:
        findings.refuse("Timeout should be between 50 ms and 29000 ms")
        return TIMEOUT_MS[-1]
    return int(written)


def _responses(responses: Any, findings: Findings) -> dict[str, IntegrationResponse]:
    """Integration responses by status code; the key in the document is the pattern that selects one."""
    found = {}
    for pattern, response in mapping(responses).items():
        status_code = string(mapping(response).get("statusCode"))
        if status_code is None:
            findings.warnings.append(
                f"No statusCode for the integration response '{pattern}' of resource '{findings.path}'"
                f" and method '{findings.method}'"
            )
            continue
        found[status_code] = _response(str(pattern), status_code, response, findings)
    return found


def _response(pattern: str, status_code: str, response: Mapping[str, Any], findings: Findings) -> IntegrationResponse:
    return IntegrationResponse(
        status_code=status_code,
        selection_pattern=None if pattern == "default" else pattern,
        response_parameters=findings.strings(response.get("responseParameters"), "responseParameters"),
        response_templates=findings.strings(response.get("responseTemplates"), "responseTemplates"),
        content_handling=findings.one_of(response.get("contentHandling"), CONTENT_HANDLING, "contentHandling"),
    )
