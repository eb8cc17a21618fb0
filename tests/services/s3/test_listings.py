"""Listings: against a plain reference, by pages of every size."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.services.counting import counted

from freehold.engines.checksums import CHECKSUMS
from freehold.engines.markup import escape
from freehold.services.s3.listing import operations, pages, texts
from freehold.services.s3.service import shapes
from freehold.services.s3.versions import COMPOSITE, FULL, Version
from freehold.wire.codecs.restxml import RestXml
from freehold.wire.models import model

KEYS = st.text(alphabet="ab/\ud7ff\ue000\U0010ffff", min_size=1, max_size=5)


class Row:
    def __init__(self, key):
        self.key = key


def reference(keys, prefix, delimiter):
    """What a listing shows, in order: keys, and common prefixes marked as such."""
    shown = []
    for key in sorted(keys):
        if not key.startswith(prefix):
            continue
        end = key.find(delimiter, len(prefix)) if delimiter else -1
        entry = (key, False) if end < 0 else (key[: end + len(delimiter)], True)
        if entry not in shown:
            shown.append(entry)
    return shown


def walked(keys, prefix, delimiter, size):
    """The same by pages of `size`, each begun behind the last thing shown."""

    def fetch(low, after, limit):
        return [Row(key) for key in sorted(keys) if key >= low and (not after or key > after[0])][:limit]

    shown, after, turned = [], None, 0
    while True:
        page = pages.page(fetch, prefix, delimiter, after, size)
        entries = [(row.key, False) for row in page.records] + [(group, True) for group in page.groups]
        assert len(entries) <= size
        shown += sorted(entries)
        turned += 1
        if not page.truncated:
            return shown, turned
        assert len(entries) == size
        after = (pages.read_token(pages.token(page.last)),)


@settings(max_examples=300, deadline=None)
@given(
    keys=st.sets(KEYS, max_size=12), prefix=st.sampled_from(["", "a", "a/", "/"]),
    delimiter=st.sampled_from(["", "/", "a/", "\U0010ffff"]), size=st.integers(1, 5),
)  # fmt: skip
def test_pages_show_everything_once(keys, prefix, delimiter, size):
    expected = reference(keys, prefix, delimiter)
    shown, turned = walked(keys, prefix, delimiter, size)
    assert shown == expected
    assert turned == max(1, -(-len(expected) // size))


def test_what_lies_in_common_prefixes_is_not_read():
    keys = [f"{group:03}/{number:03}" for group in range(100) for number in range(50)]
    read = 0

    def fetch(low, after, limit):
        nonlocal read
        found = [Row(key) for key in keys if key >= low][:limit]
        read += len(found)
        return found

    page = pages.page(fetch, "", "/", None, 1_000)
    assert len(page.groups) == 100
    assert read <= 2 * 101


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    keys=st.sets(st.text(alphabet="ab/ é%+", min_size=1, max_size=4).filter(lambda key: key.strip("/")), max_size=6),
    delimiter=st.sampled_from(["", "/"]), size=st.integers(1, 4),
)  # fmt: skip
def test_pages_through_the_door(s3, new_bucket, keys, delimiter, size):
    bucket = new_bucket()
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    expected = reference({key.encode().decode() for key in keys}, "", delimiter)
    for operation in ("list_objects_v2", "list_objects", "list_object_versions"):
        pages = s3.get_paginator(operation).paginate(
            Bucket=bucket, Delimiter=delimiter, PaginationConfig={"PageSize": size}
        )
        shown = []
        for page in pages:
            entries = page.get("Contents", page.get("Versions", []))
            found = [(each["Key"], False) for each in entries]
            shown += sorted(found + [(each["Prefix"], True) for each in page.get("CommonPrefixes", [])])
        assert shown == expected


def test_the_second_version(s3, bucket, refusal):
    for key in ("a", "b/1", "b/2", "c"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    answer = s3.list_objects_v2(Bucket=bucket, StartAfter="a", Delimiter="/", FetchOwner=True)
    assert [each["Key"] for each in answer["Contents"]] == ["c"]
    assert answer["Contents"][0]["Owner"]["ID"] == s3.list_buckets()["Owner"]["ID"]
    assert (answer["KeyCount"], answer["IsTruncated"], answer["StartAfter"]) == (2, False, "a")
    assert s3.list_objects_v2(Bucket=bucket, MaxKeys=0)["KeyCount"] == 0
    assert refusal(s3.list_objects_v2, Bucket=bucket, ContinuationToken="ü")[0] == "InvalidArgument"
    assert s3.list_objects_v2(Bucket=bucket, MaxKeys=5_000)["MaxKeys"] == 1_000


def test_pages_of_versions_go_on_within_a_key(s3, new_bucket):
    bucket = new_bucket(versioned=True)
    ids = [s3.put_object(Bucket=bucket, Key="a", Body=bytes([n]))["VersionId"] for n in range(5)]
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket, PaginationConfig={"PageSize": 2})
    shown = [each for page in pages for each in page["Versions"]]
    assert [each["VersionId"] for each in shown] == ids[::-1]
    assert [each["IsLatest"] for each in shown] == [True, False, False, False, False]


def test_no_key_is_looked_up_for_a_listing(own_cloud):
    s3, done = own_cloud("s3"), {}
    s3.create_bucket(Bucket="many")
    for number in range(40):
        s3.put_object(Bucket="many", Key=f"a/{number:02}", Body=b"")
    s3.list_object_versions(Bucket="many")
    for most in (4, 30):
        with counted(own_cloud) as work:
            assert len(s3.list_object_versions(Bucket="many", MaxKeys=most)["Versions"]) == most
        done[most] = len(work.statements), work.rows - most
    assert done[4] == done[30]
    with counted(own_cloud) as work:
        assert len(s3.list_objects_v2(Bucket="many", Delimiter="/")["CommonPrefixes"]) == 1
    assert work.rows <= 8


moments = st.integers(0, 4_000_000_000_000).map(lambda thousandths: thousandths / 1000)
versions = st.builds(
    Version, bucket=st.just("b"), key=st.text(min_size=1, max_size=8), modified_at=moments,
    size=st.integers(0, 1 << 42), etag=st.text("0123456789abcdef-", min_size=1, max_size=35),
    algorithm=st.sampled_from(["", *CHECKSUMS]), checksum_type=st.sampled_from([FULL, COMPOSITE]),
    said=st.sampled_from([{}, {"StorageClass": "GLACIER"}]), owner=st.sampled_from(["", "111111111111"]),
)  # fmt: skip


@given(st.lists(versions, max_size=4), st.booleans(), st.sampled_from([None, "url"]))
def test_written_entries_are_those_that_the_model_gives(found, owned, encoding):
    owner_of = lambda version: version.owner if owned else ""  # noqa: E731
    codec = RestXml(model("s3"))
    values = {"Contents": [shapes.listed(version, owner_of(version)) for version in found]}
    written = texts.contents(found, operations.url if encoding else escape, owner_of)
    by_model = operations.encoded(values, {"EncodingType": encoding})
    answers = [
        codec.answer(codec.model.operations["ListObjectsV2"], each, "id") for each in (by_model, {"Contents": written})
    ]
    assert answers[0].body == answers[1].body


def test_a_listing_says_the_same_outside_and_inside(s3, bucket, aws):
    for key in ("a&b", "<c>", 'd"\x01', "e/f", "ü"):
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    for name, more in (
        ("ListObjectsV2", {"FetchOwner": True}),
        ("ListObjectsV2", {"EncodingType": "url"}),
        ("ListObjects", {}),
    ):
        inside = aws.running.run(
            aws.running.cloud.door.call(aws.account, "us-east-1").ask("s3", name, {"Bucket": bucket} | more)
        )
        outside = s3.list_objects(Bucket=bucket) if name == "ListObjects" else s3.list_objects_v2(Bucket=bucket, **more)
        shown = lambda one: [(each["Key"], each["ETag"], each["Size"], each.get("Owner")) for each in one["Contents"]]  # noqa: E731
        assert shown(outside) == shown(inside)
