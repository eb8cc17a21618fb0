"""CloudFormation: what a template describes is made, changed and removed, and survives a crash at any moment.

One idea: a deployment is rows. What shall be deployed is a blueprint, what is going on is an operation with its tasks,
what exists is a resource row, and each task in progress is a step whose answers are written down in the transaction
that received them. Nothing is held in memory between two calls, so there is nothing to resume: a kept promise is all
that ever runs. Resources are made through the other rooms' own operations, as the one who deploys.

The files, in the order of a deployment: `templates` (the text), `blueprints` (text, parameters and what would change),
`changesets`, `deploying` (includes, SAM, stored parameters; then it begins), `stacks`, `operations` (phase after
phase), `tasks` (what is to be done to a resource), `rows` (what there is), `steps` (doing it), `events` and `exports`;
`nested`, `custom`, `signals` are CloudFormation's own resource types, `waiting` is where they wait for the outside.

Not done: see parity.toml.
"""

from freehold.services.cloudformation import custom, nested, signals
from freehold.services.cloudformation.service import cloudformation

__all__ = ["cloudformation", "custom", "nested", "signals"]
