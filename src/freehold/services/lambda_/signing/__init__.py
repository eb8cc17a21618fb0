"""The wing of code signing: which publishers' code a function may run. It leans on `access`.

One idea: a configuration is a list of signing profiles and what becomes of other code; it is asked when code is
deployed, never when it runs. It may not know how functions run.
"""

from freehold.services.lambda_.signing import checks, configs, operations, resources

__all__ = ["checks", "configs", "operations", "resources"]
