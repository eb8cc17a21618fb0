"""The wing of function URLs: functions with an address of their own in the web, by way of `invocation`.

One idea: a web request becomes an event, and a result becomes a response. It may not know how functions run.
"""

from freehold.services.lambda_.urls import configs, cors, front, operations, payloads, resources

__all__ = ["configs", "cors", "front", "operations", "payloads", "resources"]
