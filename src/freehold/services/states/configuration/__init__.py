"""The wing of configuration: what machines and activities are configured with beside their definitions.

One idea: each configuration gets AWS's defaults and is refused in AWS's words. Where executions are logged, which is
tried out when a machine is made, it asks `running`. It may not know machines.
"""

from freehold.services.states.configuration import settings

__all__ = ["settings"]
