"""The intrinsic functions: one table, name → function over (argument, environment).

One idea: an argument comes here already evaluated, so each function is a few plain lines; only Fn::If is lazy and
answers with the branch that is to be evaluated. They may not know templates, nor call each other through them.

AWS CloudFormation Template Reference, "Intrinsic functions".
"""

import base64
import ipaddress
import json
import re
from collections.abc import Callable
from typing import Any, NoReturn

from freehold.engines import coerce
from freehold.engines.cfn.environment import Environment
from freehold.engines.cfn.errors import InvalidTemplate

Function = Callable[[Any, Environment], Any]

# What CloudFormation says when an argument has the wrong form.
FORMS = {
    "Ref": "every Ref object must have a single String value.",
    "Condition": "every Condition object must have a single String value.",
    "Fn::GetAtt": "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource "
    "attribute",
    "Fn::Sub": "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first "
    "argument, and an optional second argument to specify a mapping of values to replace in the string",
    "Fn::Join": "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be "
    "joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.",
    "Fn::Split": "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split "
    "or a function that returns a string to be split.",
    "Fn::Select": "Fn::Select requires a list argument with two elements: an integer index and a list",
    "Fn::FindInMap": "every Fn::FindInMap object requires three parameters, the map name, map key and the attribute "
    "for return value",
    "Fn::If": "Fn::If requires a list argument with the first parameter being a condition",
    "Fn::Base64": "every Fn::Base64 object must have a String-typed value.",
    "Fn::Cidr": "every Fn::Cidr object requires three parameters, the IP block, the number of CIDRs and the CIDR bits",
    "Fn::GetAZs": "every Fn::GetAZs object must have a String-typed value.",
    "Fn::ImportValue": "every Fn::ImportValue object must have a String-typed value.",
    "Fn::Length": "every Fn::Length object requires a list or a function that returns a list",
    "Fn::ToJsonString": "every Fn::ToJsonString object requires an object or an array",
    "Fn::Equals": "every Fn::Equals object requires a list of 2 string parameters.",
    "Fn::Not": "every Fn::Not object requires a list with exactly 1 boolean parameter.",
    "Fn::And": "every Fn::And object requires a list of at least 2 and at most 10 boolean parameters.",
    "Fn::Or": "every Fn::Or object requires a list of at least 2 and at most 10 boolean parameters.",
}

VARIABLE = re.compile(r"\$\{\s*([^{}]*?)\s*\}")  # CloudFormation lets spaces stand around the name
VARIABLE_NAME = re.compile(r"[A-Za-z0-9_.:]+")
CIDRS_MAX = 256


def ref(argument: Any, env: Environment) -> Any:
    """The value of a parameter, a pseudo parameter or a resource."""
    return env.ref(argument) if isinstance(argument, str) else _misformed("Ref")


def get_att(argument: Any, env: Environment) -> Any:
    """An attribute of a resource."""
    name, attribute = attribute_parts(argument)
    if not isinstance(name, str) or not isinstance(attribute, str):
        _misformed("Fn::GetAtt")
    return env.attribute(name, attribute)


def attribute_parts(argument: Any) -> tuple[Any, Any]:
    """The resource and the attribute of a Fn::GetAtt: `[A, B.C]`, `[A, B, C]` or `A.B.C`."""
    if isinstance(argument, str):
        argument = argument.split(".", 1)
    if not isinstance(argument, list) or len(argument) < 2 or not all(argument):
        _misformed("Fn::GetAtt")
    name, *attribute = argument
    return name, ".".join(attribute) if all(isinstance(part, str) for part in attribute) else attribute


def sub(argument: Any, env: Environment) -> str:
    """Text with `${Name}` and `${Name.Attribute}` filled in; `${!Name}` gives `${Name}`."""
    words, local = sub_parts(argument)
    sub_names(words)

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        if name.startswith("!"):
            return f"${{{name[1:]}}}"
        if name in local:
            return coerce.text(local[name], name)
        return coerce.text(env.attribute(*name.split(".", 1)) if "." in name else env.ref(name), name)

    return VARIABLE.sub(fill, words)


