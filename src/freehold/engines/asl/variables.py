"""Variables, as far as the definition tells: which names may be assigned where, and which states refer to which.

One idea: a scope's variables are the names that its states assign; scopes inside see them, and may not assign them
again. It evaluates nothing. https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
"""

import re
from collections.abc import Callable, Iterator

from freehold.engines import jsonata
from freehold.engines.jsonata.functions import LIBRARY
from freehold.engines.jsonpath import Json

from .language import Fields
from .queries import is_query, source

NAME_MAX = 80
NAME = re.compile(r"[^\W\d]\w*")
RESERVED = "states"
STORED_MAX = 10_485_760  # bytes of all the variables that an execution holds
FUNCTIONS = LIBRARY.keys() | jsonata.step_functions.FUNCTIONS.keys()
# A path's root, where no text in quotes stands around it.
ROOTS = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\$\$|\$([^\W\d]\w*)|\$")
INNER = ("Branches", "ItemProcessor", "Iterator")


def assigned(state: Json) -> Iterator[tuple[str, str]]:
    """The variables that a state assigns, and the place of the Assign inside it, such as `/Choices[0]/Assign`."""
    if not isinstance(state, dict):
        return
    yield from ((name.removesuffix(".$"), "/Assign") for name in _names(state))
    for group in ("Choices", "Catch"):
        rules = state.get(group)
        for index, rule in enumerate(rules if isinstance(rules, list) else []):
            yield from ((name.removesuffix(".$"), f"/{group}[{index}]/Assign") for name in _names(rule))


def _names(rule: Json) -> list[str]:
    assign = rule.get("Assign") if isinstance(rule, dict) else None
    return list(assign) if isinstance(assign, dict) else []


def fault(name: str, outer: frozenset[str]) -> str | None:
    """Why a scope may not assign a variable, if it may not. `outer` holds the names of the scopes around it."""
    if name == RESERVED:
        return f"The variable name '{name}' is reserved"
    if len(name) > NAME_MAX:
        return f"The variable name '{name}' is longer than {NAME_MAX} characters"
    if not NAME.fullmatch(name):
        return f"The variable name '{name}' is not valid"
    if name in outer:
        return f"The variable '{name}' is assigned in an outer scope and cannot be assigned here"
    return None


def references(state: Fields, language: str) -> list[str]:
    """The variables that a state's own fields refer to, in order of the alphabet."""
    own = {name: value for name, value in state.items() if name not in INNER}
    found = set(FINDERS[language](own, ""))
    return sorted(found - {RESERVED} - FUNCTIONS)


def _in_paths(value: Json, name: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _in_paths(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _in_paths(item, "")
    elif isinstance(value, str) and (name.endswith((".$", "Path")) or name == "Variable"):
        yield from (root.group(1) for root in ROOTS.finditer(value) if root.group(1))


def _in_queries(value: Json, _name: str) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _in_queries(item, "")
    elif isinstance(value, list):
        for item in value:
            yield from _in_queries(item, "")
    elif is_query(value):
        try:
            yield from jsonata.compile(source(value)).variables
        except jsonata.InvalidExpression:
            return


FINDERS: dict[str, Callable[[Json, str], Iterator[str]]] = {"JSONPath": _in_paths, "JSONata": _in_queries}
