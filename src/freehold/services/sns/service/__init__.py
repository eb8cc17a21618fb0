"""The API of SNS: one function an operation, by noun. It may not know how messages travel."""

from freehold.services.sns.service import phones, publishing, push, settings, subscriptions, topics
from freehold.services.sns.service.catalogue import sns

__all__ = ["phones", "publishing", "push", "settings", "sns", "subscriptions", "topics"]
