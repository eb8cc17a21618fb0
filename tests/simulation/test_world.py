"""The world itself: a seed repeats a run, and a cloud that answers too early is caught."""

from unittest.mock import patch

import pytest
from tests.simulation.disk import Log
from tests.simulation.test_queues import Work
from tests.simulation.test_topics import Broadcast


@pytest.mark.parametrize("scenario", [Broadcast, Work])
def test_a_seed_repeats_a_run(simulate, scenario):
    assert simulate(scenario()) == simulate(scenario())


def hasty(self, loop):
    """Say at once that everything is on disk."""
    self._busy = True
    loop.call_soon(self._done, loop, self.written, None)


def test_a_cloud_that_answers_before_the_flush_is_caught(simulate_seed):
    caught = 0
    with patch.object(Log, "_order", hasty):
        for seed in range(4):
            try:
                simulate_seed(seed, Work())
            except Exception:
                caught += 1
    assert caught
