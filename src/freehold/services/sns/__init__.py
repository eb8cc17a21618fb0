"""SNS: topics, and those who want their messages.

One idea: publishing writes one promise for each subscription that wants the message, in the transaction that answers;
so what was answered will be delivered, to queues exactly once. What this room does not do stands in `parity.toml`.

Its wings are `archive`, `delivery`, `phones`, `protection` and `push`.
"""

from freehold.services.sns import keepers, phones, protection, push, resources
from freehold.services.sns.service import sns

__all__ = ["keepers", "phones", "protection", "push", "resources", "sns"]
