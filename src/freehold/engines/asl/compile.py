"""From the text of a definition to a Machine, or to every reason why it is none.

One idea: each state is checked against the tables and compiled on its own, then the graph is checked as a whole.
Nothing stops at the first problem. It knows the definition only.
"""

from typing import Any

import msgspec

from freehold.engines import jackson
from freehold.engines.jsonpath import Json

from . import graph, values
from .errors import InvalidDefinition, Problem
from .fields import BRANCH_FIELDS, INVALID, MACHINE_FIELDS, NO_NEXT, STATE_TYPES, check, check_together
from .language import NO_WORK, RESULT, Fields, Language, Unclear
from .machine import Machine, Node, Scope
from .paths import JSONPATH
from .queries import JSONATA
from .variables import assigned, fault, references
from .warnings import warnings
from .works import WORKS, catchers, retriers

NAME_MAX = 80
NOT_BACK = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine"
WORKING = ("Task", "Parallel", "Map")  # the states whose work has a result of its own


def compile(definition: str | dict[str, Any], alone: str | None = None) -> Machine:
    """The machine that a definition (its JSON, as text or parsed) describes.

    `alone`: the definition is that of a single state, which gets this name, and need not lead anywhere (TestState).
    Raises InvalidDefinition with every problem found.
    """
    problems: list[Problem] = []
    fields = _parse(definition)
    if alone is not None:
        fields = {"StartAt": alone, "States": {alone: fields}}
    compiler = Compiler(problems, language(fields, JSONPATH), led=alone is None)
    compiler.check(fields, MACHINE_FIELDS, ("States", "StartAt"), "")
    if isinstance(fields.get("States"), dict):
        compiler.scope(fields, "")
    if problems:
        raise InvalidDefinition(problems, compiler.warnings)
    return Machine(
        definition=fields,
        scopes=compiler.scopes,
        timeout_s=fields.get("TimeoutSeconds"),
        comment=fields.get("Comment"),
        references=compiler.references,
        warnings=tuple(compiler.warnings),
        modern=compiler.modern,
    )


def _parse(definition: str | dict[str, Any]) -> dict[str, Any]:
    try:
        fields = values.read(definition) if isinstance(definition, str) and definition.strip() else definition
    except msgspec.DecodeError as wrong:
        text = str(definition)
        at = jackson.place(text)
        words = f"{jackson.fault(text)}\n at {at}"
        raise InvalidDefinition([Problem("INVALID_JSON_DESCRIPTION", words, at)]) from wrong
    if not isinstance(fields, dict):
        raise InvalidDefinition([Problem(INVALID, "Definition must be a valid JSON object")])
    return fields


def language(fields: Fields, otherwise: Language) -> Language:
    """The query language that an object names, or the one around it."""
    if "QueryLanguage" not in fields:
        return otherwise
    return JSONPATH if fields["QueryLanguage"] == JSONPATH.name else JSONATA


