"""What Step Functions adds to JSONata's library, and what it takes away."""

from collections.abc import Mapping

from freehold.engines.jsonata.callables import Function

FUNCTIONS: Mapping[str, Function | None] = {
    "uuid": Function(lambda run: run.setting.new_id(), "<:s>"),
    "eval": None,
}
