"""The wing of maps: how a Map Run reads its items, runs its children, and ends.

One idea: each stage leaves what the next needs in the run's rows and promises it, so a run goes on wherever it was
killed, and no child is started twice. Children are executions, which `running` takes from step to step; what S3 answers
is told as `integrations` tells it. Its operations show runs and change their limits.
"""

from freehold.services.states.maps import children, operations, reading, results

__all__ = ["children", "operations", "reading", "results"]
