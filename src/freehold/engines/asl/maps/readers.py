"""Readers: the items in a file that ItemReader names.

One idea: a reader is a function from a text to an iterator of items, chosen by InputType; none reads further than it is
asked to. It knows no buckets: which files there are to fetch, `parts` tells.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from freehold.engines.jsonpath import Json

from .. import errors, values
from ..errors import Failure
from ..protocol import Reader

DELIMITERS = {"COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "SPACE": " ", "TAB": "\t"}
ITEMS_MAX = 100_000_000


def failed(cause: str) -> Failure:
    """The Map Run cannot read its items."""
    return Failure(errors.ITEM_READER, cause)


def read(text: str, reader: Reader) -> Iterator[Json]:
    """The items of a file. Raises Failure, if need be only on the way."""
    if reader.items_max < 0:
        raise failed("field MaxItems must be positive")
    form = FORMS.get(reader.input_type)
    if form is None:
        raise failed(f"The InputType {reader.input_type} cannot be read")
    return _limited(form(text, reader), reader)


def _limited(items: Iterable[Json], reader: Reader) -> Iterator[Json]:
    return islice(items, min(reader.items_max or ITEMS_MAX, ITEMS_MAX))


def _csv(text: str, reader: Reader) -> Iterator[Json]:
    lines = _lines(text, reader.delimiter)
    headers = list(reader.headers) if reader.header_location == "GIVEN" else next(lines, [])
    yield from rows(lines, headers)


def _lines(text: str, delimiter: str = "COMMA") -> Iterator[list[str]]:
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=DELIMITERS[delimiter])
    return (line for line in lines if line)


def rows(lines: Iterable[list[str]], headers: list[str]) -> Iterator[Json]:
    """Lines as objects: missing cells are empty, and cells beyond the headers are dropped. Raises Failure."""
    if len(set(headers)) < len(headers):
        raise failed("CSV headers cannot contain duplicates.")
    order = _scattered(headers)
    for line in lines:
        yield {headers[at]: line[at] if at < len(line) else "" for at in order}


def _scattered(names: list[str]) -> list[int]:
    """The order in which AWS writes the members of a row: that of the buckets of Java's HashMap."""
    size = 16
    while len(names) > size * 3 // 4:
        size *= 2
    return sorted(range(len(names)), key=lambda at: _spread(names[at]) % size)


def _spread(name: str) -> int:
    """The hash of a String as a HashMap spreads it: https://docs.oracle.com/javase/8/docs/api/java/util/HashMap.html"""
    code = 0
    for unit in memoryview(name.encode("utf-16-le")).cast("H"):
        code = (31 * code + unit) & 0xFFFFFFFF
    return code ^ (code >> 16)


def _json(text: str, reader: Reader) -> Iterator[Json]:
    value = _parsed(text)
    for step in reader.items_pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            raise failed(f"The ItemsPointer {reader.items_pointer} leads nowhere.")
    if not isinstance(value, list):
        raise failed("Attempting to map over non-iterable node.")
    return iter(value)


def _jsonl(text: str, _: Reader) -> Iterator[Json]:
    return (_parsed(line) for line in text.splitlines() if line.strip())


def _parsed(text: str) -> Json:
    try:
        return values.read(text.removeprefix("\ufeff"))
    except msgspec.DecodeError:
        raise failed("Attempting to map over a file that is no valid JSON.") from None


FORMS: dict[str, Callable[[str, Reader], Iterator[Json]]] = {"CSV": _csv, "JSON": _json, "JSONL": _jsonl}


# Lists of objects, and manifests, which name further files


def listed(contents: Iterable[dict[str, Any]]) -> Iterator[Json]:
    """The items that a list of objects makes (Contents of ListObjectsV2, moments in epoch seconds)."""
    for one in contents:
        yield {
            "Etag": one["ETag"],
            "Key": one["Key"],
            "LastModified": one["LastModified"],
            "Size": one["Size"],
            "StorageClass": one.get("StorageClass", "STANDARD"),
        }


class Part(NamedTuple):
    """A further file to fetch: its bucket ("" for the reader's own), key, whether it is gzipped, and how to read it."""

    bucket: str
    key: str
    gzipped: bool
    reader: Reader


def parts(text: str, reader: Reader) -> list[Part]:
    """The files that a manifest names: an S3 inventory's, or those of an Athena UNLOAD. Raises Failure."""
    if reader.manifest_type == "ATHENA_DATA":
        return [_unloaded(line.strip(), reader) for line in text.splitlines() if line.strip()]
    inventory = _parsed(text)
    try:
        if inventory["fileFormat"] != "CSV":
            raise failed("Only inventories in CSV format can be read.")
        headers = tuple(name.strip() for name in inventory["fileSchema"].split(","))
        given = msgspec.structs.replace(reader, input_type="CSV", header_location="GIVEN", headers=headers)
        bucket = inventory["destinationBucket"].rpartition(":")[2]
        return [Part(bucket, one["key"], one["key"].endswith(".gz"), given) for one in inventory["files"]]
    except (KeyError, TypeError):
        raise failed("The manifest is no S3 inventory.") from None


def _unloaded(address: str, reader: Reader) -> Part:
    scheme, _, path = address.partition("://")
    bucket, _, key = path.partition("/")
    if scheme != "s3" or not key:
        raise failed(f"The manifest names no file: {address}")
    return Part(bucket, key, key.endswith(".gz"), reader)
