"""Mapping: parameters and bodies of requests and answers, turned into each other.

One idea: an expression such as `method.request.header.X` or `'static'` is looked up in an exchange, and, on the way
back, in the answer of the integration; a template sees the same values. It may not know how an integration is done.

https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from freehold.engines import regex, vtl
from freehold.engines.vtl.budget import Budget
from freehold.engines.vtl.paths import MISSING, evaluate
from freehold.services.apigateway.exchanges import Exchange, is_binary
from freehold.services.apigateway.responses import INTERNAL, Declined

JSON = "application/json"
TO_BINARY, TO_TEXT = "CONVERT_TO_BINARY", "CONVERT_TO_TEXT"
STAGE_VARIABLE = re.compile(r"\$\{stageVariables\.(\w+)\}")

compiled = lru_cache(maxsize=2_048)(vtl.compile)


@dataclass
class Outgoing:
    """What is sent to an integration: parameters by name, and a body. Repeated query arguments are kept."""

    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, list[str]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), "")


@dataclass
class Incoming:
    """What an integration answered. `subject` is what selection patterns are held against: a status, or the
    errorMessage of a function that failed; None of one that did not."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    subject: str | None

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]


def outgoing(exchange: Exchange, integration: Mapping[str, Any]) -> Outgoing:
    """The request for an integration that is no proxy, mapped and templated. Raises Declined (400, 415, 500)."""
    out = Outgoing()
    parameters(exchange, integration.get("requestParameters") or {}, out)
    media = (exchange.header("content-type") or JSON).partition(";")[0].strip().lower()
    template = _template(exchange, integration, media)
    body = _converted(exchange.body, exchange.binary, integration.get("contentHandling"))
    if template is None:
        out.body = body
        return out
    try:
        names = vtl.apigateway.variables(
            body.decode("utf-8", "replace"), exchange.params, exchange.context, exchange.site.variables
        )
        out.body = compiled(template).render(names, vtl.apigateway.DIALECT).encode()
    except vtl.VtlError as fault:
        raise _untransformed(body, fault) from fault
    _override(out, names["context"])
    exchange.context = names["context"]
    return out


def _untransformed(body: bytes, fault: vtl.VtlError) -> Declined:
    """The caller is told of a body that is not JSON, in the words of the service; a faulty template is the owner's."""
    try:
        json.loads(body)
    except (ValueError, RecursionError) as reason:
        if fault.problem.startswith("The body is not JSON"):
            return Declined("BAD_REQUEST_BODY", f"Could not parse request body into json: {reason}")
    return Declined("API_CONFIGURATION_ERROR")


def _template(exchange: Exchange, integration: Mapping[str, Any], media: str) -> str | None:
    """The template of a media type, or None where the body passes through."""
    templates = {name.lower(): text for name, text in (integration.get("requestTemplates") or {}).items()}
    if media in templates:
        return templates[media]
    behaviour = integration.get("passthroughBehavior", "WHEN_NO_MATCH").upper()
    if behaviour == "NEVER" or (behaviour == "WHEN_NO_TEMPLATES" and templates):
        raise Declined("UNSUPPORTED_MEDIA_TYPE")
    return None


def _converted(body: bytes, binary: bool, handling: str | None) -> bytes:
    """A body turned into text or binary as the integration wants it."""
    if handling == TO_TEXT and binary:
        return base64.b64encode(body)
    if handling == TO_BINARY and not binary:
        try:
            return base64.b64decode(body, validate=True)
        except ValueError:
            raise Declined("API_CONFIGURATION_ERROR") from None
    return body


def _override(out: Outgoing, context: Mapping[str, Any]) -> None:
    overrides = context["requestOverride"]
    out.path |= {name: str(value) for name, value in overrides["path"].items()}
    out.query |= {
        name: [str(each) for each in (value if isinstance(value, list) else [value])]
        for name, value in overrides["querystring"].items()
    }
    for name, value in overrides["header"].items():
        out.headers = {key: kept for key, kept in out.headers.items() if key.lower() != name.lower()}
        out.headers[name] = str(value)


def parameters(exchange: Exchange, mapped: Mapping[str, str], out: Outgoing) -> None:
    """Carry out `requestParameters`: what an expression finds becomes a parameter of the outgoing request."""
    for target, expression in mapped.items():
        _, _, place, name = (target.split(".", 3) + ["", "", ""])[:4]
        found = lookup(exchange, expression)
        if found is None:
            continue
        if place == "querystring":
            out.query[name] = found if isinstance(found, list) else [found]
        else:
            kept = out.path if place == "path" else out.headers
            kept[name] = ",".join(found) if isinstance(found, list) else found


def lookup(exchange: Exchange, expression: str, answer: Incoming | None = None) -> str | list[str] | None:
    """What a mapping expression means: a text, several (multivalue…), or None if there is nothing."""
    if len(expression) > 1 and expression[0] == expression[-1] == "'":
        return expression[1:-1]
    head, _, rest = expression.partition(".")
    if head == "context":
        return _walked(exchange.context, rest)
    if head == "stageVariables":
        return exchange.site.variables.get(rest)
    if head == "integration" and answer:
        return _of_answer(answer, *_split(rest))
    return _of_request(exchange, *_split(rest)) if head == "method" else None


