"""The wing of flow: what happens to a batch of events between the source and the target.

One idea: an execution takes a batch through two stages, each of which reshapes every event and asks one service; what
the target did not take is told by the events' ids, whatever kind of target it is. It may not know how sources are read.
"""

from freehold.services.pipes.flow import execution, journal

__all__ = ["execution", "journal"]
