"""The house: what Freehold tells of itself, under `/_freehold/`. It has no AWS model.

One idea: what AWS would send into the world by mail or SMS is kept in an outbox that people can read. It may not know
which service sent it.
"""

from freehold.services.house.service import house

__all__ = ["house"]
