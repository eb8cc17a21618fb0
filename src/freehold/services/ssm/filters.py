"""Filters of lists of parameters.

One idea: each key is a row: how its values may be compared, and what of a parameter they are compared with. It may not
know pages.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from freehold.kernel.store import Tx
from freehold.services.ssm import errors
from freehold.services.ssm.names import check_path, is_below
from freehold.services.ssm.parameters import Parameter, Version, latest

Read = Callable[[Parameter, Version], Iterable[str]]
Chosen = Callable[[Parameter], bool]

OPTIONS: dict[str, Callable[[str, str], bool]] = {
    "Equals": lambda given, value: given == value,
    "BeginsWith": lambda given, value: given.startswith(value),
    "Contains": lambda given, value: value in given,
    "OneLevel": lambda given, value: is_below(given, value, deep=False),
    "Recursive": lambda given, value: is_below(given, value, deep=True),
}


class Key(NamedTuple):
    """How a key's values are compared (the first way if none is said), and with what."""

    options: tuple[str, ...]
    read: Read


KEYS: dict[str, Key] = {
    "Path": Key(("OneLevel", "Recursive"), lambda parameter, version: [parameter.name]),
    "Name": Key(("Equals", "BeginsWith", "Contains"), lambda parameter, version: [parameter.name]),
    "Type": Key(("Equals", "BeginsWith"), lambda parameter, version: [version.type]),
    "KeyId": Key(("Equals", "BeginsWith"), lambda parameter, version: [version.key_id] if version.key_id else []),
    "Tier": Key(("Equals",), lambda parameter, version: [version.tier]),
    "DataType": Key(("Equals",), lambda parameter, version: [version.data_type]),
    "Label": Key(("Equals",), lambda parameter, version: parameter.labels_of(version.version)),
}
OF_DESCRIBE = ("Path", "Name", "Type", "KeyId", "Tier", "DataType")
OF_PATHS = ("Type", "KeyId", "Label")
TAG = "tag:"


def compile_filters(tx: Tx, filters: list[dict[str, Any]], known: tuple[str, ...], *, tags: bool) -> Chosen:
    """A test of parameters that all filters hold for. Raises InvalidFilterKey, InvalidFilterOption and
    InvalidFilterValue."""
    tests = [_compile(one, known, tags) for one in filters]

    def chosen(parameter: Parameter) -> bool:
        version = latest(tx, parameter) if tests else None
        return version is None or all(test(parameter, version) for test in tests)

    return chosen


def _compile(one: dict[str, Any], known: tuple[str, ...], tags: bool) -> Callable[[Parameter, Version], bool]:
    name, values = one["Key"], one.get("Values", [])
    if tags and name.startswith(TAG):
        key = Key(("Equals",), _tag(name.removeprefix(TAG)))
    elif name in known:
        key = KEYS[name]
    else:
        raise errors.InvalidFilterKey(key=name, known=", ".join(known))
    option = one.get("Option", key.options[0])
    if option not in key.options:
        raise errors.InvalidFilterOption(option=option, known=", ".join(key.options))
    if not values and not name.startswith(TAG):
        raise errors.InvalidFilterValue(key=name)
    if name == "Path":
        for path in values:
            check_path(path)
    same, read = OPTIONS[option], key.read
    if not values:  # a tag that is there, whatever it says
        return lambda parameter, version: bool(read(parameter, version))
    return lambda parameter, version: any(same(given, value) for given in read(parameter, version) for value in values)


def _tag(name: str) -> Read:
    return lambda parameter, version: [parameter.tags[name]] if name in parameter.tags else []
