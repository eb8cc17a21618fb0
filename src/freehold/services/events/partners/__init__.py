"""The wing of partners: events of other accounts' software, on a bus of its own.

One idea: a partner event source is one record, seen by the partner who made it and by the account it was made for; a
bus of its name takes its events. It uses `delivery`.
"""

from freehold.services.events.partners import operations

__all__ = ["operations"]
