"""Definitions: the texts of state machines, compiled once.

One idea: a definition is known by the digest of its text, so a compiled one can never be stale, and an execution that
runs on while its machine is updated keeps the one it began with. It may not know which machine has it.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
"""

from collections.abc import Iterator
from hashlib import sha256

from freehold.engines import asl
from freehold.engines.asl.machine import Machine, Service, Task
from freehold.kernel.store import Record, Tx
from freehold.services.states import parameters
from freehold.services.states.known import known

STANDARD, EXPRESS = "STANDARD", "EXPRESS"
COMPILED_MAX = 1_000
INVALID = "SCHEMA_VALIDATION_FAILED"
NOT_RECOGNIZED = (
    "The resource provided {resource} is not recognized. The value is not a valid resource ARN, or the resource is not "
    "available in this region."
)


class Definition(Record, table="states_definitions", key="digest"):
    """A text that compiles, by its SHA-256."""

    digest: str
    text: str


_compiled: dict[str, Machine] = {}


def keep(tx: Tx, text: str, kind: str) -> str:
    """Write a definition down; its digest. Raises InvalidDefinition if it is not one, for machines of this type."""
    machine = check(text, kind)
    digest = sha256(text.encode()).hexdigest()
    _remember(digest, machine)
    tx.add(Definition(digest=digest, text=text))
    return digest


def check(text: str, kind: str) -> Machine:
    """The machine that a definition describes. Raises InvalidDefinition."""
    machine = asl.compile(text)
    problems = [*_unknown(machine), *(_too_much_for_express(machine) if kind == EXPRESS else ())]
    problems = problems or list(parameters.problems(machine.definition))
    if problems:
        raise asl.InvalidDefinition(problems)
    return machine


def check_known(machine: Machine) -> None:
    """Raise InvalidDefinition if a task asks for a service integration that AWS does not have."""
    problems = list(_unknown(machine))
    if problems:
        raise asl.InvalidDefinition(problems)


def compiled(tx: Tx, digest: str) -> Machine:
    """The machine of a definition that was kept."""
    machine = _compiled.get(digest)
    return machine or _remember(digest, asl.compile(text(tx, digest)))


def text(tx: Tx, digest: str) -> str:
    """The text of a definition that was kept."""
    definition = tx.get(Definition, digest)
    assert definition, "machines and executions name only definitions that are kept"
    return definition.text


def _remember(digest: str, machine: Machine) -> Machine:
    while len(_compiled) >= COMPILED_MAX:
        del _compiled[next(iter(_compiled))]
    _compiled[digest] = machine
    return machine


def _tasks(machine: Machine) -> Iterator[tuple[Service, str, str]]:
    """Which service each task calls, its Resource, and where that stands."""
    for location, scope in machine.scopes.items():
        for name, node in scope.nodes.items():
            if isinstance(node.work, Task):
                yield node.work.service, node.work.resource, f"{location.rstrip('/')}/States/{name}/Resource"


def _unknown(machine: Machine) -> Iterator[asl.Problem]:
    """Tasks whose service integration AWS does not have."""
    for service, resource, where in _tasks(machine):
        if service.family == "Task" and not known(service):
            yield asl.Problem(INVALID, NOT_RECOGNIZED.format(resource=resource), where)


def _too_much_for_express(machine: Machine) -> Iterator[asl.Problem]:
    """Tasks that wait for more than an answer, which Express machines do not."""
    for service, _, where in _tasks(machine):
        if service.pattern:
            gap = " " if service.pattern == "waitForTaskToken" else ""
            words = f"Express state machine does not support '.{service.pattern}' service integration{gap}"
            yield asl.Problem(INVALID, words, where)
        elif service.family == "Activity":
            yield asl.Problem(INVALID, "Express state machine does not support Activity tasks", where)
