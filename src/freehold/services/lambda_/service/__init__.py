"""The API of Lambda: one function an operation, by noun. It may not know how functions run."""

from freehold.services.lambda_.catalogue import lambda_
from freehold.services.lambda_.service import aliases, functions, invoke, layers, mappings, permissions, settings, urls

__all__ = ["aliases", "functions", "invoke", "lambda_", "layers", "mappings", "permissions", "settings", "urls"]
