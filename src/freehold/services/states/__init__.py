"""Step Functions: state machines, their versions and aliases, executions, callbacks and activities.

One idea: an execution is a record, and what it waits for are rows: a task is a promise of another service's call, a
wait is an alarm. Each event is one transaction over the pure engine of the States Language, so a crash at any moment
loses nothing and does nothing twice.

Its wings are `running`, `integrations`, `maps`, `activities`, `configuration` and `testing`.

Not done: of the optimised integrations all but API Gateway, Lambda, SQS, SNS, DynamoDB,
EventBridge and Step Functions itself. `parity.toml` has the list.
"""

from freehold.services.states import activities, configuration, integrations, maps, resources, running, testing
from freehold.services.states.service import states

__all__ = ["activities", "configuration", "integrations", "maps", "resources", "running", "states", "testing"]
