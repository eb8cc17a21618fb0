"""The wing of destinations: addresses outside the cloud that events are sent to, and what opens them.

One idea: a connection keeps secrets and how they are shown, an API destination an address; a call puts the two and the
target's own parameters together. It may not know rules. It uses `delivery` for how events are written.
"""

from freehold.services.events.destinations import operations

__all__ = ["operations"]
