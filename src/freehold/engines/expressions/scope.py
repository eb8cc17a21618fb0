"""What placeholders stand for: a request's ExpressionAttributeNames and ExpressionAttributeValues.

One idea: looking a placeholder up is using it, and at the end all must have been used. What is made of an expression
may keep the placeholders' names and the values' types, but no value: it serves other values of these types too. What
the values themselves are looked at for is remembered, to be done again for others. It knows no grammar. Rules:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeNames.html
"""

import re
from collections.abc import Callable, Mapping

from freehold.engines.expressions.errors import (
    BadPlaceholder,
    BadPlaceholderValue,
    EmptyAttributeName,
    EmptyPlaceholders,
    UndefinedName,
    UndefinedValue,
    UnusedPlaceholders,
    ValidationException,
)
from freehold.engines.expressions.paths import Path
from freehold.engines.expressions.values import AttributeValue, admit

Values = Mapping[str, AttributeValue]  # by their placeholders
Look = Callable[[Values], None]
NAMES, VALUES = "ExpressionAttributeNames", "ExpressionAttributeValues"

_NAME = re.compile(r"#[0-9A-Za-z_]+")
_VALUE = re.compile(r":[0-9A-Za-z_]+")


class Scope:
    """The placeholders of one request, shared by all its expressions."""

    def __init__(self, names: Mapping[str, str] | None = None, values: Mapping[str, AttributeValue] | None = None):
        """Raises ValidationException if a parameter is given but empty, a key is malformed or a value inadmissible."""
        _check_keys(NAMES, names, _NAME)
        _check_keys(VALUES, values, _VALUE)
        if names and "" in names.values():
            raise EmptyAttributeName()
        self._names = names or {}
        self.values = admit_values(values) if values else {}  # all of them, used or not
        self.looks: list[Look] = []
        self._used: set[str] = set()

    def name(self, kind: str, alias: str) -> str:
        """The attribute name behind "#alias". Raises UndefinedName."""
        if alias not in self._names:
            raise UndefinedName(kind=kind, name=alias)
        self._used.add(alias)
        return self._names[alias]

    def value(self, kind: str, name: str) -> AttributeValue:
        """The value behind ":name". Raises UndefinedValue."""
        if name not in self.values:
            raise UndefinedValue(kind=kind, name=name)
        self._used.add(name)
        return self.values[name]

    def look(self, look: Look) -> None:
        """Look at the values, and remember to look at others. Raises what the look raises."""
        self.looks.append(look)
        look(self.values)

    def path(self, kind: str, path: Path) -> Path:
        """A parsed path with its aliases replaced."""
        for part in path:
            if isinstance(part, str) and part[0] == "#":
                return tuple(
                    self.name(kind, part) if isinstance(part, str) and part[0] == "#" else part for part in path
                )
        return path

    def check_all_used(self) -> None:
        """To be called after the last expression. Raises UnusedPlaceholders."""
        for parameter, given in ((NAMES, self._names), (VALUES, self.values)):
            unused = [key for key in given if key not in self._used]
            if unused:
                raise UnusedPlaceholders(parameter=parameter, keys=", ".join(unused))


def _check_keys(parameter: str, given: Mapping[str, object] | None, pattern: re.Pattern[str]) -> None:
    if given is None:
        return
    if not given:
        raise EmptyPlaceholders(parameter=parameter)
    for key in given:
        if not pattern.fullmatch(key):
            raise BadPlaceholder(parameter=parameter, key=key)


def admit_values(values: Values) -> dict[str, AttributeValue]:
    """The values in stored form. Raises BadPlaceholderValue at the first that may not be."""
    held = {}
    for key, value in values.items():
        try:
            held[key] = admit(value)
        except ValidationException as fault:
            raise BadPlaceholderValue(fault=fault.message, key=key) from None
    return held
