"""Documents: text to data, and what the two dialects keep in different places.

One idea: a `Document` answers the questions the reader asks, whichever dialect it is. Nothing here knows API Gateway's
members.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import yaml

from freehold.engines.openapi.errors import BadDocument

NODES_MAX = 200_000
"""Values in a document, with YAML's aliases written out, so that a small text cannot stand for an endless one."""

REFERENCES_MAX = 20


class _Loader(yaml.SafeLoader):
    """YAML in which a date stays a string, as API Gateway reads it."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Document:
    """One parsed document of either dialect."""

    content: Mapping[str, Any]
    swagger: bool

    @property
    def schemas(self) -> Mapping[str, Any]:
        """Named schemas, which become models."""
        return self._components("definitions", "schemas")

    @property
    def security_schemes(self) -> Mapping[str, Any]:
        """Named security schemes, some of which become authorizers."""
        return self._components("securityDefinitions", "securitySchemes")

    def _components(self, swagger_name: str, name: str) -> Mapping[str, Any]:
        place = self.content.get(swagger_name) if self.swagger else mapping(self.content.get("components")).get(name)
        return mapping(place)

    def base_path(self) -> str:
        """The base path, with a leading and without a trailing slash; empty if there is none.

        Of OpenAPI's servers the first counts: its variable `basePath`, or else the path of its URL.
        """
        if self.swagger:
            return _trimmed(str(self.content.get("basePath") or ""))
        server = mapping(next(iter(items(self.content.get("servers"))), None))
        variables = {
            name: str(mapping(each).get("default", "")) for name, each in mapping(server.get("variables")).items()
        }
        if "basePath" in variables:
            return _trimmed(variables["basePath"])
        url = str(server.get("url") or "")
        for name, default in variables.items():
            url = url.replace("{" + name + "}", default)
        try:
            return _trimmed(urlsplit(url).path)
        except ValueError:
            return ""

    def resolve(self, value: Any) -> Mapping[str, Any]:
        """The object itself, or the one its `$ref` points to within the document."""
        for _ in range(REFERENCES_MAX):
            pointer = mapping(value).get("$ref")
            if not isinstance(pointer, str) or not pointer.startswith("#/"):
                break
            value = self.content
            for part in pointer[2:].split("/"):
                value = mapping(value).get(part.replace("~1", "/").replace("~0", "~"))
        return mapping(value)


def read(source: str | bytes | Mapping[str, Any]) -> Document:
    """A document of JSON or YAML text, or already parsed. Raises BadDocument."""
    content = source if isinstance(source, Mapping) else _parsed(source)
    swagger, openapi = str(mapping(content).get("swagger", "")), str(mapping(content).get("openapi", ""))
    if not isinstance(content, Mapping) or not (swagger == "2.0" or openapi.startswith("3.0")):
        raise BadDocument
    try:
        for count, _ in enumerate(_nodes(content)):
            if count > NODES_MAX:
                raise BadDocument
    except RecursionError as error:
        raise BadDocument from error
    if not isinstance(content.get("paths", {}), Mapping):
        raise BadDocument
    return Document(content, swagger == "2.0")


def _parsed(source: str | bytes) -> Any:
    try:
        return json.loads(source)
    except (ValueError, RecursionError):
        pass  # not JSON: it may still be YAML
    try:
        return yaml.load(source, _Loader)  # a SafeLoader, without dates
    except (yaml.YAMLError, ValueError, RecursionError, UnicodeError, TypeError) as error:
        raise BadDocument from error


def _nodes(value: Any) -> Iterator[Any]:
    yield value
    children = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for child in children:
        yield from _nodes(child)


def _trimmed(path: str) -> str:
    parts = [part for part in path.split("/") if part]
    return "/" + "/".join(parts) if parts else ""


def mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def items(value: Any) -> list[Any]:
    """The value if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def string(value: Any) -> str | None:
    """A scalar as the string it was written as; None for null and for what is no scalar."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else None
