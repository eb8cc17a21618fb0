"""Items as lines of files: in DynamoDB's JSON, in Ion text, and in CSV.

One idea: a format is one function from what is told of an item to a line, and one from a line to an item. It may not
know files nor tables.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataImport.Format.html
"""

import base64
import binascii
import csv
from collections.abc import Callable
from typing import Any

import msgspec

from freehold.engines import ion
from freehold.engines.expressions import Item

JSON, ION, CSV = "DYNAMODB_JSON", "ION", "CSV"
ENDINGS = {JSON: "json.gz", ION: "ion.gz"}
QUOTE = '"'

Told = dict[str, Any]  # member → item, or → text


class Unreadable(ValueError):
    """A line that is none of its format; what follows it in its file is not read."""


class Unfit(ValueError):
    """A line that can be read and has no item."""


def write(told: Told, format: str) -> bytes:
    """What is told of an item, as a line. Members with text are metadata."""
    return WRITERS[format](told) + b"\n"


def _write_ion(told: Told) -> bytes:
    parts = [f"{name}:{ion.write_item(item)}" for name, item in told.items()]
    return f"{ion.MARK} {{{','.join(parts)}}}".encode()


def read(line: str, format: str) -> Item:
    """The item of a line. Raises Unreadable, Unfit."""
    return READERS[format](line)


def _read_json(line: str) -> Item:
    try:
        told = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise Unreadable(f"Malformed JSON: {wrong}") from wrong
    if not isinstance(told, dict) or not isinstance(told.get("Item"), dict):
        raise Unfit("The line has no Item")
    return {name: _blobs(value) for name, value in told["Item"].items()}


def _blobs(value: Any) -> Any:
    """An attribute value with its blobs as bytes."""
    if not isinstance(value, dict) or len(value) != 1:
        raise Unfit("A value must have one type")
    ((kind, content),) = value.items()
    if kind in NESTED:
        return {kind: NESTED[kind](content)}
    if not isinstance(content, PLAIN.get(kind, ())):
        raise Unfit(f"A value is not of the type it names: {kind}")
    if kind in ("NS", "SS") and not all(isinstance(one, str) for one in content):
        raise Unfit(f"A value is not of the type it names: {kind}")
    return value


def _blob(content: Any) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, TypeError, ValueError) as wrong:
        raise Unfit("A blob is not in Base64") from wrong


def _map(content: Any) -> Any:
    if not isinstance(content, dict):
        raise Unfit("A map is none")
    return {name: _blobs(value) for name, value in content.items()}


def _list(one: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def read(content: Any) -> Any:
        if not isinstance(content, list):
            raise Unfit("A list is none")
        return [one(member) for member in content]

    return read


NESTED: dict[str, Callable[[Any], Any]] = {"B": _blob, "BS": _list(_blob), "L": _list(_blobs), "M": _map}
PLAIN: dict[str, Any] = {"S": str, "N": str, "BOOL": bool, "NULL": bool, "SS": list, "NS": list}


def _read_ion(line: str) -> Item:
    try:
        told = ion.read(line).get("M", {})
    except ion.IonError as wrong:
        raise Unreadable(f"Malformed Ion: {wrong}") from wrong
    if "M" not in told.get("Item", {}):
        raise Unfit("The line has no Item")
    return told["Item"]["M"]


WRITERS: dict[str, Callable[[Told], bytes]] = {JSON: msgspec.json.encode, ION: _write_ion}
READERS: dict[str, Callable[[str], Item]] = {JSON: _read_json, ION: _read_ion}


def read_row(row: str, delimiter: str) -> list[str]:
    return next(csv.reader([row], delimiter=delimiter), [])


def item_of(row: list[str], header: list[str], types: dict[str, str]) -> Item:
    """The item of a CSV row: texts, but for attributes of keys. Raises Unfit."""
    if len(row) != len(header):
        raise Unfit(f"The row has {len(row)} columns, its header {len(header)}")
    item: Item = {}
    for name, cell in zip(header, row):
        kind = types.get(name, "S")
        item[name] = {kind: _blob(cell) if kind == "B" else cell}
    return item
