"""Warnings: what a definition may say, but hardly means.

One idea: a text that looks like a path or a call, where it will be taken as it stands. The codes are AWS's, the words
ours: docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html
"""

import re
from collections.abc import Iterator

from freehold.engines.jsonpath import Json

from .errors import Problem
from .language import Fields

PATH = re.compile(r"\$\$?(\.|\[)|\$[^\W\d]\w*$")
CALL = re.compile(r"States\.\w+\(")
TEMPLATES = ("Parameters", "ResultSelector", "ItemSelector", "Assign")
FIXED = ("Error", "Cause", "Seconds", "Timestamp", "TimeoutSeconds", "HeartbeatSeconds", "MaxConcurrency")
NO_DOLLAR = "The value of '{name}' looks like a path or an intrinsic call, but the name does not end with '.$'"
NO_PATH = "The value of '{name}' looks like a path, but the name does not end with 'Path'"
STATIC = "Result is static: the path in it is not evaluated"


def warnings(state: Fields, at: str) -> Iterator[Problem]:
    """What is odd about a JSONPath state."""
    for field in TEMPLATES:
        yield from _undollared(state.get(field), field, f"{at}/{field}")
    for name in FIXED:
        if _is_path(state.get(name)):
            yield _warning("NO_PATH", NO_PATH.format(name=name), f"{at}/{name}")
    choices = state.get("Choices")
    for index, rule in enumerate(choices if isinstance(choices, list) else []):
        for name, value in rule.items() if isinstance(rule, dict) else ():
            if name.startswith("String") and not name.endswith("Path") and _is_path(value):
                yield _warning("NO_PATH", NO_PATH.format(name=name), f"{at}/Choices[{index}]/{name}")
    if state.get("Type") == "Pass" and _has_path(state.get("Result")):
        yield _warning("PASS_RESULT_IS_STATIC", STATIC, f"{at}/Result")


def _warning(code: str, message: str, location: str) -> Problem:
    return Problem(code, message, location, "WARNING")


def _undollared(value: Json, name: str, at: str) -> Iterator[Problem]:
    if isinstance(value, dict):
        for key, item in value.items():
            if not key.endswith(".$"):
                yield from _undollared(item, key, f"{at}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _undollared(item, name, f"{at}[{index}]")
    elif _is_path(value) or (isinstance(value, str) and CALL.match(value)):
        yield _warning("NO_DOLLAR", NO_DOLLAR.format(name=name), at)


def _is_path(value: Json) -> bool:
    return isinstance(value, str) and (value in ("$", "$$") or PATH.match(value) is not None)


def _has_path(value: Json) -> bool:
    if isinstance(value, dict):
        return any(key.endswith(".$") or _has_path(item) for key, item in value.items())
    return any(map(_has_path, value)) if isinstance(value, list) else _is_path(value)
