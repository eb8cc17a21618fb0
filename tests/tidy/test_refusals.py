"""Each error that AWS's model has for operations answered here is brought about by a test, or listed with a reason."""

import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from tests.services.refusal import SERVICES

from freehold.app import ROOMS, rooms
from freehold.kernel.service import snake
from freehold.wire import models

SOURCE = Path(__file__).parents[2] / "src" / "freehold"
CATALOGUES = {room.name: room for room in rooms().values()}


def declared(service: str) -> dict[str, set[str]]:
    """The errors of the service's operations that are answered here, by operation."""
    room = CATALOGUES[service]
    return {
        snake(name): {use.target.name for use in operation.errors}
        for name, operation in models.model(room.model).operations.items()
        if snake(name) in room.operations
    }


def listed(service: str) -> dict[str, str]:
    path = SOURCE / "services" / ROOMS[service].folder / "parity.toml"
    return tomllib.loads(path.read_text()).get("errors", {})


def table(service: str):
    return import_module(f"tests.services.{service}.refusals").REFUSALS


@pytest.mark.parametrize("service", SERVICES)
def test_every_error_is_brought_about_or_listed(service):
    known = {row.error for row in table(service)} | set(listed(service))
    assert not set().union(*declared(service).values()) - known


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_listed_is_declared_and_never_answered(service):
    errors = set().union(*declared(service).values())
    assert not set(listed(service)) - errors
    assert not set(listed(service)) & {row.error for row in table(service)}
    assert all(reason.strip() for reason in listed(service).values())


@pytest.mark.parametrize("service", SERVICES)
def test_rows_are_of_the_model(service):
    operations = declared(service)
    assert not [row for row in table(service) if row.error not in operations[row.operation]]
