"""Parameters: what a template asks for, and the values it gets.

One idea: a declaration is data, a type is a row in a table of patterns, and a value passes every constraint before any
resource is looked at. It may not know stacks: UsePreviousValue is resolved by the caller.

AWS CloudFormation User Guide, "CloudFormation template Parameters syntax".
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from freehold.engines import coerce, regex
from freehold.engines.cfn.errors import InvalidTemplate, bracketed

PROPERTIES = frozenset(
    {
        *("AllowedPattern", "AllowedValues", "ConstraintDescription", "Default", "Description"),
        *("MaxLength", "MaxValue", "MinLength", "MinValue", "NoEcho", "Type"),
    }
)

# The resources whose existing ids may be asked for by type, as AWS-specific parameter types.
AWS_TYPES = (
    r"AWS::EC2::(?:AvailabilityZone::Name|Image::Id|Instance::Id|KeyPair::KeyName|SecurityGroup::(?:GroupName|Id)"
    r"|Subnet::Id|Volume::Id|VPC::Id)|AWS::Route53::HostedZone::Id"
)
TEXT_TYPE = re.compile(rf"String|Number|AWS::SSM::Parameter::Name|{AWS_TYPES}")
LIST_TYPE = re.compile(rf"CommaDelimitedList|List<(?:Number|String|{AWS_TYPES})>")
STORED_TYPE = re.compile(r"AWS::SSM::Parameter::Value<(?P<of>.+)>")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A declaration. `default` is text, as all values are; bounds count characters or compare numbers."""

    name: str
    type: str
    default: str | None = None
    no_echo: bool = False
    description: str | None = None
    allowed_values: tuple[str, ...] | None = None
    allowed_pattern: str | None = None
    constraint: str | None = None
    bounds: Mapping[str, float] = field(default_factory=dict)

    @property
    def stored(self) -> bool:
        """Whether the value given is the name of a Systems Manager parameter that holds the real one."""
        return STORED_TYPE.fullmatch(self.type) is not None

    @property
    def is_list(self) -> bool:
        """Whether Ref gives a list."""
        stored = STORED_TYPE.fullmatch(self.type)
        return LIST_TYPE.fullmatch(stored["of"] if stored else self.type) is not None


def declare(name: str, definition: Any) -> Parameter:
    """The parameter that a template declares under `name`. Raises InvalidTemplate."""
    if not name.isalnum():
        raise InvalidTemplate(message=f"Template format error: Parameter name {name} is non alphanumeric.")
    if not isinstance(definition, dict) or not isinstance(definition.get("Type"), str):
        raise InvalidTemplate(
            message=f"Template format error: [/Parameters/{name}] Every Parameters object must contain a Type member."
        )
    for key in definition:
        if key not in PROPERTIES:
            raise InvalidTemplate(message=f"Invalid template parameter property '{key}'")
    _check_type(definition["Type"])
    for key, member in definition.items():
        if key != "AllowedValues" and isinstance(member, dict | list | None):
            raise InvalidTemplate(message=f"Template format error: Every {key} member must be a string.")
    allowed = definition.get("AllowedValues")
    if allowed is not None and not isinstance(allowed, list):
        raise InvalidTemplate(message="Template format error: Every AllowedValues member must be a list.")
    return Parameter(
        name=name,
        type=definition["Type"],
        default=coerce.text(definition["Default"]) if "Default" in definition else None,
        no_echo=coerce.boolean(definition.get("NoEcho", False), "NoEcho"),
        description=definition.get("Description"),
        allowed_values=None if allowed is None else tuple(coerce.text(value) for value in allowed),
        allowed_pattern=definition.get("AllowedPattern"),
        constraint=definition.get("ConstraintDescription"),
        bounds={key: coerce.number(definition[key], key) for key in BOUNDS if key in definition},
    )


