"""Tumbling windows: what a function remembers from one event to the next, as long as a window lasts.

One idea: a window is a row beside a position, with the state that the function returned last; when its time is over,
the function is called once more without records, and the row goes. It may not know how functions are called.

https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html
"""

from typing import Any

import msgspec

from freehold.engines import moments
from freehold.engines.sources.streams import Item
from freehold.kernel.store import Record, Tx


class Window(Record, table="lambda_windows", key="mapping shard"):
    """A window of a shard that has begun: its bounds, the state as JSON, and how often its final call failed."""

    mapping: str
    shard: str
    start_at: float
    end_at: float
    state: bytes = b"{}"
    failures: int = 0


def start_of(item: Item, length_s: int) -> float:
    """When the window of an item begins; 0 for all where there are no windows."""
    return item.arrived_at // length_s * length_s if length_s else 0.0


def open_at(tx: Tx, mapping: str, shard: str, item: Item, length_s: int) -> Window:
    """The window of an item: the one under way, or one that begins with it."""
    start = start_of(item, length_s)
    known = tx.get(Window, mapping, shard)
    if known and known.start_at == start:
        return known
    return Window(mapping=mapping, shard=shard, start_at=start, end_at=start + length_s)


def event(window: Window, source: str, *, final: bool, early: bool = False) -> dict[str, Any]:
    """What a function is told beside the records."""
    return {
        "window": {"start": moments.iso_s(window.start_at), "end": moments.iso_s(window.end_at)},
        "state": msgspec.json.decode(window.state),
        "shardId": window.shard,
        "eventSourceARN": source,
        "isFinalInvokeForWindow": final,
        "isWindowTerminatedEarly": early,
    }


def keep(tx: Tx, window: Window, payload: bytes) -> None:
    """Remember the state in a function's answer; an answer without one leaves what was."""
    try:
        answer = msgspec.json.decode(payload)
    except msgspec.DecodeError:
        answer = None
    if isinstance(answer, dict) and "state" in answer:
        window.state = msgspec.json.encode(answer["state"])
    tx.put(window)


def close(tx: Tx, window: Window) -> None:
    tx.delete(Window, window.mapping, window.shard)


def forget(tx: Tx, mapping: str) -> None:
    for window in tx.range(Window, mapping):
        close(tx, window)


def finish(tx: Tx, window: Window, well: bool, retries_max: int) -> bool:
    """Record a window's last call: it is closed if the call went well, or failed as often as may be."""
    window.failures += 1
    closed = well or window.failures == retries_max + 1
    if closed:
        close(tx, window)
    else:
        tx.put(window)
    return closed
