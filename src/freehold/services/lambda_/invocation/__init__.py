"""The wing of invocation: from a version of a function to the result of one request that `access` admits.

One idea: find what is to run, count it, run it in the sandbox as the function's role, and write what it left. Of the
other wings it asks `layers` alone, for what stands in for public ones. It may not know how requests come.
"""

from freehold.services.lambda_.invocation import floor, logs, roles, running

__all__ = ["floor", "logs", "roles", "running"]
