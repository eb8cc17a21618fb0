"""The wing of running: an execution from its start to its end, one transaction a step.

One idea: the engine decides, its commands become rows, and their outcomes its next events. What the calls of tasks are
it asks `integrations`. It may not know requests.
"""

from freehold.services.states.running import ends, logs, outcomes, steps

__all__ = ["ends", "logs", "outcomes", "steps"]
