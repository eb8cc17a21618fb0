"""The cases of S3: small and large objects, and a page of a listing.

It may not know which server answers.
"""

import itertools
from typing import Any

from bench.load import signed
from bench.loads import CLIENT, TEXT, Load, named

LARGE = b"x" * (5 * 1024**2)
PAGE = 1_000


def bucket(client: CLIENT) -> tuple[Any, str]:
    s3, name = client("s3"), named("bucket")
    s3.create_bucket(Bucket=name)
    return s3, name


def put(client: CLIENT) -> Load:
    s3, name = bucket(client)
    keys = [f"key-{number}" for number in range(64)]
    pool = [signed(s3, "put_object", Bucket=name, Key=key, Body=TEXT.encode()) for key in keys]
    return Load(itertools.cycle(pool), lambda body: True)


def get(client: CLIENT) -> Load:
    s3, name = bucket(client)
    s3.put_object(Bucket=name, Key="key", Body=TEXT.encode())
    request = signed(s3, "get_object", Bucket=name, Key="key")
    return Load(itertools.repeat(request), lambda body: len(body) == 1_000)


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
