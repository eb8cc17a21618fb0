"""The wing of testing: one state done alone, with or without mocks, and what its fields made of the data.

One idea: a trial is the engine's; here is what it is given, checked in AWS's words, and the call that a task without a
mock makes, which `integrations` knows, as a role that `configuration` assumes. It may not know executions.
"""

from freehold.services.states.testing import contexts, mocks, operations

__all__ = ["contexts", "mocks", "operations"]
