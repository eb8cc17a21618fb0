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
def simulate_seed(tmp_path_factory):
    """Run a scenario in the world of a seed; returns the world's trace."""
    return lambda seed, scenario: World(seed, tmp_path_factory.mktemp("world")).run(scenario)


@pytest.fixture
def simulate(seed, simulate_seed):
    """Run a scenario in this test's world."""
    return lambda scenario: simulate_seed(seed, scenario)
