"""What placeholders stand for: a request's ExpressionAttributeNames and ExpressionAttributeValues.

One idea: looking a placeholder up is using it, and at the end all must have been used. It knows no grammar. Rules:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeNames.html
"""

import re
from collections.abc import Mapping

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
        self._values = {key: _admit(key, value) for key, value in values.items()} if values else {}
        self._used: set[str] = set()

    @classmethod
    def admitted(cls, names: Mapping[str, str], values: Mapping[str, AttributeValue]) -> "Scope":
        """The scope of names and values that were looked at before."""
        scope = cls()
        scope._names, scope._values = names, dict(values)
        return scope

    @property
    def values(self) -> dict[str, AttributeValue]:
        """All values by their placeholders, used or not."""
        return self._values

    def name(self, kind: str, alias: str) -> str:
        """The attribute name behind "#alias". Raises UndefinedName."""
        if alias not in self._names:
            raise UndefinedName(kind=kind, name=alias)
        self._used.add(alias)
        return self._names[alias]

    def value(self, kind: str, name: str) -> AttributeValue:
        """The value behind ":name". Raises UndefinedValue."""
        if name not in self._values:
            raise UndefinedValue(kind=kind, name=name)
        self._used.add(name)
        return self._values[name]

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
        for parameter, given in ((NAMES, self._names), (VALUES, self._values)):
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


def _admit(key: str, value: AttributeValue) -> AttributeValue:
    try:
        return admit(value)
    except ValidationException as fault:
        raise BadPlaceholderValue(fault=fault.message, key=key) from None
