"""The wing of function URLs: addresses in the web for functions, by way of `invocation` and `access`.

One idea: a web request becomes an event, and a result becomes a response. It may not know how functions run.
"""

from freehold.services.lambda_.urls import configs, cors, front, operations, payloads, resources

__all__ = ["configs", "cors", "front", "operations", "payloads", "resources"]
