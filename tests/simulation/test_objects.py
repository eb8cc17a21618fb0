"""Objects: what was acknowledged is read whole, listings show what there is, and nothing else lies on the disk."""

import hashlib
import os
from contextlib import suppress

from tests.simulation.clients import Scenario

from freehold.services.s3 import errors, keepers

PLAIN, VERSIONED = "plain-bucket", "versioned-bucket"
KEYS = ("a", "a/b", "c")
SIZES = (0, 10, 20_000, 300_000)  # in a row, and in files of one frame and of two
TURNS = 5
DAYS_S = 2 * 86_400


def content(chance):
    size = chance.choice(SIZES)
    return chance.randbytes(16) * (size // 16 + 1)


async def body(answer):
    read = answer["Body"]
    return read if isinstance(read, bytes) else b"".join([chunk async for chunk in read])


def etag(whole):
    return f'"{hashlib.md5(whole).hexdigest()}"'


class Shelves(Scenario):
    """Each client has a key of its own in both buckets: it puts, copies, uploads in parts, deletes, and reads again.
    `known` is what a key was acknowledged to hold (None: nothing); `maybe` what it may hold since, for all it knows."""

    rooms = ("s3", "kms")

    def __init__(self) -> None:
        self.left = dict.fromkeys(KEYS, TURNS)
        self.known: dict[tuple[str, str], bytes | None] = {(b, k): None for b in (PLAIN, VERSIONED) for k in KEYS}
        self.maybe: dict[tuple[str, str], list[bytes | None]] = {place: [] for place in self.known}
        self.versions: dict[str, dict[str, bytes]] = {key: {} for key in KEYS}

    async def prepare(self, client):
        for bucket in (PLAIN, VERSIONED):
            region = {"LocationConstraint": "eu-west-1"}
            await client("s3", "CreateBucket", Bucket=bucket, CreateBucketConfiguration=region)
        enabled = {"Status": "Enabled"}
        await client("s3", "PutBucketVersioning", Bucket=VERSIONED, VersioningConfiguration=enabled)

    def clients(self, client):
        return [self.work(client, key) for key in KEYS]

    async def work(self, client, key):
        for bucket in (PLAIN, VERSIONED):
            await self.read(client, bucket, key)
        while self.left[key]:
            self.left[key] -= 1
            for bucket in (PLAIN, VERSIONED):
                act = client.chance.choice((self.put, self.put, self.upload, self.delete, self.copy))
                await act(client, bucket, key)
                await self.read(client, bucket, key)

    async def read(self, client, bucket, key):
        """What is read was acknowledged last, or is what was under way when the cloud died; and so it stays."""
        place = (bucket, key)
        try:
            found = await body(await client("s3", "GetObject", Bucket=bucket, Key=key))
        except errors.NoSuchKey:
            found = None
        assert found in [self.known[place], *self.maybe[place]], "neither the old nor the new"
        self.known[place], self.maybe[place] = found, []

    async def done(self, place, whole, answer):
        self.known[place], self.maybe[place] = whole, []
        if place[0] == VERSIONED and whole is not None:
            self.versions[place[1]][answer["VersionId"]] = whole

    async def put(self, client, bucket, key):
        whole, method = content(client.chance), client.chance.choice(("AES256", "aws:kms"))
        self.maybe[bucket, key].append(whole)
        said = {"Bucket": bucket, "Key": key, "Body": whole, "ServerSideEncryption": method}
        await self.done((bucket, key), whole, await client("s3", "PutObject", **said))

    async def upload(self, client, bucket, key):
        whole = content(client.chance)
        place = {"Bucket": bucket, "Key": key}
        place["UploadId"] = (await client("s3", "CreateMultipartUpload", **place))["UploadId"]
        for part in (b"never kept", whole):  # put again, it takes the former's place
            answer = await client("s3", "UploadPart", **place, PartNumber=1, Body=part)
        self.maybe[bucket, key].append(whole)
        parts = {"Parts": [{"PartNumber": 1, "ETag": answer["ETag"]}]}
        answer = await client("s3", "CompleteMultipartUpload", **place, MultipartUpload=parts)
        await self.done((bucket, key), whole, answer)

    async def copy(self, client, bucket, key):
        source = VERSIONED if bucket == PLAIN else PLAIN
        whole = self.known[source, key]
        if whole is None:
            return
        self.maybe[bucket, key].append(whole)
        said = {"Bucket": bucket, "Key": key, "CopySource": f"{source}/{key}"}
        await self.done((bucket, key), whole, await client("s3", "CopyObject", **said))

    async def delete(self, client, bucket, key):
        self.maybe[bucket, key].append(None)
        await self.done((bucket, key), None, await client("s3", "DeleteObject", Bucket=bucket, Key=key))

    async def check(self, client):
        for bucket in (PLAIN, VERSIONED):
            for key in KEYS:
                await self.read(client, bucket, key)
            listed = (await client("s3", "ListObjectsV2", Bucket=bucket)).get("Contents", [])
            there = {key: whole for (name, key), whole in self.known.items() if name == bucket and whole is not None}
            assert {each["Key"]: each["Size"] for each in listed} == {key: len(there[key]) for key in there}
        found = (await client("s3", "ListObjectVersions", Bucket=VERSIONED)).get("Versions", [])
        listed = {(each["Key"], each["VersionId"]) for each in found}
        for key, versions in self.versions.items():
            for id, whole in versions.items():
                assert (key, id) in listed, "an acknowledged version is gone"
                answer = await client("s3", "GetObject", Bucket=VERSIONED, Key=key, VersionId=id)
                assert await body(answer) == whole
        await self.nothing_else_lies_there(client)

    async def nothing_else_lies_there(self, client):
        """When all objects are gone, so are their files, and those of uploads that were cut off."""
        for bucket in (PLAIN, VERSIONED):
            for upload in (await client("s3", "ListMultipartUploads", Bucket=bucket)).get("Uploads", []):
                place = {name: upload[name] for name in ("Key", "UploadId")}
                await client("s3", "AbortMultipartUpload", Bucket=bucket, **place)
            listed = await client("s3", "ListObjectVersions", Bucket=bucket)
            for each in listed.get("Versions", []) + listed.get("DeleteMarkers", []):
                await client("s3", "DeleteObject", Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])
            await client("s3", "DeleteBucket", Bucket=bucket)
        blobs = client.cloud.door.blobs
        for id in await blobs.older_than(-DAYS_S):
            old = os.stat(blobs.path(id)).st_mtime - DAYS_S
            os.utime(blobs.path(id), (old, old))
        client.cloud.clock.advance(DAYS_S)
        await keepers.sweep(client.cloud.door.call("123456789012", "eu-west-1"))
        with suppress(FileNotFoundError):
            assert await blobs.older_than(-DAYS_S) == []


def test_objects_are_whole(simulate):
    simulate(Shelves())
