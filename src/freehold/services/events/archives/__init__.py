"""The wing of archives: what a bus had, kept, and told once more.

One idea: an archive is a pattern with the events that it let in, in order of their times; a replay walks along them a
page in each transaction, so it goes on where it was after a crash and may be called off between any two. It uses
`delivery`.
"""

from freehold.services.events.archives import operations

__all__ = ["operations"]