def given(declared: Mapping[str, Parameter], values: Mapping[str, Any]) -> dict[str, str]:
    """The text of every parameter: what is given, else its default. Constraints hold for what this returns.

    Raises InvalidTemplate when a value is missing, unknown or against a constraint.
    """
    unknown = [name for name in values if name not in declared]
    if unknown:
        raise InvalidTemplate(message=f"Parameters: {bracketed(unknown)} do not exist in the template")
    texts = {name: coerce.text(value, name) for name, value in values.items()}
    texts |= {
        name: parameter.default
        for name, parameter in declared.items()
        if name not in texts and parameter.default is not None
    }
    missing = [name for name in declared if name not in texts]
    if missing:
        raise InvalidTemplate(message=f"Parameters: {bracketed(missing)} must have values")
    for name, parameter in declared.items():
        _constrain(parameter, texts[name])
    return {name: texts[name] for name in declared}


def stored_names(declared: Mapping[str, Parameter], texts: Mapping[str, str]) -> list[str]:
    """The Systems Manager parameters whose values `resolved` needs."""
    return sorted({texts[name] for name, parameter in declared.items() if parameter.stored})


def resolved(
    declared: Mapping[str, Parameter], texts: Mapping[str, str], stored: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What Ref gives for each parameter: text, or a list of texts. `stored` has Systems Manager's values by name."""
    stored = stored or {}
    missing = [name for name in stored_names(declared, texts) if name not in stored]
    if missing:
        raise InvalidTemplate(
            message=f"Unable to fetch parameters {bracketed(missing)} from parameter store for this account."
        )
    values = {name: stored[texts[name]] if parameter.stored else texts[name] for name, parameter in declared.items()}
    return {name: _items(value) if declared[name].is_list else value for name, value in values.items()}


def _check_type(name: str) -> None:
    stored = STORED_TYPE.fullmatch(name)
    type_ = stored["of"] if stored else name
    if not TEXT_TYPE.fullmatch(type_) and not LIST_TYPE.fullmatch(type_):
        raise InvalidTemplate(message=f"Template format error: Unrecognized parameter type: {name}")


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",")]


BOUNDS: dict[str, tuple[Callable[[str], float], Callable[[float, float], bool], str]] = {
    "MinLength": (len, lambda value, bound: value >= bound, "must contain at least {} characters"),
    "MaxLength": (len, lambda value, bound: value <= bound, "must contain at most {} characters"),
    "MinValue": (coerce.number, lambda value, bound: value >= bound, "must be a number not less than {}"),
    "MaxValue": (coerce.number, lambda value, bound: value <= bound, "must be a number not greater than {}"),
}


def _constrain(parameter: Parameter, text: str) -> None:
    """Raise unless `text`, or each of its items for a list, may be the value."""
    items = _items(text) if parameter.is_list and not parameter.stored else [text]
    reason = next((reason for item in items if (reason := _objection(parameter, item))), None)
    if reason and parameter.constraint:
        raise InvalidTemplate(
            message=f"Parameter {parameter.name} failed to satisfy constraint: {parameter.constraint}"
        )
    if reason:
        raise InvalidTemplate(message=f"Parameter '{parameter.name}' {reason}")


def _objection(parameter: Parameter, text: str) -> str | None:
    if parameter.type in ("Number", "List<Number>") and not _is_number(text):
        return "must be a number"
    if parameter.allowed_values is not None and text not in parameter.allowed_values:
        return "must be one of AllowedValues"
    if parameter.allowed_pattern is not None and not _matches(parameter.allowed_pattern, text):
        return f"must match pattern {parameter.allowed_pattern}"
    for name, bound in parameter.bounds.items():
        measure, holds, words = BOUNDS[name]
        if not holds(measure(text), bound):
            return words.format(bound)
    return None


def _is_number(text: str) -> bool:
    try:
        coerce.number(text)
    except InvalidTemplate:
        return False
    return True


def _matches(pattern: str, text: str) -> bool:
    try:
        return regex.java(pattern).found_in(text)
    except (regex.InvalidPattern, regex.Spent):
        raise InvalidTemplate(message=f"Template format error: Invalid AllowedPattern: {pattern}") from None
