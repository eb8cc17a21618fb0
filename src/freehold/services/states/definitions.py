"""Definitions: the texts of state machines, compiled once.

One idea: a definition is known by the digest of its text, so a compiled one can never be stale, and an execution that
runs on while its machine is updated keeps the one it began with. It may not know which machine has it.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
"""

from collections.abc import Iterator
from hashlib import sha256

from freehold.engines import asl
from freehold.engines.asl.machine import Machine, Map, Node, Task
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
    problems = [*_unknown(machine), *_too_much_for_express(machine, kind)]
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


def _nodes(machine: Machine) -> Iterator[tuple[Node, str]]:
    """Every state, and where it stands."""
    for location, scope in machine.scopes.items():
        for name, node in scope.nodes.items():
            yield node, f"{location.rstrip('/')}/States/{name}"


def _unknown(machine: Machine) -> Iterator[asl.Problem]:
    """Tasks whose service integration AWS does not have."""
    for node, where in _nodes(machine):
        work = node.work
        if isinstance(work, Task) and work.service.family == "Task" and not known(work.service):
            yield asl.Problem(INVALID, NOT_RECOGNIZED.format(resource=work.resource), f"{where}/Resource")


def _too_much_for_express(machine: Machine, kind: str) -> Iterator[asl.Problem]:
    """States that wait for more than an answer, which Express executions do not: those of Express machines, and of
    Express children."""
    works = [node.work for node, _ in _nodes(machine)]
    shares = [(work.processor, work.distribution) for work in works if isinstance(work, Map)]
    express = tuple(place for place, share in shares if share and share.execution_type == EXPRESS)
    for node, where in _nodes(machine):
        if kind == EXPRESS or where.startswith(express):
            yield from _too_much(node, where)


def _too_much(node: Node, where: str) -> Iterator[asl.Problem]:
    work = node.work
    if isinstance(work, Map) and work.distribution:
        yield asl.Problem(INVALID, "Express state machine does not support Distributed Map state", where)
    elif isinstance(work, Task) and work.service.pattern:
        gap = " " if work.service.pattern == "waitForTaskToken" else ""
        words = f"Express state machine does not support '.{work.service.pattern}' service integration{gap}"
        yield asl.Problem(INVALID, words, f"{where}/Resource")
    elif isinstance(work, Task) and work.service.family == "Activity":
        yield asl.Problem(INVALID, "Express state machine does not support Activity tasks", f"{where}/Resource")
