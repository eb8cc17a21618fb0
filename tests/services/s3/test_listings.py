"""Listings: against a plain reference, by pages of every size."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from freehold.services.s3.listing import pages

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
    assert read <= 1_001 + 2 * 100


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
