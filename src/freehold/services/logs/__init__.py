"""CloudWatch Logs: groups of streams of events.

One idea: events lie as they came, a chunk for each batch and slice of time, so that writing is one row and every
reading, of a stream or of a whole group, is a range in order of time. What a retention policy has ended is seen by
nobody from that moment on, whenever its rows are removed.

What a data protection policy finds sensitive is kept beside the events as places, and hidden wherever they are read.

Not done: Insights queries, metric filters, subscription filters, exports, live tail sessions, transformers.
`parity.toml` has the list.
"""

from freehold.services.logs import keepers, resources
from freehold.services.logs.service import logs

__all__ = ["keepers", "logs", "resources"]