def _split(rest: str) -> tuple[str, str]:
    """`request.header.X` → `header`, `X`."""
    place, _, name = rest.partition(".")[2].partition(".")
    return place, name


def _of_request(exchange: Exchange, place: str, name: str) -> str | list[str] | None:
    match place:
        case "path":
            return exchange.path_parameters.get(name)
        case "querystring":
            return next(reversed(exchange.query.get(name, [])), None)
        case "multivaluequerystring":
            return exchange.query.get(name)
        case "header":
            return exchange.header(name) or None
        case "multivalueheader":
            return next((values for key, values in exchange.headers.items() if key.lower() == name.lower()), None)
        case "body":
            return _of_body(exchange.text, name)
    return None


def _of_answer(answer: Incoming, place: str, name: str) -> str | list[str] | None:
    match place:
        case "header":
            return next(reversed(answer.values(name)), None)
        case "multivalueheader":
            return answer.values(name) or None
        case "body":
            return _of_body(answer.body.decode("utf-8", "replace"), name)
    return None


def _of_body(text: str, path: str) -> str | None:
    if not path:
        return text
    try:
        found = evaluate(path, json.loads(text), Budget())
    except (ValueError, RecursionError, vtl.VtlError):
        return None
    if found is MISSING or found is None:
        return None
    return found if isinstance(found, str) else json.dumps(found, separators=(",", ":"))


def _walked(value: Any, path: str) -> str | None:
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return None if value is None else str(value)


def staged(exchange: Exchange, text: str) -> str:
    """A URI or credentials with `${stageVariables.name}` filled in."""
    return STAGE_VARIABLE.sub(lambda found: exchange.site.variables.get(found[1], ""), text)


@dataclass
class Answer:
    """What the caller is answered: a status, headers and a body."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def answered(exchange: Exchange, integration: Mapping[str, Any], incoming: Incoming) -> Answer:
    """The method's answer: the integration response that fits, its parameters, template and overrides."""
    response = _selected(integration.get("integrationResponses") or {}, incoming)
    mapped = [(name.rpartition(".")[2], lookup(exchange, expression, incoming))
              for name, expression in (response.get("responseParameters") or {}).items()]  # fmt: skip
    headers = [(name, value) for name, values in mapped for value in _several(values)]
    status, body = int(response["statusCode"]), incoming.body
    templates = response.get("responseTemplates") or {}
    media = _media(exchange, templates)
    if media:
        names = _render(exchange, templates[media], incoming)
        body = names.pop("")
        override = names["context"]["responseOverride"]
        status = int(override.get("status", status))
        for name, value in override["header"].items():
            headers = [pair for pair in headers if pair[0].lower() != name.lower()]
            headers += [(name, str(each)) for each in (value if isinstance(value, list) else [value])]
    body = _returned(exchange, response, incoming, body)
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", media or JSON))
    return Answer(status, headers, body)


def _several(values: str | list[str] | None) -> list[str]:
    return [] if values is None else values if isinstance(values, list) else [values]


def _selected(responses: Mapping[str, Any], incoming: Incoming) -> Mapping[str, Any]:
    """The response whose pattern matches, or else the one without a pattern."""
    if incoming.subject is not None:
        for response in responses.values():
            pattern = response.get("selectionPattern")
            if pattern and _matches(pattern, incoming.subject):
                return response
    default = next((each for each in responses.values() if not each.get("selectionPattern")), None)
    if default is None:
        raise Declined("API_CONFIGURATION_ERROR")
    return default


expression = lru_cache(maxsize=1_024)(regex.java)
"""A pattern as integrations and authorizers have them: Java's, and anybody's."""


def _matches(pattern: str, subject: str) -> bool:
    try:
        return expression(pattern, "s").found_in(subject)
    except (regex.InvalidPattern, regex.Spent):
        return False


def _media(exchange: Exchange, templates: Mapping[str, str]) -> str:
    """The media type of the template to use: one that the caller accepts, JSON's, or the first; '' if there is none."""
    accepted = [part.partition(";")[0].strip() for part in exchange.header("accept").split(",")]
    wanted = next((media for media in accepted if media in templates), None)
    return wanted or (JSON if JSON in templates else next(iter(templates), ""))


def _render(exchange: Exchange, template: str, incoming: Incoming) -> dict[str, Any]:
    """The names after a response template was rendered; the text is under the empty name."""
    names = vtl.apigateway.variables(
        incoming.body.decode("utf-8", "replace"), exchange.params, exchange.context, exchange.site.variables
    )
    try:
        text = compiled(template).render(names, vtl.apigateway.DIALECT)
    except vtl.VtlError as fault:
        raise Declined("API_CONFIGURATION_ERROR", INTERNAL) from fault
    return names | {"": text.encode()}


def _returned(exchange: Exchange, response: Mapping[str, Any], incoming: Incoming, body: bytes) -> bytes:
    """The body as text or binary, by what the integration gave and the caller accepts."""
    content = exchange.site.content
    if not content.settings.get("binaryMediaTypes"):
        return body
    binary = is_binary(content, (incoming.values("content-type") or [""])[0])
    handling = response.get("contentHandling")
    if handling is None and binary and not exchange.wants_binary:
        handling = TO_TEXT
    return _converted(body, binary, handling)
