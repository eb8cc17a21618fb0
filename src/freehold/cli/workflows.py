"""The commands of `freehold workflow`, by name."""

from freehold.cli.workflow import graph, steps, watch
from freehold.cli.workflow_cost import cost

COMMANDS = {"cost": cost, "graph": graph, "steps": steps, "watch": watch}
