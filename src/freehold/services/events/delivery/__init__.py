"""The wing of delivery: from an event on a bus to promises to all who want it.

One idea: what matches is decided in the transaction that takes the event, and each target's share of it is a promise of
its own, so nothing that was acknowledged is lost and a slow target holds up no other. It uses `archives` and
`destinations`.
"""

from freehold.services.events.delivery import apis, operations

__all__ = ["apis", "operations"]
