"""The API of Lambda: one function an operation, by noun. It may not know how functions run."""

from freehold.services.lambda_.catalogue import lambda_
from freehold.services.lambda_.service import account, aliases, functions, invoke, settings, tags

__all__ = ["account", "aliases", "functions", "invoke", "lambda_", "settings", "tags"]