def sub_parts(argument: Any) -> tuple[str, dict[str, Any]]:
    """The text and the local values of a Fn::Sub, either form."""
    words, local = (argument, {}) if isinstance(argument, str) else _items("Fn::Sub", argument, 2)
    if not isinstance(words, str) or not isinstance(local, dict):
        _misformed("Fn::Sub")
    return words, local


def sub_names(words: str) -> list[str]:
    """The names that the text of a Fn::Sub asks for."""
    names = [name for name in VARIABLE.findall(words) if not name.startswith("!")]
    if not all(VARIABLE_NAME.fullmatch(name) for name in names):
        raise InvalidTemplate(
            message="Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, "
            "underscores, periods, and colons"
        )
    return names


def join(argument: Any, env: Environment) -> str:
    """The texts of a list with a delimiter between them."""
    delimiter, values = _items("Fn::Join", argument, 2)
    if not isinstance(delimiter, str) or not isinstance(values, list):
        _misformed("Fn::Join")
    if any(isinstance(value, list | dict) for value in values):
        _misformed("Fn::Join")
    return delimiter.join(coerce.text(value) for value in values)


def split(argument: Any, env: Environment) -> list[str]:
    """The parts of a text between delimiters."""
    delimiter, source = _items("Fn::Split", argument, 2)
    if not isinstance(delimiter, str) or not delimiter or isinstance(source, list | dict):
        _misformed("Fn::Split")
    return coerce.text(source).split(delimiter)


def select(argument: Any, env: Environment) -> Any:
    """The item of a list at an index counted from 0."""
    index, values = _items("Fn::Select", argument, 2)
    if not isinstance(values, list) or not str(index).isdigit():
        _misformed("Fn::Select")
    if int(index) >= len(values):
        raise InvalidTemplate(message=f"Template error: Fn::Select cannot select nonexistent value at index {index}")
    return values[int(index)]


def find_in_map(argument: Any, env: Environment) -> Any:
    """The value under two keys of a mapping; with AWS::LanguageExtensions a DefaultValue may follow the keys."""
    match argument:
        case [_, _, _] | [_, _, _, {"DefaultValue": _}]:
            keys = [coerce.text(key) for key in argument[:3]]
        case _:
            _misformed("Fn::FindInMap")
    found: Any = env.mappings
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    if found is not None:
        return found
    if len(argument) == 4:
        return argument[3]["DefaultValue"]
    if keys[0] not in env.mappings:
        raise InvalidTemplate(
            message=f"Template error: Mapping named '{keys[0]}' is not present in the 'Mappings' section of template."
        )
    raise InvalidTemplate(message=f"Template error: Unable to get mapping for {'::'.join(keys)}")


def choose(argument: Any, env: Environment) -> Any:
    """The branch of a Fn::If that its condition picks, not evaluated."""
    name, yes, no = _items("Fn::If", argument, 3)
    if not isinstance(name, str):
        _misformed("Fn::If")
    if name not in env.conditions:
        raise InvalidTemplate(message=f"Template error: unresolved condition dependency {name} in Fn::If")
    return yes if env.conditions[name] else no


def base64_of(argument: Any, env: Environment) -> str:
    """Base64 of a text's UTF-8."""
    if isinstance(argument, list | dict):
        _misformed("Fn::Base64")
    return base64.b64encode(coerce.text(argument).encode()).decode()


def cidr(argument: Any, env: Environment) -> list[str]:
    """The first `count` address blocks of a block, each leaving `bits` bits for hosts."""
    block, count, bits = _items("Fn::Cidr", argument, 3)
    try:
        network = ipaddress.ip_network(coerce.text(block), strict=False)
        prefix = network.max_prefixlen - int(bits)
        wanted = int(count)
    except (TypeError, ValueError):
        _misformed("Fn::Cidr")
    if not 1 <= wanted <= CIDRS_MAX or not network.prefixlen <= prefix <= network.max_prefixlen:
        _misformed("Fn::Cidr")
    if wanted > 2 ** (prefix - network.prefixlen):
        raise InvalidTemplate(message=f"Template error: Fn::Cidr cannot fit {wanted} blocks of /{prefix} in {block}")
    blocks = network.subnets(new_prefix=prefix)
    return [str(next(blocks)) for _ in range(wanted)]


