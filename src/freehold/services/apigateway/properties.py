"""Properties: what templates say, as the members of operations.

One idea: a property is a member with a small first letter; templates are loose about types, operations are not, and a
table says of what type each is. It may not know what is made.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ApiGateway.html
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from freehold.engines.coerce import boolean, integer, json_text, text
from freehold.kernel.resources import Properties, Want
from freehold.services.apigateway.apis import Document
from freehold.services.apigateway.patches import METHOD_SETTINGS


def _texts(value: Any, name: str) -> dict[str, str]:
    return {key: text(each, name) for key, each in value.items()}


def _flags(value: Any, name: str) -> dict[str, bool]:
    return {key: boolean(each, name) for key, each in value.items()}


def _unescaped(value: Any, name: str) -> list[str]:
    """Templates write `image~1png`."""
    return [text(each, name).replace("~1", "/") for each in value]


def _endpoint(value: Any, name: str) -> Document:
    return members(value, "Types", "VpcEndpointIds", "IpAddressType")


def _tls(value: Any, name: str) -> Document:
    return members(value, "InsecureSkipVerification")


READS: dict[str, Callable[[Any, str], Any]] = {
    "ApiKeyRequired": boolean,
    "AuthorizerResultTtlInSeconds": integer,
    "BinaryMediaTypes": _unescaped,
    "CacheClusterEnabled": boolean,
    "CacheClusterSize": text,
    "DisableExecuteApiEndpoint": boolean,
    "EndpointConfiguration": _endpoint,
    "InsecureSkipVerification": boolean,
    "MinimumCompressionSize": integer,
    "Policy": json_text,
    "RequestTemplates": _texts,
    "ResponseTemplates": _texts,
    "Schema": json_text,
    "StatusCode": text,
    "TimeoutInMillis": integer,
    "TlsConfig": _tls,
    "TracingEnabled": boolean,
    "ValidateRequestBody": boolean,
    "ValidateRequestParameters": boolean,
    "Variables": _texts,
}


def member(name: str) -> str:
    return name[0].lower() + name[1:]


def members(properties: Mapping[str, Any], *names: str) -> Document:
    """Those of the properties that are given, as members."""
    return {member(name): typed(name, properties[name]) for name in names if properties.get(name) is not None}


def typed(name: str, value: Any) -> Any:
    return READS[name](value, name) if name in READS else value


def flagged(given: Document, name: str) -> Document:
    """The members with one of them a map of booleans, as parameters of methods and of their responses are."""
    return given | ({name: _flags(given[name], name)} if name in given else {})


def replaced(want: Want, *names: str) -> list[Document]:
    """The patch that takes scalar properties from what they were to what they are."""
    return scalars(want.old, want.properties, *names)


def scalars(old: Properties, new: Properties, *names: str) -> list[Document]:
    changes = []
    for name in names:
        before, after = (members(each, name).get(member(name)) for each in (old, new))
        if after is None and before is not None:
            changes.append({"op": "replace", "path": f"/{member(name)}", "value": ""})
        elif after != before:
            changes.append({"op": "replace", "path": f"/{member(name)}", "value": spelled(after)})
    return changes


def spelled(value: Any) -> str:
    """A value as a patch writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else json.dumps(value)


def listed(old: Properties, new: Properties, name: str) -> list[Document]:
    """The patch of a list: what goes and what comes."""
    before, after = (members(each, name).get(member(name)) or [] for each in (old, new))
    gone = [{"op": "remove", "path": f"/{member(name)}/{escaped(each)}"} for each in before if each not in after]
    return gone + [
        {"op": "add", "path": f"/{member(name)}/{escaped(each)}", "value": each} for each in after if each not in before
    ]


def mapped(old: Properties, new: Properties, name: str) -> list[Document]:
    """The patch of a map of texts."""
    before, after = (members(each, name).get(member(name)) or {} for each in (old, new))
    gone = [{"op": "remove", "path": f"/{member(name)}/{escaped(key)}"} for key in before if key not in after]
    return gone + [
        {"op": "replace", "path": f"/{member(name)}/{escaped(key)}", "value": value}
        for key, value in after.items()
        if before.get(key) != value
    ]


def escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


# Settings of a stage's methods: a property and where a stage keeps it.
SETTINGS = {name[0].upper() + name[1:]: path for path, _, name in METHOD_SETTINGS}


def method_settings(old: Properties, new: Properties) -> list[Document]:
    """The patch of MethodSettings: entries that are gone, then every setting of the others."""
    before, after = ({_setting(each): each for each in one.get("MethodSettings") or ()} for one in (old, new))
    changes = [{"op": "remove", "path": f"/{key}"} for key in before if key not in after]
    for key, settings in after.items():
        changes += settings_at(key, settings)
    return changes


def settings_at(key: str, settings: Mapping[str, Any]) -> list[Document]:
    return [
        {"op": "replace", "path": f"/{key}/{path}", "value": spelled(settings[name])}
        for name, path in SETTINGS.items()
        if settings.get(name) is not None
    ]


def _setting(settings: Mapping[str, Any]) -> str:
    """`/orders/{id}` and `GET` as two steps of a patch path; templates may have escaped the slashes already."""
    path = str(settings.get("ResourcePath", "/*"))
    step = (
        "*" if path in ("/*", "*") else path[1:] if path.startswith("/~1") else path if "~1" in path else escaped(path)
    )
    return f"{step}/{settings.get('HttpMethod', '*')}"
