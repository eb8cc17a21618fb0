"""Text → plain values: a template as dicts, lists, strings, numbers and booleans.

One idea: YAML is read as a flat stream of events and built here, so tags become functions, keys stay text, dates stay
text, and neither depth nor aliases can exhaust the machine. It may not know what a template means.

YAML 1.1, as in the CloudFormation User Guide, "Template formats": no timestamps, merges, sets or binary.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from freehold.engines.cfn.errors import InvalidTemplate, pointer

DEPTH_MAX = 100  # levels of nesting; every walk over a template recurses at most so deep
NODES_MAX = 250_000  # values after aliases are followed; a template of 1 MB stays far below

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

SHORT_FORMS = {"!Ref": "Ref", "!Condition": "Condition"} | {
    f"!{name}": f"Fn::{name}"
    for name in (
        *("And", "Base64", "Cidr", "Contains", "EachMemberEquals", "EachMemberIn", "Equals", "FindInMap", "GetAtt"),
        *("GetAZs", "If", "ImportValue", "Join", "Length", "Not", "Or", "RefAll", "Select", "Split", "Sub"),
        *("ToJsonString", "Transform", "ValueOf", "ValueOfAll"),
    )
}

CORE = "tag:yaml.org,2002:"
CORE_TAGS = {CORE + name for name in ("bool", "float", "int", "map", "null", "seq")}
TEXT_TAGS = {"!", CORE + "str"}

# Plain scalars that are not text. Sexagesimal numbers are left out: 10:30 is a time to everyone who writes it.
SCALARS: tuple[tuple[re.Pattern[str], Callable[[str], Any]], ...] = (
    (re.compile(r"~|null|Null|NULL|"), lambda _: None),
    (re.compile(r"yes|Yes|YES|true|True|TRUE|on|On|ON"), lambda _: True),
    (re.compile(r"no|No|NO|false|False|FALSE|off|Off|OFF"), lambda _: False),
    (re.compile(r"[-+]?(?:0|[1-9][0-9_]*)"), lambda text: int(text.replace("_", ""))),
    (re.compile(r"[-+]?0[0-7_]+"), lambda text: int(text.replace("_", ""), 8)),
    (re.compile(r"[-+]?0x[0-9a-fA-F_]+"), lambda text: int(text.replace("_", ""), 16)),
    (
        re.compile(r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?"),
        lambda text: float(text.replace("_", "")),
    ),
)


def read(text: str) -> Any:
    """The values of a template's text: JSON when it begins with a brace, YAML otherwise. Of equal keys the last wins.

    Raises InvalidTemplate, with line and column from 1, when the text is not well-formed.
    """
    return _read_json(text) if text.lstrip("\ufeff \t\r\n").startswith("{") else _read_yaml(text)


def _read_json(text: str) -> Any:
    try:
        value = json.loads(text.lstrip("\ufeff"), parse_constant=_no_constant)
    except json.JSONDecodeError as problem:
        _malformed("JSON", problem.lineno, problem.colno)
    except (RecursionError, ValueError):
        _malformed("JSON", 1, 1)
    if _is_too_deep(value):
        _malformed("JSON", 1, 1)
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity are JavaScript, not JSON


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEPTH_MAX):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return False
    return True


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _read_yaml(text: str) -> Any:
    building = _Building()
    try:
        for event in yaml.parse(text, Loader=LOADER):
            building.take(event)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        _malformed("YAML", *((mark.line + 1, mark.column + 1) if mark else (1, 1)))
    except yaml.YAMLError:
        _malformed("YAML", 1, 1)
    return building.root


def _malformed(language: str, line: int, column: int) -> NoReturn:
    raise InvalidTemplate(
        message=f"Template format error: {language} not well-formed. (line {line}, column {column})"
    ) from None


def _malformed_at(event: Any) -> NoReturn:
    _malformed("YAML", event.start_mark.line + 1, event.start_mark.column + 1)


@dataclass
class _Open:
    """A mapping or sequence whose end has not been read. `key` is None while a key is awaited."""

    value: Any
    start: yaml.Event
    key: str | None = None
    nodes: int = 1
    height: int = 1


@dataclass
class _Building:
    """Takes events one by one; the finished document stands in `root`."""

    root: Any = None
    documents: int = 0
    open: list[_Open] = field(default_factory=list)
    anchors: dict[str, tuple[Any, int, int]] = field(default_factory=dict)

    def take(self, event: yaml.Event) -> None:
        match event:
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    _malformed_at(event)
            case yaml.ScalarEvent():
                value = event.value if self._awaits_key() and not event.tag else _tagged(event, _scalar(event))
                self._place(value, event, 1, 1)
            case yaml.AliasEvent():
                if event.anchor not in self.anchors:
                    _malformed_at(event)
                self._place(self.anchors[event.anchor][0], event, *self.anchors[event.anchor][1:])
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._begin(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                done = self.open.pop()
                self._place(_tagged(done.start, done.value), done.start, done.nodes, done.height)

    def _begin(self, event: yaml.Event) -> None:
        mapping = isinstance(event, yaml.MappingStartEvent)
        if self._awaits_key():
            path = pointer([_step(opened) for opened in self.open[:-1]])
            kind = "map" if mapping else "list"
            raise InvalidTemplate(
                message=f"Template format error: [{path}] map keys must be strings; received a {kind} instead"
            )
        if len(self.open) >= DEPTH_MAX:
            _malformed_at(event)
        self.open.append(_Open({} if mapping else [], event))

    def _awaits_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1].value, dict) and self.open[-1].key is None

    def _place(self, value: Any, event: Any, nodes: int, height: int) -> None:
        anchor = getattr(event, "anchor", None)
        if anchor and not isinstance(event, yaml.AliasEvent):
            self.anchors[anchor] = (value, nodes, height)
        if not self.open:
            self.root = value
            return
        top = self.open[-1]
        top.nodes += nodes
        top.height = max(top.height, height + 1)
        if top.nodes > NODES_MAX or len(self.open) + height > DEPTH_MAX:
            _malformed_at(event)
        if isinstance(top.value, list):
            top.value.append(value)
        elif top.key is not None:
            top.value[top.key] = value
            top.key = None
        elif isinstance(value, str):
            top.key = value
        else:
            _malformed_at(event)


def _step(opened: _Open) -> object:
    return len(opened.value) if isinstance(opened.value, list) else opened.key


def _scalar(event: yaml.ScalarEvent) -> Any:
    """The value of a scalar: text when it is quoted or tagged as text, else what its spelling says."""
    plain = event.implicit[0] or event.tag in CORE_TAGS
    if not plain or event.tag in TEXT_TAGS:
        return event.value
    return next((value(event.value) for pattern, value in SCALARS if pattern.fullmatch(event.value)), event.value)


def _tagged(event: Any, value: Any) -> Any:
    """`value` under the function its tag names."""
    tag = event.tag
    if not tag or tag in CORE_TAGS or tag in TEXT_TAGS:
        return value
    if tag not in SHORT_FORMS:
        _malformed_at(event)
    if tag == "!GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {SHORT_FORMS[tag]: value}
