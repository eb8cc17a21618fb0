"""The wing of writing: items put, updated and deleted, one or many, each for itself or all together.

One idea: every write is a function from the item before to the item after, at a place, under a condition. It may not
know how items lie.
"""

from freehold.services.dynamodb.writing import batches, operations, tokens, transactions, writes

__all__ = ["batches", "operations", "tokens", "transactions", "writes"]
