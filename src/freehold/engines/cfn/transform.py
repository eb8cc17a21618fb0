"""Transforms: what is done to a document before it is a template.

One idea: a transform is a function from document to document; what needs the world outside (the text of an include) is
first asked for as data, then given. SAM is another engine's; custom macros are the room's. This may not fetch anything.

Order: includes in place first, then the declared transforms as they are listed.
AWS CloudFormation Template Reference, "Transforms reference".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from freehold.engines.cfn.environment import Environment
from freehold.engines.cfn.errors import TransformFailed
from freehold.engines.cfn.evaluate import evaluate
from freehold.engines.cfn.functions import VARIABLE
from freehold.engines.cfn.read import read

INCLUDE = "AWS::Include"
LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"
SERVERLESS = "AWS::Serverless-2016-10-31"
IN_PLACE = "Fn::Transform"
FOR_EACH = "Fn::ForEach::"

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Macro:
    """A transform that a document asks for, with its parameters as written."""

    name: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Include:
    """The text at `location` (an s3:// or https:// URI) shall be merged into the document."""

    location: str


def declared(document: Mapping[str, Any]) -> tuple[Macro, ...]:
    """The transforms under `Transform`, in their order."""
    listed = document.get("Transform") or []
    return tuple(_macro(one) for one in (listed if isinstance(listed, list) else [listed]))


def in_place(value: Any) -> tuple[Macro, ...]:
    """The transforms under every `Fn::Transform`, inner ones first."""
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    inner = tuple(macro for child in children for macro in in_place(child))
    own = (_macro(value[IN_PLACE]),) if isinstance(value, dict) and IN_PLACE in value else ()
    return inner + own


def done(document: Document, name: str) -> Document:
    """The document with one transform struck from its list."""
    rest = [one for one, macro in zip(_listed(document), declared(document), strict=True) if macro.name != name]
    return {key: value for key, value in document.items() if key != "Transform"} | ({"Transform": rest} if rest else {})


def includes(document: Document, env: Environment) -> list[Include]:
    """The includes a document asks for, in place or at its top, each once."""
    found = [macro for macro in (*in_place(document), *declared(document)) if macro.name == INCLUDE]
    return list(dict.fromkeys(Include(_location(macro, env)) for macro in found))


def include(document: Document, env: Environment, texts: Mapping[str, str]) -> Document:
    """The document with each include replaced by its text's values, merged with the keys beside it.

    The snippet's functions stay calls: the including template's evaluation answers them. A snippet may include others;
    the caller asks `includes` again until there are none.
    """
    expanded = _include(document, env, texts)
    for macro in declared(document):
        if macro.name == INCLUDE:
            expanded = done(expanded, INCLUDE) | _snippet(_location(macro, env), texts)
    return expanded


def _include(value: Any, env: Environment, texts: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_include(item, env, texts) for item in value]
    if not isinstance(value, dict):
        return value
    merged: Document = {}
    for key, item in value.items():
        macro = _macro(item) if key == IN_PLACE else None
        if macro and macro.name == INCLUDE:
            merged |= _snippet(_location(macro, env), texts)
        else:
            merged[key] = _include(item, env, texts)
    return merged


def _location(macro: Macro, env: Environment) -> str:
    location = evaluate(macro.parameters.get("Location"), env)
    if not isinstance(location, str):
        raise TransformFailed(transform=INCLUDE, reason="The value associated with 'Location' must be a string.")
    return location


def _snippet(location: str, texts: Mapping[str, str]) -> Document:
    snippet = read(texts[location])
    if not isinstance(snippet, dict):
        raise TransformFailed(transform=INCLUDE, reason=f"The specified S3 object's content is invalid: {location}")
    return snippet


def _macro(written: Any) -> Macro:
    if isinstance(written, str):
        return Macro(written)
    if isinstance(written, dict) and isinstance(written.get("Name"), str):
        return Macro(written["Name"], written.get("Parameters") or {})
    raise TransformFailed(transform=written, reason="A transform must have a Name.")


def _listed(document: Mapping[str, Any]) -> list[Any]:
    listed = document.get("Transform") or []
    return listed if isinstance(listed, list) else [listed]


# AWS::LanguageExtensions: loops are unrolled here; Fn::Length, Fn::ToJsonString and the DefaultValue of Fn::FindInMap
# are functions like the others.


def language_extensions(document: Document, env: Environment) -> Document:
    """The document with every Fn::ForEach unrolled. Its collections may ask for parameters and mappings.

    Raises TransformFailed when a loop has not the form [identifier, collection, {key: body}].
    """
    return _unroll(done(document, LANGUAGE_EXTENSIONS), env)


def _unroll(value: Any, env: Environment) -> Any:
    if isinstance(value, list):
        return [_unroll(item, env) for item in value]
    if not isinstance(value, dict):
        return value
    unrolled: Document = {}
    for key, item in value.items():
        unrolled |= _loop(key, item, env) if key.startswith(FOR_EACH) else {key: _unroll(item, env)}
    return unrolled


def _loop(key: str, written: Any, env: Environment) -> Document:
    match written:
        case [str() as identifier, collection, dict() as fragment]:
            items = evaluate(collection, env)
        case _:
            raise TransformFailed(transform=LANGUAGE_EXTENSIONS, reason=f"{key} layout is incorrect.")
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise TransformFailed(transform=LANGUAGE_EXTENSIONS, reason=f"{key} collection must be a list of strings.")
    unrolled: Document = {}
    for item in items:
        named = {_named(name, identifier, item): body for name, body in fragment.items()}
        unrolled |= _unroll(_bound(named, identifier, item), env)
    return unrolled


def _named(key: str, identifier: str, item: str) -> str:
    """A fragment's key for one item: `${X}` is the item, `&{X}` the item without what is not alphanumeric."""
    return key.replace(f"${{{identifier}}}", item).replace(f"&{{{identifier}}}", re.sub(r"[^A-Za-z0-9]", "", item))


def _bound(value: Any, identifier: str, item: str) -> Any:
    """`value` with the loop's variable replaced where it is one: in Ref, in Fn::Sub and in the keys of inner loops."""
    if isinstance(value, list):
        return [_bound(child, identifier, item) for child in value]
    if not isinstance(value, dict):
        return value
    if value == {"Ref": identifier}:
        return item
    if list(value) == ["Fn::Sub"]:
        return _bound_sub(value["Fn::Sub"], identifier, item)
    return {
        key: _bound_loop(child, identifier, item) if key.startswith(FOR_EACH) else _bound(child, identifier, item)
        for key, child in value.items()
    }


def _bound_loop(written: Any, identifier: str, item: str) -> Any:
    bound = _bound(written, identifier, item)
    if isinstance(bound, list) and len(bound) == 3 and isinstance(bound[2], dict):
        bound[2] = {_named(key, identifier, item): body for key, body in bound[2].items()}
    return bound


def _bound_sub(argument: Any, identifier: str, item: str) -> Any:
    """A Fn::Sub with the variable filled in: plain text when it asks for nothing else."""
    if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[0], str):
        words, local = argument
        return {"Fn::Sub": [words.replace(f"${{{identifier}}}", item), _bound(local, identifier, item)]}
    if not isinstance(argument, str):
        return {"Fn::Sub": argument}
    words = argument.replace(f"${{{identifier}}}", item)
    return {"Fn::Sub": words} if VARIABLE.search(words) else words
