"""The API of SNS: one function an operation, by noun. It may not know how messages travel."""

from freehold.services.sns.catalogue import sns
from freehold.services.sns.service import publishing, settings, subscriptions, topics

__all__ = ["publishing", "settings", "sns", "subscriptions", "topics"]
