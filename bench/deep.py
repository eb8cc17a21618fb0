"""What a full system holds, and what is asked of it: a million items in one table, a hundred thousand objects in one
prefix.

One idea: an empty system holds no more than the same requests are about, so each case is one for both. It may not know
which is which.
"""

import asyncio
import itertools
import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from bench.load import drive, signed
from bench.loads import CLIENT, TEXT, Load, named
from bench.tables import table

NAME, PREFIX = "bench-deep", "full/"
IN_ROW, BATCH, PAGE, DELETED = 20, 25, 1_000, 4_000
POOL = 4_096  # different requests of a case, as more pages are read by them than a cache holds
CONNECTIONS, WITHIN_S = 16, 3_600


class Size(NamedTuple):
    items: int
    objects: int


EMPTY, FULL = Size(100, 2_000), Size(1_000_000, 100_000)


def fill(client: CLIENT, port: int, size: Size) -> None:
    """Write everything, many at a time."""
    table(client, NAME, sort="number")
    s3, dynamodb = client("s3"), client("dynamodb")
    s3.create_bucket(Bucket=NAME)
    _write(port, _batches(dynamodb, size.items), size.items // BATCH, '"UnprocessedItems":{}')
    _write(port, (_put(s3, at, b"x") for at in range(size.objects)), size.objects, "")


def _write(port: int, requests: Iterator[bytes], most: int, mark: str) -> None:
    """Send requests to their end, and tell every tenth of it."""

    def told() -> Iterator[bytes]:
        for number, request in enumerate(requests):
            if number % max(1, most // 10) == 0:
                print(f"{number:,} of {most:,}", flush=True)
            yield request

    count, wrong, took, _ = asyncio.run(
        drive(port, told(), lambda body: mark.encode() in body, WITHIN_S, CONNECTIONS)
    )  # fmt: skip
    if wrong or count != most:
        raise RuntimeError(f"{wrong} of {count} writes went wrong")
    print(f"{most:,} writes in {took:.0f} s", flush=True)


def _batches(dynamodb: Any, items: int) -> Iterator[bytes]:
    for first in range(0, items, BATCH):
        wanted = [{"PutRequest": {"Item": _item(at, TEXT[:200])}} for at in range(first, first + BATCH)]
        yield signed(dynamodb, "batch_write_item", RequestItems={NAME: wanted})


def _item(at: int, text: str) -> dict[str, Any]:
    return _row(at) | {"number": {"N": str(at % IN_ROW)}, "text": {"S": text}}


def _row(at: int) -> dict[str, Any]:
    return {"id": {"S": f"row-{at // IN_ROW:06}"}}


def _put(s3: Any, at: int, body: bytes) -> bytes:
    return signed(s3, "put_object", Bucket=NAME, Key=_key(at), Body=body)


def _key(at: int) -> str:
    return f"{PREFIX}{at:06}"


def _spread(most: int) -> list[int]:
    """Some of so many, from everywhere among them."""
    return random.Random(most).sample(range(most), min(most, POOL))


def _any(requests: Iterator[bytes], right: Callable[[bytes], bool]) -> Load:
    return Load(itertools.cycle(list(requests)), right)


def put_item(client: CLIENT, size: Size) -> Load:
    dynamodb = client("dynamodb")
    puts = (signed(dynamodb, "put_item", TableName=NAME, Item=_item(at, TEXT)) for at in _spread(size.items))
    return _any(puts, lambda body: body == b"{}")


def get_item(client: CLIENT, size: Size) -> Load:
    dynamodb = client("dynamodb")
    keys = (_row(at) | {"number": {"N": str(at % IN_ROW)}} for at in _spread(size.items))
    return _any(
        (signed(dynamodb, "get_item", TableName=NAME, Key=key) for key in keys), lambda body: b'"text"' in body
    )  # fmt: skip


def query(client: CLIENT, size: Size) -> Load:
    wanted = {"TableName": NAME, "KeyConditionExpression": "id = :id"}
    values = ({":id": _row(at)["id"]} for at in _spread(size.items))
    dynamodb = client("dynamodb")
    asked = (signed(dynamodb, "query", ExpressionAttributeValues=each, **wanted) for each in values)
    return _any(asked, lambda body: body.count(b'"text"') == IN_ROW)


def put_object(client: CLIENT, size: Size) -> Load:
    s3 = client("s3")
    return _any((_put(s3, at, TEXT.encode()) for at in _spread(size.objects)), lambda body: not body)


def get_object(client: CLIENT, size: Size) -> Load:
    s3 = client("s3")
    gets = (signed(s3, "get_object", Bucket=NAME, Key=_key(at)) for at in _spread(size.objects))
    return _any(gets, lambda body: body[:1] == b"x")


def listing(mark: bytes = b"<Contents>", most: int = PAGE, middle: bool = False, **more: str) -> Callable:
    """A case of pages of objects, from the beginning or from the middle."""

    def case(client: CLIENT, size: Size) -> Load:
        wanted = more | ({"StartAfter": _key(size.objects // 2 - 1)} if middle else {})
        request = signed(client("s3"), "list_objects_v2", Bucket=NAME, **wanted)
        return Load(itertools.repeat(request), lambda body: body.count(mark) == most)

    return case


def versions(client: CLIENT, size: Size) -> Load:
    """A page from the middle."""
    wanted = {"Prefix": PREFIX, "KeyMarker": _key(size.objects // 2 - 1)}
    request = signed(client("s3"), "list_object_versions", Bucket=NAME, **wanted)
    return Load(itertools.repeat(request), lambda body: body.count(b"<Version>") == PAGE)


def deleting(spread: bool) -> Callable:
    """A case of some thousand objects, put for it in the middle or all over the prefix, deleted by a thousand."""

    def case(client: CLIENT, size: Size) -> Load:
        s3, name = client("s3"), named("more")
        first, step = (0, size.objects / DELETED) if spread else (size.objects // 2, 0)
        keys = [f"{_key(first + int(number * step))}-{name}-{number:04}" for number in range(DELETED)]
        for key in keys:
            s3.put_object(Bucket=NAME, Key=key, Body=b"x")
        pages = [[{"Key": key} for key in keys[start : start + PAGE]] for start in range(0, DELETED, PAGE)]
        requests = [signed(s3, "delete_objects", Bucket=NAME, Delete={"Objects": page}) for page in pages]
        return Load(iter(requests), lambda body: body.count(b"<Deleted>") == PAGE, most=len(requests))

    return case


def described(service: str, operation: str, mark: bytes, **members: str) -> Callable:
    """A case of one request that is always the same."""

    def case(client: CLIENT, size: Size) -> Load:
        return Load(itertools.repeat(signed(client(service), operation, **members)), lambda body: mark in body)

    return case


CASES: dict[str, Callable[[CLIENT, Size], Load]] = {
    "DynamoDB PutItem 1 KB": put_item,
    "DynamoDB GetItem": get_item,
    "DynamoDB Query of 20": query,
    "DynamoDB DescribeTable": described("dynamodb", "describe_table", b'"TableStatus"', TableName=NAME),
    "S3 PutObject 1 KB": put_object,
    "S3 GetObject": get_object,
    "S3 ListObjectsV2, the first 1,000": listing(),
    "S3 ListObjectsV2, 1,000 from the middle": listing(middle=True, Prefix=PREFIX),
    "S3 ListObjectsV2, all as one common prefix": listing(b"<CommonPrefixes>", 1, Delimiter="/"),
    "S3 ListObjectsV2, 1,000 beside a delimiter": listing(middle=True, Prefix=PREFIX, Delimiter="/"),
    "S3 ListObjectVersions, 1,000 from the middle": versions,
    "S3 DeleteObjects of 1,000 in a row": deleting(spread=False),
    "S3 DeleteObjects of 1,000, each elsewhere": deleting(spread=True),
    "S3 ListBuckets": described("s3", "list_buckets", NAME.encode()),
}
