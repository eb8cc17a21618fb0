"""Rules 3, 6 and 7: what an operation promises is what it does."""

import ast
import tomllib
from pathlib import Path

import pytest

from freehold.app import ROOMS, rooms
from freehold.kernel.service import snake
from freehold.wire import models

SOURCE = Path(__file__).parents[2] / "src" / "freehold"
CATALOGUES = {room.name: room for room in rooms().values()}
SPOKEN = {name: room for name, room in CATALOGUES.items() if room.model}


def folder(room: str) -> Path:
    return SOURCE / "services" / ROOMS[room].folder


def parity(room: str) -> dict:
    path = folder(room) / "parity.toml"
    return tomllib.loads(path.read_text()) if path.exists() else {}


def texts(room: str) -> set[str]:
    """Every string constant and keyword name in the room's code."""
    found: set[str] = set()
    for file in folder(room).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            elif isinstance(node, ast.keyword) and node.arg:
                found.add(node.arg)
    return found


def answered(room: str) -> dict[str, models.Operation]:
    """The AWS operations that the room answers, from the model."""
    model = models.model(SPOKEN[room].model)
    return {name: found for name, found in model.operations.items() if snake(name) in SPOKEN[room].operations}


@pytest.mark.parametrize("room", SPOKEN)
def test_operations_are_the_models(room):
    model = models.model(SPOKEN[room].model)
    known = {snake(name) for name in model.operations}
    assert not set(SPOKEN[room].operations) - known


@pytest.mark.parametrize("room", SPOKEN)
def test_operations_say_what_they_need(room):
    assert not [name for name, operation in SPOKEN[room].operations.items() if operation.needs is None]


@pytest.mark.parametrize("room", SPOKEN)
def test_inputs_are_read_or_confessed(room):
    """Each input member of each operation stands in the room's code or in its parity file, with a reason."""
    read, confessed = texts(room), parity(room).get("inputs", {})
    silent = []
    for name, operation in answered(room).items():
        for member in operation.input.target.members if operation.input else ():
            told = member in read or f"{name}.{member}" in confessed or f"*.{member}" in confessed
            if not told:
                silent.append(f"{name}.{member}")
    assert not silent


@pytest.mark.parametrize("room", SPOKEN)
def test_confessions_are_of_real_members(room):
    """A parity file names operations and members that exist, and gives each a reason."""
    operations = models.model(SPOKEN[room].model).operations
    for entry, reason in parity(room).get("inputs", {}).items():
        name, _, member = entry.partition(".")
        assert str(reason).strip(), entry
        if name != "*":
            assert name in operations, entry
            use = operations[name].input
            assert use and member.split(".")[0] in use.target.members, entry


@pytest.mark.parametrize("room", CATALOGUES)
def test_rooms_say_what_is_missing(room):
    doc = ast.get_docstring(ast.parse((folder(room) / "__init__.py").read_text()))
    assert doc and "One idea" in doc.replace("one idea", "One idea")
