"""Seeds: a handful by default; FREEHOLD_SEED repeats one, FREEHOLD_SEEDS asks for that many."""

import os

import pytest
from tests.simulation.world import World

SEEDS = 6


def pytest_generate_tests(metafunc):
    if "seed" in metafunc.fixturenames:
        one, many = os.environ.get("FREEHOLD_SEED"), int(os.environ.get("FREEHOLD_SEEDS", SEEDS))
        metafunc.parametrize("seed", [int(one)] if one else range(many))


@pytest.fixture
def simulate(seed, tmp_path_factory):
    """Run a scenario; returns its world's trace."""
    return lambda scenario: World(seed, tmp_path_factory.mktemp("world")).run(scenario)
