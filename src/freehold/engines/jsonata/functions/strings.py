"""Strings. One idea: a string is its Unicode characters; a missing one makes a missing result. Knows no patterns."""

import re
from collections.abc import Mapping
from typing import Final

from freehold.engines.jsonata.callables import Function
from freehold.engines.jsonata.run import Run
from freehold.engines.jsonata.texts import text
from freehold.engines.jsonata.values import UNDEFINED, Json

_SPACES = re.compile(r"[ \t\n\r]+")


def string(run: Run, value: Json, pretty: Json = UNDEFINED) -> Json:
    return UNDEFINED if value is UNDEFINED else text(value, run, pretty is True)


def substring(run: Run, value: Json, start: Json = UNDEFINED, length: Json = UNDEFINED) -> Json:
    """`start` from 0, or from the end if negative; of `length` characters, or all the rest."""
    if value is UNDEFINED:
        return UNDEFINED
    run.spend_reading(len(value))
    first = 0 if start is UNDEFINED else int(start)
    if first + len(value) < 0:
        first = 0
    if length is UNDEFINED:
        return value[first:]
    if length <= 0:
        return ""
    return value[first:][: int(length)]


def substring_before(run: Run, value: Json, mark: Json) -> Json:
    if value is UNDEFINED or mark is UNDEFINED:
        return value
    run.spend_reading(len(value))
    return value.partition(mark)[0] if mark else ""


def substring_after(run: Run, value: Json, mark: Json) -> Json:
    if value is UNDEFINED or mark is UNDEFINED or not mark:
        return value
    run.spend_reading(len(value))
    _, found, after = value.partition(mark)
    return after if found else value


def lowercase(run: Run, value: Json) -> Json:
    if value is UNDEFINED:
        return UNDEFINED
    run.spend_reading(len(value))
    return value.lower()


def uppercase(run: Run, value: Json) -> Json:
    if value is UNDEFINED:
        return UNDEFINED
    run.spend_reading(len(value))
    return value.upper()


def length(run: Run, value: Json) -> Json:
    return UNDEFINED if value is UNDEFINED else len(value)


def trim(run: Run, value: Json) -> Json:
    """Each run of spaces becomes one; none at the ends."""
    if value is UNDEFINED:
        return UNDEFINED
    run.spend_reading(len(value))
    return _SPACES.sub(" ", value).strip(" ")


def pad(run: Run, value: Json, width: Json, filling: Json = UNDEFINED) -> Json:
    """To `width` characters, added at the end, or before the start where `width` is negative."""
    if value is UNDEFINED or width is UNDEFINED:
        return value
    wanted = abs(int(width)) - len(value)
    if wanted <= 0:
        return value
    run.spend_text(len(value) + wanted)
    filling = filling or " "
    padding = (filling * (wanted // len(filling) + 1))[:wanted]
    return value + padding if width > 0 else padding + value


def join(run: Run, values: Json, separator: Json = UNDEFINED) -> Json:
    if values is UNDEFINED:
        return UNDEFINED
    separator = separator or ""
    run.spend_text(sum(map(len, values)) + len(separator) * len(values))
    return separator.join(values)


FUNCTIONS: Final[Mapping[str, Function]] = {
    "string": Function(string, "<x-b?:s>", arity=1),
    "substring": Function(substring, "<s-nn?:s>"),
    "substringBefore": Function(substring_before, "<s-s:s>"),
    "substringAfter": Function(substring_after, "<s-s:s>"),
    "lowercase": Function(lowercase, "<s-:s>"),
    "uppercase": Function(uppercase, "<s-:s>"),
    "length": Function(length, "<s-:n>"),
    "trim": Function(trim, "<s-:s>"),
    "pad": Function(pad, "<s-ns?:s>"),
    "join": Function(join, "<a<s>s?:s>"),
}
