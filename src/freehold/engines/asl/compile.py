"""From the text of a definition to a Machine, or to every reason why it is none.

One idea: each state is checked against the tables and compiled on its own, then the graph is checked as a whole.
Nothing stops at the first problem. It knows the definition only.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from freehold.engines.jsonpath import Json, PathSyntaxError

from . import values
from .errors import InvalidDefinition, Problem
from .fields import BRANCH_FIELDS, INVALID, MACHINE_FIELDS, NO_NEXT, STATE_TYPES, check, check_together
from .flow import LANGUAGES, Fields, Language
from .machine import Machine, Node, Scope
from .works import WORKS, catchers, retriers

NAME_MAX = 80
NOT_AN_EXPRESSION = "The value for the field must be a valid JSONPath or a valid intrinsic function call"


def compile(definition: str | dict[str, Any]) -> Machine:
    """The machine that a definition (its JSON, as text or parsed) describes.

    Raises InvalidDefinition with every problem found.
    """
    problems: list[Problem] = []
    fields = _parse(definition)
    compiler = Compiler(problems, LANGUAGES["JSONPath"])
    compiler.check(fields, MACHINE_FIELDS, ("States", "StartAt"), "")
    if fields.get("QueryLanguage", "JSONPath") == "JSONata":
        raise InvalidDefinition([*problems, _no_language("")])
    if isinstance(fields.get("States"), dict):
        compiler.scope(fields, "")
    if problems:
        raise InvalidDefinition(problems)
    return Machine(fields, compiler.scopes, fields.get("TimeoutSeconds"), fields.get("Comment"))


def _parse(definition: str | dict[str, Any]) -> dict[str, Any]:
    try:
        fields = values.read(definition) if isinstance(definition, str) and definition else definition
    except msgspec.DecodeError as wrong:
        raise InvalidDefinition([Problem("INVALID_JSON_DESCRIPTION", str(wrong))]) from wrong
    if not isinstance(fields, dict):
        raise InvalidDefinition([Problem(INVALID, "Definition must be a valid JSON object")])
    return fields


def _no_language(at: str) -> Problem:
    return Problem(INVALID, "Freehold does not run JSONata state machines yet", f"{at}/QueryLanguage")


class Compiler:
    """The problems and scopes found so far in one definition."""

    def __init__(self, problems: list[Problem], language: Language):
        self.problems = problems
        self.language = language
        self.scopes: dict[str, Scope] = {}
        self.names: set[str] = set()

    def check(self, fields: Fields, allowed: frozenset[str], required: tuple[str, ...], at: str) -> bool:
        """Note what is wrong with each field of an object; answers whether nothing is."""
        found = list(check(fields, allowed, required, at))
        self.problems.extend(found)
        return not found

    def wrong(self, message: str, at: str, code: str = INVALID) -> None:
        """Note a problem."""
        self.problems.append(Problem(code, message, at or "/"))

    def scope(self, fields: Fields, at: str) -> str:
        """Compile the states of a machine, branch or processor; answers the scope's location."""
        states = fields["States"]
        if not states:
            self.wrong("Value cannot be empty", f"{at}/States")
        nodes = {name: self.state(name, state, f"{at}/States/{name}") for name, state in states.items()}
        self.targets(fields, states, at)
        location = at or "/"
        self.scopes[location] = Scope(fields.get("StartAt", ""), {name: node for name, node in nodes.items() if node})
        return location

    def targets(self, fields: Fields, states: Fields, at: str) -> None:
        """Note transitions to nowhere, and states that no transition reaches."""
        first = fields.get("StartAt")
        reached = {first} if isinstance(first, str) else set()
        if not reached <= states.keys():
            self.wrong(f"Missing 'StartAt' target: {first}", f"{at}/StartAt", "MISSING_TRANSITION_TARGET")
        for name, state in states.items():
            for key, target, where in _transitions(state, f"{at}/States/{name}"):
                reached.add(target)
                if target not in states:
                    self.wrong(f"Missing '{key}' target: {target}", where, "MISSING_TRANSITION_TARGET")
        for name in states:
            if name not in reached:
                self.wrong(f'State "{name}" is not reachable.', f"{at}/States/{name}", "MISSING_TRANSITION_TARGET")

    def state(self, name: str, fields: Json, at: str) -> Node | None:
        """Compile one state."""
        if name in self.names:
            self.wrong(f"Duplicate State name: {name}", at, "DUPLICATE_STATE_NAME")
        self.names.add(name)
        if len(name) > NAME_MAX:
            self.wrong(f"State name is longer than {NAME_MAX} characters", at)
        if not isinstance(fields, dict) or "Type" not in fields:
            self.wrong("These fields are required: [Type]", at)
            return None
        kind = STATE_TYPES.get(fields["Type"]) if isinstance(fields["Type"], str) else None
        if kind is None:
            choices = ", ".join(STATE_TYPES)
            self.wrong(f"The field 'Type' should have one of these values: [{choices}]", f"{at}/Type")
            return None
        if fields.get("QueryLanguage", "JSONPath") == "JSONata":
            self.problems.append(_no_language(at))
            return None
        before = len(self.problems)
        self.check(fields, kind.fields, kind.required, at)
        self.problems.extend(check_together(fields, at))
        return self.node(name, fields, at) if len(self.problems) == before else None

    def node(self, name: str, fields: Fields, at: str) -> Node | None:
        """Compile a state whose fields are right, each by itself."""
        try:
            kind = fields["Type"]
            work = WORKS[kind](self, fields, at)
            # A Map's Parameters are its ItemSelector by an older name, and shape no arguments.
            flowing = {key: value for key, value in fields.items() if kind != "Map" or key != "Parameters"}
            return Node(
                name=name,
                type=kind,
                next=None if kind in NO_NEXT or fields.get("End") is True else fields["Next"],
                flow=self.language.flow(flowing),
                work=work,
                retriers=retriers(self, fields.get("Retry", []), f"{at}/Retry"),
                catchers=catchers(self, fields.get("Catch", []), f"{at}/Catch"),
            )
        except PathSyntaxError as wrong:
            self.wrong(f"{NOT_AN_EXPRESSION}: {wrong}", at)
            return None

    def inner(self, fields: Json, at: str) -> str:
        """Compile a Parallel branch or a Map's processor; answers the scope's location."""
        if not isinstance(fields, dict):
            self.wrong("Expected value of type Object", at)
            return at
        self.check(fields, BRANCH_FIELDS, ("States", "StartAt"), at)
        return self.scope(fields, at) if isinstance(fields.get("States"), dict) else at


def _transitions(state: Json, at: str) -> Iterator[tuple[str, Json, str]]:
    """The targets that a state names: under which key, which state, and where."""
    if not isinstance(state, dict):
        return
    for key in ("Next", "Default"):
        if isinstance(state.get(key), str):
            yield key, state[key], f"{at}/{key}"
    for group in ("Choices", "Catch"):
        rules = state.get(group)
        for index, rule in enumerate(rules if isinstance(rules, list) else []):
            if isinstance(rule, dict) and isinstance(rule.get("Next"), str):
                yield "Next", rule["Next"], f"{at}/{group}[{index}]/Next"
