"""Versions: what is kept behind what is shown; the store's order against a plain model."""

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from freehold.kernel.clock import Clock
from freehold.kernel.identity import root
from freehold.kernel.ids import Ids
from freehold.kernel.signals import Bells
from freehold.kernel.store import Seat
from freehold.services.s3 import versions
from freehold.services.s3.buckets import Bucket
from freehold.services.s3.contents import BESIDE_MAX, INLINE_MAX, Content
from freehold.services.s3.versions import NULL, Version
from freehold.stores.sqlite import SqliteStore


def test_versions_lie_behind_each_other(s3, new_bucket, refusal):
    place = {"Bucket": new_bucket(versioned=True), "Key": "a"}
    first, second = (s3.put_object(**place, Body=body)["VersionId"] for body in (b"1", b"2"))
    assert s3.get_object(**place)["VersionId"] == second
    assert s3.get_object(**place, VersionId=first)["Body"].read() == b"1"
    gone = s3.delete_object(**place)
    assert gone["DeleteMarker"]
    assert refusal(s3.get_object, **place)[0] == "NoSuchKey"
    assert refusal(s3.get_object, **place, VersionId=gone["VersionId"])[0] == "MethodNotAllowed"
    listed = s3.list_object_versions(Bucket=place["Bucket"])
    assert [each["VersionId"] for each in listed["Versions"]] == [second, first]
    assert listed["DeleteMarkers"][0]["IsLatest"]
    assert s3.delete_object(**place, VersionId=gone["VersionId"])["DeleteMarker"]
    assert s3.get_object(**place)["Body"].read() == b"2"
    s3.delete_object(**place, VersionId=second)
    assert s3.get_object(**place)["Body"].read() == b"1"
    assert refusal(s3.get_object, **place, VersionId="odd")[0] == "InvalidArgument"
    assert refusal(s3.get_object, **place, VersionId=second)[0] == "NoSuchVersion"
    assert refusal(s3.delete_bucket, Bucket=place["Bucket"])[0] == "BucketNotEmpty"


def test_a_suspended_bucket_keeps_what_it_had(s3, new_bucket):
    place = {"Bucket": new_bucket(), "Key": "a"}
    s3.put_object(**place, Body=b"before")
    for status in ("Enabled", "Suspended"):
        s3.put_bucket_versioning(Bucket=place["Bucket"], VersioningConfiguration={"Status": status})
        assert s3.get_bucket_versioning(Bucket=place["Bucket"])["Status"] == status
        s3.put_object(**place, Body=status.encode())
    found = s3.list_object_versions(Bucket=place["Bucket"])["Versions"]
    assert [each["VersionId"] == "null" for each in found] == [True, False]
    assert s3.delete_object(**place)["VersionId"] == "null"
    assert len(s3.list_object_versions(Bucket=place["Bucket"])["Versions"]) == 1


def test_contents_lie_by_their_size(own_cloud):
    """A small one in its version's row, a larger one beside it, a large one in a file; none stays behind."""
    s3, door = own_cloud("s3"), own_cloud.running.cloud.door
    s3.create_bucket(Bucket="sizes")
    for size in (0, 1, BESIDE_MAX, BESIDE_MAX + 1, INLINE_MAX, INLINE_MAX + 1, 300_000, 5):
        body = bytes(range(256)) * (size // 256) + bytes(size % 256)
        s3.put_object(Bucket="sizes", Key="k", Body=body)
        assert s3.get_object(Bucket="sizes", Key="k")["Body"].read() == body
        kept = door.call("1", "r").transact(lambda tx: (tx.range(Version, "sizes"), tx.range(Content)))
        (version,), beside = own_cloud.running.run(kept)
        assert (bool(version.piece), len(beside)) == (size <= BESIDE_MAX, size > BESIDE_MAX)


class Shelves(RuleBasedStateMachine):
    """One key of a bucket whose versioning changes; the model is a list, newest first, of (id, marker)."""

    @initialize()
    def begin(self):
        self.clock = Clock(1.0, frozen=True)
        self.folder = tempfile.TemporaryDirectory()
        self.store = SqliteStore(Path(self.folder.name) / "db", Bells(self.clock))
        self.ids, self.model = Ids(7), []
        self.bucket = Bucket(name="b", account="1", region="r", created_at=0.0)

    def do(self, work, *args):
        seat = Seat("1", "r", 1.0, self.ids, root("1"))
        return self.store.run(seat, work, *args)

    def shelve(self, version):
        if version.id == NULL:
            self.model = [each for each in self.model if each[0] != NULL]
        self.model.insert(0, (version.id, version.marker))

    @rule(status=st.sampled_from(["Enabled", "Suspended"]))
    def change(self, status):
        self.bucket.versioning = status

    @rule()
    def put(self):
        before = self.do(versions.newest, "b", "k")
        self.shelve(self.do(versions.put, self.bucket, Version(bucket="b", key="k", modified_at=1.0), before))

    @rule()
    def delete(self):
        marker = self.do(versions.delete, self.bucket, "k")
        if marker:
            self.shelve(marker)
        else:
            self.model = self.model[1:]

    @rule(at=st.integers(0, 5))
    def remove(self, at):
        if at < len(self.model):
            version = self.do(lambda tx: versions.find(tx, "b", "k", self.model[at][0]))
            self.do(versions.remove, version)
            del self.model[at]

    def teardown(self):
        self.store.close()
        self.folder.cleanup()

    @invariant()
    def as_the_model(self):
        if not hasattr(self, "store"):
            return
        found = self.do(lambda tx: tx.range(Version, "b", "k"))
        assert [(each.id, each.marker) for each in found] == self.model
        assert [each.listed for each in found] == [int(at == 0 and not each.marker) for at, each in enumerate(found)]


TestShelves = Shelves.TestCase
TestShelves.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
