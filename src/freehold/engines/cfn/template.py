"""Template: a document's sections as data.

One idea: a template is checked once, when its last transform is done; until then only what a transform needs
(parameters) is held to account. It may not know values: nothing here is evaluated.

AWS CloudFormation User Guide, "Template sections".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from freehold.engines.cfn import check, transform
from freehold.engines.cfn.errors import InvalidTemplate
from freehold.engines.cfn.parameters import Parameter, declare
from freehold.engines.cfn.read import read

OBJECTS = ("Parameters", "Mappings", "Conditions", "Rules", "Resources", "Outputs")  # sections that must be objects


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource as declared. Its policies may hold functions; `metadata` and the rest are as written."""

    id: str
    type: str
    properties: Mapping[str, Any]
    depends_on: tuple[str, ...] = ()
    condition: str | None = None
    metadata: Any = None
    deletion_policy: Any = None
    update_replace_policy: Any = None
    creation_policy: Any = None
    update_policy: Any = None


@dataclass(frozen=True, slots=True)
class Output:
    """An output; `value` and `export` (the exported name) may hold functions."""

    name: str
    value: Any
    description: str | None = None
    export: Any = None
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A template's sections. `document` is the whole as plain values; `transforms` are those not yet done."""

    document: dict[str, Any]
    description: str | None
    metadata: Any
    parameters: Mapping[str, Parameter]
    mappings: Mapping[str, Any]
    conditions: Mapping[str, Any]
    rules: Mapping[str, Any]
    resources: Mapping[str, Resource]
    outputs: Mapping[str, Output]
    transforms: tuple[transform.Macro, ...] = ()


def parse(text: str) -> Template:
    """The template of a text, JSON or YAML. Raises InvalidTemplate."""
    document = read(text)
    if isinstance(document, dict):
        check.functions(document)
    return of_document(document)


def of_document(document: Any) -> Template:
    """The template of plain values: what `read` gives, or what a transform makes of it. Raises InvalidTemplate."""
    if not isinstance(document, dict):
        raise InvalidTemplate(message="Template format error: unsupported structure.")
    for name in OBJECTS:
        _section(document, name)
    pending = (*transform.in_place(document), *transform.declared(document))
    parameters = {name: declare(name, body) for name, body in _section(document, "Parameters").items()}
    if not pending:
        check.document(document)
    return Template(
        document=document,
        description=document.get("Description"),
        metadata=document.get("Metadata"),
        parameters=parameters,
        mappings=_section(document, "Mappings"),
        conditions=_section(document, "Conditions"),
        rules=_section(document, "Rules"),
        resources={id_: _resource(id_, body) for id_, body in _bodies(document, "Resources")},
        outputs={name: _output(name, body) for name, body in _bodies(document, "Outputs")},
        transforms=pending,
    )


def _section(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    section = document.get(name) or {}
    if not isinstance(section, dict):
        raise InvalidTemplate(message=f"Template format error: {name} section must be an object.")
    return section


def _bodies(document: Mapping[str, Any], name: str) -> list[tuple[str, dict[str, Any]]]:
    """The members of a section that are objects: before its transforms a template may hold others."""
    return [(key, body) for key, body in _section(document, name).items() if isinstance(body, dict)]


def _resource(id_: str, body: Mapping[str, Any]) -> Resource:
    depends_on = body.get("DependsOn")
    return Resource(
        id=id_,
        type=body.get("Type", ""),
        properties=body.get("Properties") or {},
        depends_on=tuple(depends_on) if isinstance(depends_on, list) else (depends_on,) if depends_on else (),
        condition=body.get("Condition"),
        metadata=body.get("Metadata"),
        deletion_policy=body.get("DeletionPolicy"),
        update_replace_policy=body.get("UpdateReplacePolicy"),
        creation_policy=body.get("CreationPolicy"),
        update_policy=body.get("UpdatePolicy"),
    )


def _output(name: str, body: Mapping[str, Any]) -> Output:
    export = body.get("Export")
    return Output(
        name=name,
        value=body.get("Value"),
        description=body.get("Description"),
        export=export.get("Name") if isinstance(export, dict) else None,
        condition=body.get("Condition"),
    )
