"""What a template must be before anything of it is evaluated.

One idea: a list of checks over plain values, each saying no in CloudFormation's words. It may not know parameter
values: a check that needs one belongs to the graph.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from freehold.engines.cfn.environment import PSEUDO_PARAMETERS
from freehold.engines.cfn.errors import (
    InvalidTemplate,
    NullValue,
    UndefinedResource,
    UnresolvedCondition,
    UnresolvedResources,
    bracketed,
    pointer,
)
from freehold.engines.cfn.functions import CONDITIONS, EXTENSIONS, FUNCTIONS
from freehold.engines.cfn.references import Reference, references
from freehold.engines.cfn.transform import FOR_EACH, LANGUAGE_EXTENSIONS, declared

FORMAT_VERSION = "2010-09-09"
SECTIONS = frozenset(
    {
        *("AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules", "Mappings", "Conditions"),
        *("Transform", "Resources", "Outputs", "Hooks"),
    }
)
RESOURCE_ATTRIBUTES = frozenset(
    {
        *("Type", "Properties", "DependsOn", "Condition", "Metadata", "DeletionPolicy", "UpdateReplacePolicy"),
        *("CreationPolicy", "UpdatePolicy"),
    }
)
# AWS CloudFormation User Guide, "Understand CloudFormation quotas".
MAXIMA = {"Mappings": 200, "Outputs": 200, "Parameters": 200, "Resources": 500}
DESCRIPTION_MAX = 1024

# The order in which CloudFormation recites them.
SUPPORTED_FUNCTIONS = (
    "Fn::Base64, Fn::GetAtt, Fn::GetAZs, Fn::ImportValue, Fn::Join, Fn::Split, Fn::FindInMap, Fn::Select, Ref, "
    "Fn::Equals, Fn::If, Fn::Not, Condition, Fn::And, Fn::Or, Fn::Contains, Fn::EachMemberEquals, Fn::EachMemberIn, "
    "Fn::ValueOf, Fn::ValueOfAll, Fn::RefAll, Fn::Sub, Fn::Cidr"
)


def document(document: Mapping[str, Any]) -> None:
    """Raise InvalidTemplate unless these values are a template that has no transforms left."""
    for check in (_sections, _resources, _outputs, _mappings, _nulls, _conditions, _rules, _references):
        check(document)


def functions(document: Mapping[str, Any]) -> None:
    """Raise InvalidTemplate where a template as its author wrote it calls a function that is not in the language."""
    extended = any(macro.name == LANGUAGE_EXTENSIONS for macro in declared(document))
    known = {*FUNCTIONS, *CONDITIONS, "Fn::Transform"} - (set() if extended else EXTENSIONS)
    for section in ("Resources", "Outputs", "Conditions"):
        for name in _calls(document.get(section)):
            if name not in known and not (extended and name.startswith(FOR_EACH)):
                raise InvalidTemplate(
                    message=f"Template format error: Encountered unsupported function: {name} "
                    f"Supported functions are: [{SUPPORTED_FUNCTIONS}]"
                )


def _calls(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (key for key in value if key.startswith("Fn::"))
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _calls(child)


def _sections(document: Mapping[str, Any]) -> None:
    unknown = [key for key in document if key not in SECTIONS]
    if unknown:
        raise InvalidTemplate(message=f"Invalid template property or properties {bracketed(unknown)}")
    if document.get("AWSTemplateFormatVersion", FORMAT_VERSION) != FORMAT_VERSION:
        raise InvalidTemplate(message="Template format error: unsupported value for AWSTemplateFormatVersion.")
    description = document.get("Description", "")
    if not isinstance(description, str):
        raise InvalidTemplate(message="Template format error: Any Description member must be a string.")
    if len(description) > DESCRIPTION_MAX:
        raise InvalidTemplate(message=f"Template format error: 'Description' length is greater than {DESCRIPTION_MAX}.")
    for section, most in MAXIMA.items():
        count = len(document.get(section) or ())
        if count > most:
            raise InvalidTemplate(
                message=f"Template format error: Number of {section.lower()}, {count}, "
                f"is greater than maximum allowed, {most}"
            )


def _resources(document: Mapping[str, Any]) -> None:
    if not document.get("Resources"):
        raise InvalidTemplate(message="Template format error: At least one Resources member must be defined.")
    for id_, body in document["Resources"].items():
        if not (id_.isalnum() and id_.isascii()):
            raise InvalidTemplate(message=f"Template format error: Resource name {id_} is non alphanumeric.")
        if not isinstance(body, dict):
            raise InvalidTemplate(message="Template format error: Any Resources member must be an object.")
        if not isinstance(body.get("Type"), str) or not body["Type"]:
            raise InvalidTemplate(
                message=f"Template format error: [/Resources/{id_}] Every Resources object must contain a Type member."
            )
        for key in body:
            if key not in RESOURCE_ATTRIBUTES:
                raise InvalidTemplate(message=f"Invalid template resource property '{key}'")
        if not isinstance(body.get("Properties", {}), dict | None):
            raise InvalidTemplate(
                message=f"Template format error: [/Resources/{id_}] Properties member must be an object."
            )
        if not _are_names(body.get("DependsOn", [])):
            raise InvalidTemplate(message="Template format error: DependsOn must be a string or list of strings.")


def _are_names(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(name, str) for name in value))


def _outputs(document: Mapping[str, Any]) -> None:
    for name, body in (document.get("Outputs") or {}).items():
        if not name.isalnum():
            raise InvalidTemplate(message=f"Template format error: Output name {name} is non alphanumeric.")
        if not isinstance(body, dict) or "Value" not in body:
            raise InvalidTemplate(message="Template format error: Every Outputs member must contain a Value object")
        if "Export" in body and not (isinstance(body["Export"], dict) and "Name" in body["Export"]):
            raise InvalidTemplate(message=f"Template format error: Output {name} is malformed!")


def _mappings(document: Mapping[str, Any]) -> None:
    for name, mapping in (document.get("Mappings") or {}).items():
        for key, values in mapping.items() if isinstance(mapping, dict) else [("", mapping)]:
            if not isinstance(values, dict) or any(isinstance(value, dict) for value in values.values()):
                raise InvalidTemplate(
                    message=f"Template format error: [/Mappings/{name}/{key}] Every Mappings attribute must be a "
                    "String or a List."
                )


def _nulls(document: Mapping[str, Any]) -> None:
    for section in ("Mappings", "Conditions", "Rules", "Resources", "Outputs"):
        if section in document:
            _no_null(document[section], [section])


def _no_null(value: Any, path: list[object]) -> None:
    if value is None:
        raise NullValue(path=pointer(path))
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in pairs:
        _no_null(child, [*path, key])


def _conditions(document: Mapping[str, Any]) -> None:
    conditions = document.get("Conditions") or {}
    _only_parameters(document, "Conditions")
    for body in conditions.values():
        if not isinstance(body, dict) or len(body) != 1 or next(iter(body)) not in CONDITIONS:
            raise InvalidTemplate(
                message="Template format error: Conditions can only be boolean operations on parameters and other "
                "conditions"
            )
    for block in ("Resources", "Outputs"):
        for body in (document.get(block) or {}).values():
            if "Condition" in body and body["Condition"] not in list(conditions):
                raise UnresolvedCondition(name=body["Condition"], block=block)


def _rules(document: Mapping[str, Any]) -> None:
    _only_parameters(document, "Rules")
    for name, rule in (document.get("Rules") or {}).items():
        assertions = rule.get("Assertions") if isinstance(rule, dict) else None
        if not isinstance(assertions, list) or not all(isinstance(one, dict) and "Assert" in one for one in assertions):
            raise InvalidTemplate(
                message=f"Template format error: [/Rules/{name}] Every Rules member must contain a list of Assertions."
            )


def _only_parameters(document: Mapping[str, Any], block: str) -> None:
    names = {*(document.get("Parameters") or {}), *PSEUDO_PARAMETERS}
    found = list(references(document.get(block) or {}))
    strangers = [one.name for one in found if one.name not in names or one.attribute is not None]
    if strangers:
        raise InvalidTemplate(
            message=f"Template format error: Unresolved dependencies {bracketed(strangers)}. "
            f"Cannot reference resources in the {block} block of the template"
        )


def _references(document: Mapping[str, Any]) -> None:
    resources = document["Resources"]
    names = {*resources, *(document.get("Parameters") or {}), *PSEUDO_PARAMETERS}
    for block in ("Resources", "Outputs"):
        section = document.get(block) or {}
        found = list(references(section))
        missing = [one.name for one in found if one.attribute is None and one.name not in names]
        for body in section.values():
            depends_on = body.get("DependsOn", [])
            wanted = [depends_on] if isinstance(depends_on, str) else depends_on
            missing += [name for name in wanted if name not in resources]
        if missing:
            raise UnresolvedResources(names=bracketed(missing), block=block)
        for one in found:
            _attribute(one, resources)


def _attribute(reference: Reference, resources: Mapping[str, Any]) -> None:
    if reference.attribute is None or reference.name in resources:
        return
    if reference.function == "Fn::GetAtt":
        raise UndefinedResource(name=reference.name)
    raise InvalidTemplate(
        message="Template error: instance of Fn::Sub references invalid resource attribute "
        f"{reference.name}.{reference.attribute}"
    )
