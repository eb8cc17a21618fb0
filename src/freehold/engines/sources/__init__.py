"""Event sources: queues and streams as they are read for functions and pipes.

One idea: what is asked, what records look like, which are wanted, and how a batch of them is worked off, is the same
whoever reads. It may not know functions, pipes, stores or clocks; who reads gives the way to ask.
"""

from freehold.engines.sources import filtering, pages, queues, reading, streams

__all__ = ["filtering", "pages", "queues", "reading", "streams"]
