"""The cases of S3: small and large objects, and a page of a listing.

It may not know which server answers.
"""

import itertools
from typing import Any

from bench.load import signed
from bench.loads import CLIENT, TEXT, Load, named

LARGE = b"x" * (5 * 1024**2)
PAGE = 1_000
FULL = "bench-full"
FULL_OBJECTS = 100_000


def bucket(client: CLIENT) -> tuple[Any, str]:
    s3, name = client("s3"), named("bucket")
    s3.create_bucket(Bucket=name)
    return s3, name


def full(client: CLIENT) -> tuple[Any, str]:
    """A bucket of 100,000 small objects under one prefix, filled once per server."""
    s3 = client("s3")
    if FULL not in [each["Name"] for each in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket=FULL)
        for number in range(FULL_OBJECTS):
            s3.put_object(Bucket=FULL, Key=f"full/{number:06}", Body=b"x")
    return s3, FULL


def _put(s3: Any, name: str) -> Load:
    keys = [f"full/key-{number}" for number in range(64)]
    pool = [signed(s3, "put_object", Bucket=name, Key=key, Body=TEXT.encode()) for key in keys]
    return Load(itertools.cycle(pool), lambda body: True)


def _get(s3: Any, name: str) -> Load:
    s3.put_object(Bucket=name, Key="full/key", Body=TEXT.encode())
    return Load(
        itertools.repeat(signed(s3, "get_object", Bucket=name, Key="full/key")), lambda body: len(body) == 1_000
    )


def put(client: CLIENT) -> Load:
    return _put(*bucket(client))


def get(client: CLIENT) -> Load:
    return _get(*bucket(client))


def put_full(client: CLIENT) -> Load:
    return _put(*full(client))


def get_full(client: CLIENT) -> Load:
    return _get(*full(client))


def put_large(client: CLIENT) -> Load:
    s3, name = bucket(client)
    return Load(itertools.repeat(signed(s3, "put_object", Bucket=name, Key="key", Body=LARGE)), lambda body: True)


def get_large(client: CLIENT) -> Load:
    s3, name = bucket(client)
    s3.put_object(Bucket=name, Key="key", Body=LARGE)
    request = signed(s3, "get_object", Bucket=name, Key="key")
    return Load(itertools.repeat(request), lambda body: len(body) == len(LARGE))


def listing(client: CLIENT) -> Load:
    s3, name = bucket(client)
    for number in range(PAGE):
        s3.put_object(Bucket=name, Key=f"key-{number:04}", Body=b"")
    request = signed(s3, "list_objects_v2", Bucket=name)
    return Load(itertools.repeat(request), lambda body: body.count(b"<Key>") == PAGE)


def listing_full(client: CLIENT) -> Load:
    """A page from the middle."""
    s3, name = full(client)
    request = signed(s3, "list_objects_v2", Bucket=name, Prefix="full/", StartAfter=f"full/{FULL_OBJECTS // 2:06}")
    return Load(itertools.repeat(request), lambda body: body.count(b"<Key>") == PAGE)