def get_azs(argument: Any, env: Environment) -> list[str]:
    """The zones of a region; of the stack's own when the name is empty."""
    if not isinstance(argument, str):
        _misformed("Fn::GetAZs")
    return env.zones(argument or env.ref("AWS::Region"))


def import_value(argument: Any, env: Environment) -> str:
    """What another stack of the account and region exports under a name."""
    if isinstance(argument, list | dict):
        _misformed("Fn::ImportValue")
    name = coerce.text(argument)
    if name not in env.exports:
        raise InvalidTemplate(message=f"No export named {name} found.")
    return env.exports[name]


def length(argument: Any, env: Environment) -> int:
    """How many items a list has (AWS::LanguageExtensions)."""
    return len(argument) if isinstance(argument, list) else _misformed("Fn::Length")


def to_json_string(argument: Any, env: Environment) -> str:
    """The compact JSON of an object or array (AWS::LanguageExtensions)."""
    if not isinstance(argument, list | dict):
        _misformed("Fn::ToJsonString")
    return json.dumps(argument, separators=(",", ":"), ensure_ascii=False)


def condition(argument: Any, env: Environment) -> bool:
    """Whether a named condition holds."""
    if not isinstance(argument, str):
        _misformed("Condition")
    if argument not in env.conditions:
        raise InvalidTemplate(message=f"Template error: unresolved condition dependency {argument} in Condition")
    return env.conditions[argument]


def equals(argument: Any, env: Environment) -> bool:
    """Whether two values are written alike: 1 equals "1", true equals "true"."""
    one, other = _items("Fn::Equals", argument, 2)
    return _spelling(one) == _spelling(other)


def not_(argument: Any, env: Environment) -> bool:
    """The opposite of a condition."""
    return not _booleans("Fn::Not", argument, 1, 1)[0]


def and_(argument: Any, env: Environment) -> bool:
    """Whether all of 2 to 10 conditions hold."""
    return all(_booleans("Fn::And", argument, 2, 10))


def or_(argument: Any, env: Environment) -> bool:
    """Whether any of 2 to 10 conditions holds."""
    return any(_booleans("Fn::Or", argument, 2, 10))


FUNCTIONS: dict[str, Function] = {
    "Ref": ref,
    "Fn::GetAtt": get_att,
    "Fn::Sub": sub,
    "Fn::Join": join,
    "Fn::Split": split,
    "Fn::Select": select,
    "Fn::FindInMap": find_in_map,
    "Fn::If": choose,
    "Fn::Base64": base64_of,
    "Fn::Cidr": cidr,
    "Fn::GetAZs": get_azs,
    "Fn::ImportValue": import_value,
    "Fn::Length": length,
    "Fn::ToJsonString": to_json_string,
}

# Only in Conditions and Rules: elsewhere `Condition` may be a property's own name.
CONDITIONS: dict[str, Function] = {
    "Condition": condition,
    "Fn::And": and_,
    "Fn::Equals": equals,
    "Fn::Not": not_,
    "Fn::Or": or_,
}

# Functions that are not in the language until AWS::LanguageExtensions is declared.
EXTENSIONS = frozenset({"Fn::Length", "Fn::ToJsonString"})


def _items(name: str, argument: Any, count: int) -> list[Any]:
    if not isinstance(argument, list) or len(argument) != count:
        _misformed(name)
    return argument


def _booleans(name: str, argument: Any, at_least: int, at_most: int) -> list[bool]:
    if not isinstance(argument, list) or not at_least <= len(argument) <= at_most:
        _misformed(name)
    if not all(isinstance(value, bool) or value in ("true", "false") for value in argument):
        _misformed(name)
    return [value is True or value == "true" for value in argument]


def _spelling(value: Any) -> Any:
    return value if isinstance(value, list | dict) else coerce.text(value)


def _misformed(name: str) -> NoReturn:
    raise InvalidTemplate(message=f"Template error: {FORMS[name]}")
