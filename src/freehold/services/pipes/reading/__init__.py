"""The wing of reading: queues and streams, read for pipes that run. It uses `flow`.

One idea: a pipe's reader reads its source as the pipe's role, and hands batches to executions; a place in a stream
moves with the outcome, a message is deleted after it, so whatever dies, nothing is lost. It may not know what
executions do.
"""

from freehold.services.pipes.reading import attending

__all__ = ["attending"]
