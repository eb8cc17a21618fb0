"""Inputs: what the enrichment and the target are told of an event.

One idea: without a template, the event; with one, what it makes of it, event by event. It may not know who is told.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from freehold.engines import jsontext, moments, templates
from freehold.engines.templates import written
from freehold.services.pipes.flow.events import Event, found
from freehold.services.pipes.pipes import Pipe

cut = lru_cache(maxsize=1_024)(templates.cut_for_pipes)


class Share(NamedTuple):
    """What is told of an event: a `text`, and the JSON of it; None if the text is none."""

    event: Event
    text: str
    json: str | None


def variables(pipe: Pipe, arn: str, now: float) -> dict[str, str]:
    """The reserved variables that are the same for all events."""
    return {
        "aws.pipes.pipe-arn": arn,
        "aws.pipes.pipe-name": pipe.name,
        "aws.pipes.source-arn": pipe.source,
        "aws.pipes.enrichment-arn": pipe.enrichment,
        "aws.pipes.target-arn": pipe.target,
        "aws.pipes.event.ingestion-time": moments.iso_ms(now),
    }


def told(template: str, event: Event, names: Mapping[str, str]) -> Share:
    """What is told of an event. Raises templates.Unfit where a template for JSON made none."""
    if not template:
        text = written(event.value)
        return Share(event, text, text)

    def find(name: str) -> Any:
        whole = {"aws.pipes.event": event.value, "aws.pipes.event.json": event.view}
        return found(event, name) if name.startswith("$") else names[name] if name in names else whole.get(name)

    filled = cut(template)
    if filled.sole:
        value = find(filled.sole)
        return Share(event, value if isinstance(value, str) else written(value), written(value))
    text = filled.fill(find)
    return Share(event, text, text if _is_json(text) else None)


def _is_json(text: str) -> bool:
    try:
        jsontext.read(text, msgspec.Raw)
    except msgspec.DecodeError:
        return False
    return True
