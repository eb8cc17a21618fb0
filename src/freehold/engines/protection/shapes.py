"""Shapes: what a part of a document may be.

One idea: a shape is a function of a JSON value and of the words for its place; it gives the value back or says what is
wrong with it. It may not know what documents are about.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Shape = Callable[[Any, str], Any]


class BadPolicy(ValueError):
    """A document that is no policy. `reason` says why, as far as AWS's words are known in AWS's."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def text(pattern: str = "", words: str = "", longest: int = 0) -> Shape:
    """A text that is all of a pattern, else `words` are said of its place; at most so many characters."""
    known = re.compile(pattern, re.DOTALL)

    def read(value: Any, place: str) -> str:
        if not isinstance(value, str):
            raise BadPolicy(f"{place} must be a string")
        if pattern and not known.fullmatch(value):
            raise BadPolicy(f"{place} {words}")
        if longest and len(value) > longest:
            raise BadPolicy(f"{place} must have at most {longest} characters")
        return value

    return read


def whole(least: int, most: int) -> Shape:
    """A whole number, which may be written as a string."""

    def read(value: Any, place: str) -> int:
        if isinstance(value, str) and len(value) <= len(str(most)) and value.isascii() and value.isdecimal():
            value = int(value)
        if type(value) is not int or not least <= value <= most:
            raise BadPolicy(f"{place} must be an integer between {least} and {most}")
        return value

    return read


def each(shape: Shape, most: int = 0, place: str = "") -> Shape:
    """A list that is not empty; `place` is how its members are called, if not as itself."""

    def read(values: Any, own: str) -> list[Any]:
        if not isinstance(values, list) or not values:
            raise BadPolicy(f"{own} must be a non-empty list")
        if most and len(values) > most:
            raise BadPolicy(f"{own} must have at most {most} members")
        return [shape(value, place or own) for value in values]

    return read


def record(needed: Mapping[str, Shape], more: Mapping[str, Shape] | None = None) -> Shape:
    """An object that has the needed members and may have some more."""
    known = {**needed, **(more or {})}

    def read(value: Any, place: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise BadPolicy(f"{place} must be a JSON object")
        for name in value:
            if name not in known:
                raise BadPolicy(f"{place} has an unknown element {name}")
        for name in needed:
            if name not in value:
                raise BadPolicy(f"{place} must have a {name}")
        return {name: known[name](part, f"{place} {name}") for name, part in value.items()}

    return read


def one_of(shapes: Mapping[str, Shape]) -> Shape:
    """An object with just one of these members: its name, and what it holds."""
    names = _listed([*shapes])

    def read(value: Any, place: str) -> tuple[str, Any]:
        if not isinstance(value, dict) or len(value) != 1 or not value.keys() <= shapes.keys():
            raise BadPolicy(f"{place} must be {names}" if len(shapes) == 1 else f"{place} must be one of {names}")
        [(name, part)] = value.items()
        return name, shapes[name](part, f"{place} {name}")

    return read


def _listed(names: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


EMPTY = record({})
