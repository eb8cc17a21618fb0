"""Inputs: what a target is told of an event.

One idea: of the whole event, a part of it, a fixed text or a filled-in template, one is told. It may not know targets'
kinds.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from freehold.engines import jsonpath, moments, templates
from freehold.engines.templates import written
from freehold.services.events.errors import UnfitInput
from freehold.services.events.event import Event

path_of = lru_cache(maxsize=4_096)(jsonpath.compile_path)
PATH = "$."
cut = lru_cache(maxsize=4_096)(templates.cut)

# The event as <aws.events.event> tells it: names and order are AWS's.
OUTLINE = {
    "id": "id", "account": "account", "detailType": "detail-type", "time": "time", "source": "source",
    "region": "region", "resources": "resources", "version": "version",
}  # fmt: skip
RESERVED: dict[str, Callable[[Event, str, str, float], Any]] = {
    "aws.events.rule-arn": lambda event, arn, name, now: arn,
    "aws.events.rule-name": lambda event, arn, name, now: name,
    "aws.events.event.ingestion-time": lambda event, arn, name, now: moments.iso_s(now),
    "aws.events.event": lambda event, arn, name, now: {told: event[own] for told, own in OUTLINE.items()},
    "aws.events.event.json": lambda event, arn, name, now: event,
}


def found(event: Event, path: str) -> Any:
    """The value at a path; None where there is none."""
    value = path_of(path).find(event)
    return None if value is jsonpath.MISSING else value


def shown(value: Any) -> str:
    """A value as a text: strings as they are, nothing as none, others as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else written(value)


def dynamic(value: Any, event: Event) -> Any:
    """A target's parameters, with what the event has at it in place of each text that is a path.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html#targets-specifics-dynamic-path
    """
    if isinstance(value, dict):
        return {name: dynamic(inner, event) for name, inner in value.items()}
    if isinstance(value, list):
        return [dynamic(inner, event) for inner in value]
    return shown(found(event, value)) if value.startswith(PATH) else value


def told(members: Mapping[str, Any], event: Event, rule_arn: str, rule_name: str, now: float) -> str:
    """The text for a target of these members. Raises UnfitInput where a template made no JSON."""
    if "Input" in members:
        return str(members["Input"])
    if "InputPath" in members:
        return written(found(event, members["InputPath"]))
    if "InputTransformer" not in members:
        return written(event)
    paths = members["InputTransformer"].get("InputPathsMap", {})

    def find(name: str) -> Any:
        own = RESERVED.get(name)
        return own(event, rule_arn, rule_name, now) if own else found(event, paths[name])

    try:
        return cut(members["InputTransformer"]["InputTemplate"]).fill(find)
    except templates.Unfit as unfit:
        raise UnfitInput(text=str(unfit)) from None
