"""Presigned URLs: which arguments count as headers."""

from freehold.web import Headers, HttpRequest
from freehold.wire import presigned

SIGNED = "X-Amz-Signature=0a"


def headers(query: str, *sent: tuple[str, str]) -> dict[str, str]:
    return dict(presigned.unfolded(HttpRequest("PUT", "/b/k", query, Headers(sent))).headers.pairs)


def test_arguments_count_as_headers():
    assert headers(f"x-amz-meta-a=b%20c&{SIGNED}")["x-amz-meta-a"] == "b c"
    assert headers(f"X-Amz-Storage-Class=STANDARD_IA&{SIGNED}")["x-amz-storage-class"] == "STANDARD_IA"
    assert headers("x-amz-meta-a=b") == {}


def test_what_was_sent_counts_more():
    assert headers(f"content-type=text%2Fa&{SIGNED}", ("content-type", "text/b"))["content-type"] == "text/b"


def test_a_checksum_of_a_body_that_nobody_had_yet_does_not_count():
    """The SDK for JavaScript signs the checksum of nothing into every link to put, and S3 takes any body."""
    query = f"x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-sdk-checksum-algorithm=CRC32&x-amz-checksum-mode=ENABLED&{SIGNED}"
    assert headers(query) == {"x-amz-checksum-mode": "ENABLED", "x-amz-signature": "0a"}
    assert headers(query, ("x-amz-checksum-crc32", "real"))["x-amz-checksum-crc32"] == "real"
