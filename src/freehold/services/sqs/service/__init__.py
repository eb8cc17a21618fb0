"""The API of SQS: one function an operation, by noun. It may not know how messages lie."""

from freehold.services.sqs.service import messages, queues
from freehold.services.sqs.service.catalogue import sqs

__all__ = ["messages", "queues", "sqs"]