class Compiler:
    """The problems and scopes found so far in one definition."""

    def __init__(self, problems: list[Problem], language: Language, led: bool = True):
        self.problems = problems
        self.whole = language  # the machine's own
        self.language = language  # that of the state being compiled
        self.led = led  # whether the machine's own states must lead to one another
        self.scopes: dict[str, Scope] = {}
        self.names: set[str] = set()
        self.warnings: list[Problem] = []
        self.modern = False
        self.references: dict[str, list[str]] = {}
        self.outer: frozenset[str] = frozenset()  # the variables of the scopes around

    def check(self, fields: Fields, allowed: frozenset[str], required: tuple[str, ...], at: str) -> bool:
        """Note what is wrong with each field of an object; answers whether nothing is."""
        found = list(check(fields, allowed, required, at, self.language.name))
        self.problems.extend(found)
        return not found

    def unclear(self, wrong: Unclear, at: str) -> None:
        """Note what is unclear in the fields of the state at a place."""
        for each in wrong.all():
            self.wrong(each.message, at + each.where, each.code)

    def wrong(self, message: str, at: str, code: str = INVALID) -> None:
        """Note a problem."""
        self.problems.append(Problem(code, message, at or "/"))

    def scope(self, fields: Fields, at: str) -> str:
        """Compile the states of a machine, branch or processor; answers the scope's location."""
        states = fields["States"]
        if not states:
            self.wrong("Value cannot be empty", f"{at}/States")
        outer, self.outer = self.outer, self.outer | self.assigned(states, at)
        nodes = {name: self.state(name, state, f"{at}/States/{name}") for name, state in states.items()}
        self.outer = outer
        if self.led or at:
            self.problems.extend(graph.problems(fields, states, at))
        location = at or "/"
        self.scopes[location] = Scope(fields.get("StartAt", ""), {name: node for name, node in nodes.items() if node})
        return location

    def assigned(self, states: Fields, at: str) -> frozenset[str]:
        """The variables of a scope; notes the names that it may not have."""
        names: set[str] = set()
        for state, fields in states.items():
            for name, where in assigned(fields):
                names.add(name)
                if words := fault(name, self.outer):
                    self.wrong(words, f"{at}/States/{state}{where}")
        return frozenset(names)

    def state(self, name: str, fields: Json, at: str) -> Node | None:
        """Compile one state."""
        if name in self.names:
            self.wrong(f"Duplicate State name: {name}", at, "DUPLICATE_STATE_NAME")
        self.names.add(name)
        if len(name) > NAME_MAX:
            self.wrong(f"The state name is longer than {NAME_MAX} characters", at, "INVALID_STATE_NAME")
        if not isinstance(fields, dict) or "Type" not in fields:
            self.wrong("These fields are required: [Type]", at)
            return None
        kind = STATE_TYPES.get(fields["Type"]) if isinstance(fields["Type"], str) else None
        if kind is None:
            choices = ", ".join(STATE_TYPES)
            self.wrong(f"The field 'Type' should have one of these values: [{choices}]", f"{at}/Type")
            return None
        before = len(self.problems)
        self.language = language(fields, self.whole)
        self.modern |= self.language is JSONATA or any(assigned(fields))
        if self.language is JSONPATH and self.whole is JSONATA:
            self.wrong(NOT_BACK, at)
        elif self.language is JSONPATH:
            self.warnings.extend(warnings(fields, at))
        self.check(fields, kind.fields, kind.required, at)
        self.problems.extend(check_together(fields, at))
        if found := references(fields, self.language.name):
            self.references[name] = found
        return self.node(name, fields, at) if len(self.problems) == before else None

    def node(self, name: str, fields: Fields, at: str) -> Node | None:
        """Compile a state whose fields are right, each by itself."""
        language, kind = self.language, fields["Type"]
        try:
            work = WORKS[kind](self, fields, at)
            # A Map's Parameters are its ItemSelector by an older name, and shape no arguments.
            flowing = {key: value for key, value in fields.items() if kind != "Map" or key != "Parameters"}
            return Node(
                name=name,
                type=kind,
                language=language.name,
                next=None if kind in NO_NEXT or fields.get("End") is True else fields["Next"],
                flow=language.flow(flowing, RESULT if kind in WORKING else NO_WORK, ""),
                work=work,
                retriers=retriers(self, fields.get("Retry", []), at),
                catchers=catchers(self, fields.get("Catch", []), at),
            )
        except Unclear as wrong:
            self.unclear(wrong, at)
            return None

    def inner(self, fields: Json, at: str, apart: bool = False) -> str:
        """Compile a Parallel branch or a Map's processor; answers the scope's location.

        A scope that is `apart`, the processor of a distributed Map, sees no variables of the scopes around it.
        """
        if not isinstance(fields, dict):
            self.wrong("Expected value of type Object", at)
            return at
        self.check(fields, BRANCH_FIELDS, ("States", "StartAt"), at)
        language, outer = self.language, self.outer
        self.outer = frozenset() if apart else outer
        location = self.scope(fields, at) if isinstance(fields.get("States"), dict) else at
        self.language, self.outer = language, outer
        return location
