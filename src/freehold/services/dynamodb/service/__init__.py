"""The API of DynamoDB: one function an operation, by noun. It may not know how items lie."""

from freehold.services.dynamodb.service import batches, insights, items, policies, settings, tables, transactions
from freehold.services.dynamodb.service.catalogue import dynamodb

__all__ = ["batches", "dynamodb", "insights", "items", "policies", "settings", "tables", "transactions"]
