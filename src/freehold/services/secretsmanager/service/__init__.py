"""The API of Secrets Manager: one function an operation, by noun. It may not know how values are encrypted."""

from freehold.services.secretsmanager.catalogue import secretsmanager
from freehold.services.secretsmanager.service import lists, policies, rotations, secrets, tags, values

__all__ = ["lists", "policies", "rotations", "secrets", "secretsmanager", "tags", "values"]
