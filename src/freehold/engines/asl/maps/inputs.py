"""What each child of a Map Run is given.

One idea: items go through ItemSelector one by one and are gathered into batches, as they come; nothing holds more than
a batch. It knows the machine, and nothing of where items come from.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from freehold.engines.jsonpath import Json

from .. import errors, values
from ..errors import Failure
from ..frame import Frame
from ..intrinsics import Chance
from ..machine import Machine, Map
from ..protocol import Batcher, RunMap


class Child(NamedTuple):
    """The input (JSON) of a child execution, and how many items are in it."""

    input: str
    items: int


def inputs(
    machine: Machine, command: RunMap, items: Iterable[Json], now: float, chance: Chance, source: str = "STATE_DATA"
) -> Iterator[Child]:
    """The children's inputs, in the order of the items. `source` is Map.Item.Source: an S3 address, or STATE_DATA.

    Raises Failure, if need be only on the way: what ItemSelector raises, or an item that is too large.
    """
    texts = map(values.write, _selected(machine, command, items, now, chance, source))
    return _batches(texts, command.batcher) if command.batcher else (_child(text, 1) for text in texts)


def _selected(
    machine: Machine, command: RunMap, items: Iterable[Json], now: float, chance: Chance, source: str
) -> Iterator[Json]:
    work = machine.scopes[command.scope].nodes[command.state].work
    assert isinstance(work, Map), "RunMap is about a Map state"
    if work.selector is None:
        yield from items
        return
    view = command.view
    context, variables = values.read(view.context), {name: values.read(text) for name, text in view.variables.items()}
    frame = Frame(values.read(view.input), lambda: context, variables, chance, now, view.input)
    for index, item in enumerate(items):
        context["Map"] = {"Item": {"Index": index, "Value": item, "Source": source}}
        yield work.selector(frame)


def _batches(texts: Iterable[str], batcher: Batcher) -> Iterator[Child]:
    """As many items as fit, for each child. An item that alone is too large fails the run."""
    head = "{" if batcher.input is None else f'{{"BatchInput":{batcher.input},'
    bytes_max = min(batcher.bytes_max or values.SIZE_MAX, values.SIZE_MAX)
    around = len(f'{head}"Items":[]}}'.encode())
    batch: list[str] = []
    size = around
    for text in texts:
        length = len(text.encode()) + 1
        full = len(batch) == batcher.items_max if batcher.items_max else False
        if batch and (full or size + length - 1 > bytes_max):
            yield _child(f'{head}"Items":[{",".join(batch)}]}}', len(batch))
            batch, size = [], around
        if around + length - 1 > bytes_max:
            raise Failure(errors.ITEM_READER, errors.ITEM_TOO_LARGE.format(limit=bytes_max))
        batch.append(text)
        size += length
    if batch:
        yield _child(f'{head}"Items":[{",".join(batch)}]}}', len(batch))


def _child(text: str, items: int) -> Child:
    if values.oversize(text):
        raise Failure(errors.ITEM_READER, errors.ITEM_TOO_LARGE.format(limit=values.SIZE_MAX))
    return Child(text, items)
