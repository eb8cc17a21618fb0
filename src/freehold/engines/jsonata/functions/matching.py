"""Strings and patterns: `$contains`, `$split`, `$match`, `$replace`.

One idea: a pattern is a string, or a function that finds a match and holds the function to the next; regular
expressions are such functions, and so may users' own be.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Final

from freehold.engines.jsonata.callables import Function, Invocable, invoke, is_function
from freehold.engines.jsonata.errors import EvaluationFailed
from freehold.engines.jsonata.regexes import Matcher
from freehold.engines.jsonata.run import Run
from freehold.engines.jsonata.values import UNDEFINED, Json, Sequence, is_number, settle


def matches(pattern: Invocable, subject: str, run: Run) -> Iterator[dict[str, Json]]:
    """The matches of a pattern in a string, from left to right: objects of match, start, end and groups."""
    if isinstance(pattern, Matcher):
        yield from pattern.matches(subject, run)
        return
    found = settle(invoke(run, pattern, subject))
    while found is not UNDEFINED:
        if not _is_match(found):
            raise EvaluationFailed("T1010")
        yield found
        following = found.get("next", UNDEFINED)
        if not isinstance(following, Invocable):
            raise EvaluationFailed("T1010")
        found = settle(invoke(run, following, UNDEFINED))


def _is_match(found: Json) -> bool:
    return (
        isinstance(found, dict)
        and is_number(found.get("start"))
        and is_number(found.get("end"))
        and isinstance(found.get("groups"), list)
        and isinstance(found.get("match"), str)
    )


def _bound(limit: Json, code: str) -> int | None:
    """How many matches at most, None for all. Raises EvaluationFailed for a negative limit."""
    if limit is UNDEFINED:
        return None
    if limit < 0:
        raise EvaluationFailed(code, value=limit)
    return math.ceil(limit)


def contains(run: Run, value: Json, pattern: Json) -> Json:
    if value is UNDEFINED or pattern is UNDEFINED:
        return UNDEFINED
    if isinstance(pattern, str):
        run.spend_reading(len(value))
        return pattern in value
    return next(matches(pattern, value, run), UNDEFINED) is not UNDEFINED


def split(run: Run, value: Json, separator: Json, limit: Json = UNDEFINED) -> Json:
    if value is UNDEFINED:
        return UNDEFINED
    at_most = _bound(limit, "D3020")
    if separator is UNDEFINED:
        raise EvaluationFailed("T0410", index=2)
    run.spend_items(len(value))
    if isinstance(separator, str):
        at_most = None if limit is UNDEFINED else int(limit)
        return (value.split(separator) if separator else list(value))[:at_most]
    parts: list[str] = []
    start = 0
    for match in matches(separator, value, run) if at_most != 0 else ():
        parts.append(value[start : int(match["start"])])
        start = int(match["end"])
        if len(parts) == at_most:
            return parts
    return parts if at_most == 0 else [*parts, value[start:]]


def match(run: Run, value: Json, pattern: Json, limit: Json = UNDEFINED) -> Json:
    if value is UNDEFINED:
        return UNDEFINED
    at_most = _bound(limit, "D3040")
    found = Sequence()
    for each in matches(pattern, value, run) if at_most != 0 else ():
        found.append({"match": each["match"], "index": each["start"], "groups": each["groups"]})
        if len(found) == at_most:
            break
    return found


def replace(run: Run, value: Json, pattern: Json, replacement: Json, limit: Json = UNDEFINED) -> Json:
    if value is UNDEFINED:
        return UNDEFINED
    if pattern == "":
        raise EvaluationFailed("D3010", value=pattern)
    at_most = _bound(limit, "D3011")
    if pattern is UNDEFINED or replacement is UNDEFINED:
        raise EvaluationFailed("T0410", index=2 if pattern is UNDEFINED else 3)
    if isinstance(pattern, str):
        return _replace_text(run, value, pattern, replacement, at_most)
    parts: list[str] = []
    position = length = 0
    for count, each in enumerate(matches(pattern, value, run) if at_most != 0 else (), 1):
        start = int(each["start"])
        text = _expanded(replacement, each) if isinstance(replacement, str) else settle(invoke(run, replacement, each))
        if not isinstance(text, str):
            raise EvaluationFailed("D3012", value=text)
        length += max(start - position, 0) + len(text)
        run.spend_text(length)
        parts += [value[position:start], text]
        position = start + len(each["match"])
        if count == at_most:
            break
    return "".join(parts) + value[position:]


def _replace_text(run: Run, value: str, pattern: str, replacement: Json, at_most: int | None) -> str:
    if is_function(replacement):
        raise EvaluationFailed("D3012", value=replacement)
    times = value.count(pattern) if at_most is None else min(at_most, value.count(pattern))
    run.spend_text(len(value) + times * len(replacement))
    return value.replace(pattern, replacement, times)


def _expanded(replacement: str, match: dict[str, Json]) -> str:
    """The replacement with `$0` for the match, `$1` and so on for its groups, and `$$` for a dollar."""
    pieces = replacement.split("$")
    text = [pieces[0]]
    rest = iter(pieces[1:])
    groups = match["groups"]
    digits = len(str(len(groups))) if groups else 1
    for piece in rest:
        if not piece:
            text.append("$" + next(rest, ""))
            continue
        if piece[0] == "0":
            text.append(match["match"] + piece[1:])
            continue
        number = _leading_digits(piece, digits)
        if digits > 1 and number and int(number) > len(groups):
            number = _leading_digits(piece, digits - 1)
        if not number:
            text.append("$" + piece)
            continue
        group = groups[int(number) - 1] if 0 < int(number) <= len(groups) else None
        text.append((group or "") + piece[len(str(int(number))) :])
    return "".join(text)


def _leading_digits(text: str, most: int) -> str:
    end = 0
    while end < most and text[end : end + 1].isascii() and text[end : end + 1].isdigit():
        end += 1
    return text[:end]


FUNCTIONS: Final[Mapping[str, Function]] = {
    "contains": Function(contains, "<s-(sf):b>"),
    "split": Function(split, "<s-(sf)n?:a<s>>"),
    "match": Function(match, "<s-f<s:o>n?:a<o>>"),
    "replace": Function(replace, "<s-(sf)(sf)n?:s>"),
}
