"""The API of Parameter Store: one function an operation, by noun. It may not know how values are sealed."""

from freehold.services.ssm.service import labels, lists, parameters, tags
from freehold.services.ssm.service.catalogue import ssm

__all__ = ["labels", "lists", "parameters", "ssm", "tags"]
