"""The API of DynamoDB: one function an operation, by noun. It may not know how items lie."""

from freehold.services.dynamodb.service import settings, tables
from freehold.services.dynamodb.service.catalogue import dynamodb

__all__ = ["dynamodb", "settings", "tables"]
