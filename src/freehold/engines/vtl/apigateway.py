"""The variables of an API Gateway mapping template: $input, $context, $stageVariables, $util.

One idea: a request or response is four plain values, and this makes of them the names a template may use. Follows
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
and, where that is silent, recorded answers of the service:

- a reference without a value prints nothing, and null equals the empty string;
- `$input.path` prints an object as `{a=b}` and an array as JSON, however deep it lies;
- `$input.body` of an empty body is `{}`; `$input.json` of a path that leads nowhere is `""`;
- what a template sets in `$context.requestOverride` and `$context.responseOverride` outlives it: the caller reads it
  from the variables afterwards.

A body that looks like no JSON value at all (it starts with none of `{ [ "`) is read as one string. A body that starts
like JSON and is not cannot be transformed: `$input.json` and `$input.path` raise VtlError, `$input.body` has it still.
"""

import base64
import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from freehold.engines.vtl.budget import Budget
from freehold.engines.vtl.errors import VtlError
from freehold.engines.vtl.paths import MISSING, evaluate
from freehold.engines.vtl.render import Dialect
from freehold.engines.vtl.values import Host, JsonList, text

DIALECT = Dialect(print_undefined=False, null_is_empty=True)

PARAMETER_KINDS = ("path", "querystring", "header")
"""Where `$input.params(name)` looks, in this order."""


def variables(
    body: str = "",
    params: Mapping[str, Mapping[str, str]] | None = None,
    context: Mapping[str, Any] | None = None,
    stage_variables: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The context to render a mapping template with (in DIALECT).

    `params` maps each of PARAMETER_KINDS to names and values. `context` is `$context`, nested dicts; it is copied, and
    the empty override maps are added to the copy, so that a template can write to them.
    """
    return {
        "input": _input(body, {kind: dict((params or {}).get(kind, {})) for kind in PARAMETER_KINDS}),
        "context": _with_overrides(context or {}),
        "stageVariables": dict(stage_variables or {}),
        "util": Host("$util", UTIL),
    }


def _with_overrides(context: Mapping[str, Any]) -> dict[str, Any]:
    copied = _copied(context)
    request = copied.setdefault("requestOverride", {})
    for kind in PARAMETER_KINDS:
        request.setdefault(kind, {})
    copied.setdefault("responseOverride", {}).setdefault("header", {})
    return copied


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


# $input ------------------------------------------------------------------------------------------------------------


def _input(body: str, params: dict[str, dict[str, str]]) -> Host:
    @cache
    def parsed(lists: type[list[Any]]) -> Any:
        return _listed(_parsed(body), lists) if body.strip() else MISSING

    def as_json(budget: Budget, path: str = "$") -> str:
        if path.strip() == "$" and not body.strip():
            return "{}"
        value = evaluate(path, parsed(list), budget)
        rendered = '""' if value is MISSING else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        budget.spend_text(len(rendered))
        return rendered

    def as_value(budget: Budget, path: str = "$") -> Any:
        value = evaluate(path, parsed(JsonList), budget)
        if type(value) is list:  # what several matches were gathered in
            return JsonList(value)
        return None if value is MISSING else value

    def parameters(budget: Budget, name: str | None = None) -> Any:
        if name is None:
            return params
        return next((params[kind][name] for kind in PARAMETER_KINDS if name in params[kind]), None)

    return Host("$input", {"json": as_json, "path": as_value, "params": parameters}, {"body": body or "{}"})


def _parsed(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        if body.strip()[0] in '{["':
            raise VtlError(f"The body is not JSON: {error}") from error
        return body


def _listed(value: Any, lists: type[list[Any]]) -> Any:
    """The same JSON value with lists of another type."""
    if isinstance(value, dict):
        return {key: _listed(item, lists) for key, item in value.items()}
    return lists(_listed(item, lists) for item in value) if isinstance(value, list) else value


# $util -------------------------------------------------------------------------------------------------------------

JAVASCRIPT_ESCAPES = {
    "\b": "\\b",
    "\n": "\\n",
    "\t": "\\t",
    "\f": "\\f",
    "\r": "\\r",
    "'": "\\'",
    '"': '\\"',
    "\\": "\\\\",
    "/": "\\/",
}


def _escape_javascript(plain: str) -> str:
    """As Apache's StringEscapeUtils: a single quote too is escaped, which JSON does not allow and AWS documents."""
    return "".join(_escaped(character) for character in plain)


def _escaped(character: str) -> str:
    if character in JAVASCRIPT_ESCAPES:
        return JAVASCRIPT_ESCAPES[character]
    if " " <= character <= "~":
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02X}{units[at + 1]:02X}" for at in range(0, len(units), 2))


def _parse_json(text: str) -> Any:
    try:
        return _listed(json.loads(text), JsonList)
    except RecursionError as error:
        raise VtlError("The JSON is nested too deeply") from error


def _base64_encode(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii")


def _base64_decode(text: str) -> str:
    standard = text.replace("-", "+").replace("_", "/")
    return base64.b64decode(standard + "=" * (-len(standard) % 4)).decode("utf-8", "replace")


def _url_encode(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"), safe="*").replace("~", "%7E")


def _on_text(function: Callable[[str], Any]) -> Callable[[Budget, Any], Any]:
    """A function of $util: null stays null, anything else is taken as its text."""

    def method(budget: Budget, value: Any) -> Any:
        return None if value is None else function(text(value, budget))

    return method


UTIL = {
    "escapeJavaScript": _on_text(_escape_javascript),
    "parseJson": _on_text(_parse_json),
    "urlEncode": _on_text(_url_encode),
    "urlDecode": _on_text(unquote_plus),
    "base64Encode": _on_text(_base64_encode),
    "base64Decode": _on_text(_base64_decode),
}
