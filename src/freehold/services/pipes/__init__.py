"""EventBridge Pipes: what a queue or stream holds is filtered, enriched, reshaped and handed to one target.

One idea: a pipe is a wish, whose reader fulfils it; everything is done as the pipe's role, and what a target did not
take stays where it was read. What this room does not do stands in `parity.toml`.
"""

from freehold.services.pipes import reading, resources
from freehold.services.pipes.service import pipes

__all__ = ["pipes", "reading", "resources"]
