"""EventBridge: buses, rules and targets.

One idea: taking an event writes one promise for each target of each rule that it matches, in the transaction that
answers; so what was acknowledged will be told, or lie in a dead-letter queue. What this room does not do stands in
`parity.toml`.

Its wings are `delivery`, `archives`, `destinations` and `partners`.
"""

from freehold.services.events import archives, delivery, destinations, partners, resources
from freehold.services.events.service import events

__all__ = ["archives", "delivery", "destinations", "events", "partners", "resources"]
