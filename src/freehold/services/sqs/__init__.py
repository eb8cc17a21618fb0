"""SQS: queues of messages, standard and FIFO.

One idea: when a message can be seen is a moment compared with now. Delay, visibility timeout, retention and the counts
of a queue are such comparisons; nothing is moved when time passes. What this room does not do stands in `parity.toml`.

Its wing is `moving`.
"""

from freehold.services.sqs import keepers, moving, resources
from freehold.services.sqs.service import sqs

__all__ = ["keepers", "moving", "resources", "sqs"]
