"""Models: the schemas of a document, named or written in place.

One idea: a method refers to a model by name; a schema written in place gets a name made from its content, so that the
same document always makes the same models.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from freehold.engines.openapi.description import Model
from freehold.engines.openapi.document import Document, mapping

_PLACES = ("#/definitions/", "#/components/schemas/")


class Models:
    """The models met while a document is read."""

    def __init__(self, document: Document):
        self.by_name = {name: _model(str(name), mapping(schema)) for name, schema in document.schemas.items()}

    def name(self, schema: Any) -> str | None:
        """The name of the model a schema stands for; None if there is no schema."""
        pointer = mapping(schema).get("$ref")
        if isinstance(pointer, str):
            return pointer.rsplit("/", 1)[-1]
        if not mapping(schema):
            return None
        text = json.dumps(schema, sort_keys=True, default=str)
        name = "MODEL" + hashlib.sha256(text.encode()).hexdigest()[:6]
        self.by_name.setdefault(name, _model(name, mapping(schema)))
        return name

    def all(self) -> list[Model]:
        """Every model, the document's own first."""
        return list(self.by_name.values())


def _model(name: str, schema: Mapping[str, Any]) -> Model:
    description = schema.get("description")
    return Model(name, dict(schema), description if isinstance(description, str) else None)


def with_model_urls(schema: Any, rest_api_id: str) -> Any:
    """A model's schema with its references in the form API Gateway keeps: URLs of the API's models."""
    if isinstance(schema, list):
        return [with_model_urls(item, rest_api_id) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {
        key: _model_url(item, rest_api_id) if key == "$ref" else with_model_urls(item, rest_api_id)
        for key, item in schema.items()
    }


def _model_url(pointer: Any, rest_api_id: str) -> Any:
    if not isinstance(pointer, str) or not pointer.startswith(_PLACES):
        return pointer
    return f"https://apigateway.amazonaws.com/restapis/{rest_api_id}/models/{pointer.rsplit('/', 1)[-1]}"
