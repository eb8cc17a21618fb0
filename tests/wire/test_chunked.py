"""aws-chunked bodies: AWS's published examples, botocore's wrapper as client, and checksums against known values."""

import asyncio
import base64
import hmac
import io
import zlib

import pytest
from botocore.httpchecksum import AwsChunkedWrapper, Crc32Checksum
from hypothesis import given, settings
from hypothesis import strategies as st

from freehold.kernel.errors import AwsError
from freehold.wire import chunked, sigv4
from freehold.wire.chunked import CHUNK_MIN, Chunks, Seed

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
SCOPE = "20130524/us-east-1/s3/aws4_request"
KEY = sigv4.signing_key(SECRET, "20130524", "us-east-1", "s3")
DATA = b"a" * 66_560
SIGNED, TRAILED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
UNSIGNED = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"


def seed(signature):
    return Seed(signature, KEY, "20130524T000000Z", SCOPE)


def headers(form, length, trailer=""):
    said = {"x-amz-content-sha256": form, "x-amz-decoded-content-length": str(length), "x-amz-trailer": trailer}
    return list(said.items())


async def pieces(body, size):
    for start in range(0, len(body), size):
        yield body[start : start + size]


def read(body, said, start=None, size=1_000_000):
    """The content and the trailers."""

    async def whole():
        chunks = Chunks(pieces(body, size), said, start)
        return b"".join([piece async for piece in chunks]), chunks.trailers

    return asyncio.run(whole())


def framed(*chunks):
    return b"".join(b"%x;chunk-signature=%s\r\n%s\r\n" % (len(data), name.encode(), data) for data, name in chunks)


# The examples of the S3 guide: 65 KB of the letter a, in chunks of 64 KB and 1 KB.
EXAMPLE_SEED = seed("4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9")
EXAMPLE = framed(
    (DATA[:65_536], "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"),
    (DATA[65_536:], "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"),
    (b"", "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"),
)
TRAILER_SEED = seed("106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e")
TRAILER_EXAMPLE = framed(
    (DATA[:65_536], "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2"),
    (DATA[65_536:], "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7"),
    (b"", "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992"),
)[:-2] + (
    b"x-amz-checksum-crc32c:sOO8/Q==\r\n"
    b"x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n"
)  # fmt: skip
TRAILER_HEADERS = headers(TRAILED, len(DATA), "x-amz-checksum-crc32c")


def test_the_seed_of_the_guide_is_the_signature_of_its_request():
    scope = f"AKIAIOSFODNN7EXAMPLE/{SCOPE}"
    names = "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;"
    said = [
        ("host", "s3.amazonaws.com"), ("x-amz-date", "20130524T000000Z"), ("content-encoding", "aws-chunked"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"), ("x-amz-content-sha256", SIGNED), ("content-length", "66824"),
        ("x-amz-decoded-content-length", "66560"),
        ("authorization", f"AWS4-HMAC-SHA256 Credential={scope},SignedHeaders={names}x-amz-storage-class,"
                          f"Signature={EXAMPLE_SEED.signature}"),
    ]  # fmt: skip
    request = ("PUT", "/examplebucket/chunkObject.txt", "", said)
    signature = sigv4.find(*request)
    sigv4.verify(signature, SECRET, *request, None, 1_369_353_600)
    assert sigv4.seed(signature, SECRET) == EXAMPLE_SEED
    assert read(EXAMPLE, said, sigv4.seed(signature, SECRET)) == (DATA, {})


@pytest.mark.parametrize("size", [1, 7, 65_536, 1_000_000])
def test_the_examples_of_the_guide_in_any_pieces(size):
    assert len(EXAMPLE) == 66_824
    assert read(EXAMPLE, headers(SIGNED, len(DATA)), EXAMPLE_SEED, size) == (DATA, {})
    content = read(TRAILER_EXAMPLE, TRAILER_HEADERS, TRAILER_SEED, size)
    assert content == (DATA, {"x-amz-checksum-crc32c": "sOO8/Q=="})


def code(body, said, start=None):
    with pytest.raises(AwsError) as refused:
        read(body, said, start)
    return refused.value.shape()


@pytest.mark.parametrize("place", [1, 30, 100, 65_535, 65_700, 66_700, 66_800])
def test_a_changed_byte_is_refused(place):
    changed = EXAMPLE[:place] + bytes([EXAMPLE[place] ^ 1]) + EXAMPLE[place + 1 :]
    assert code(changed, headers(SIGNED, len(DATA)), EXAMPLE_SEED) in ("SignatureDoesNotMatch", "IncompleteBody")


def test_signatures_of_the_wrong_chain_are_refused():
    assert code(EXAMPLE, headers(SIGNED, len(DATA)), TRAILER_SEED) == "SignatureDoesNotMatch"
    broken = TRAILER_EXAMPLE.replace(b"d81f82", b"d81f83")
    assert code(broken, TRAILER_HEADERS, TRAILER_SEED) == "SignatureDoesNotMatch"
    unsigned = TRAILER_EXAMPLE[: TRAILER_EXAMPLE.index(b"x-amz-trailer-sig")] + b"\r\n"
    assert code(unsigned, TRAILER_HEADERS, TRAILER_SEED) == "SignatureDoesNotMatch"
    assert read(broken, TRAILER_HEADERS)[0] == DATA, "without a seed nothing is verified"


def test_chunks_cannot_be_left_out():
    first, last = EXAMPLE.index(b"400;"), EXAMPLE.index(b"0;chunk-signature=b6c6")
    assert code(EXAMPLE[:first] + EXAMPLE[last:], headers(SIGNED, 65_536), EXAMPLE_SEED) == "SignatureDoesNotMatch"


def wrapped(content, name="x-amz-checksum-crc32", made=Crc32Checksum, chunk=None):
    return AwsChunkedWrapper(io.BytesIO(content), made, name, chunk).read()


CRC32 = headers(UNSIGNED, 20_000, "x-amz-checksum-crc32")
CONTENT = bytes(range(250)) * 80


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=50), st.integers(0, 3), st.integers(1, 30_000))
def test_botocore_as_client(end, chunks, size):
    content = CONTENT[:CHUNK_MIN] * chunks + end
    body = wrapped(content, chunk=CHUNK_MIN)
    said = headers(UNSIGNED, len(content), "x-amz-checksum-crc32")
    crc = base64.b64encode(zlib.crc32(content).to_bytes(4, "big")).decode()
    assert read(body, said, size=size) == (content, {"x-amz-checksum-crc32": crc})


def test_what_arrives_must_be_what_was_announced():
    body = wrapped(CONTENT)
    assert read(body, CRC32)[0] == CONTENT
    for length in (19_999, 20_001):
        assert code(body, headers(UNSIGNED, length, "x-amz-checksum-crc32")) == "IncompleteBody"
    for cut in (1, 3, 5_000, 20_005, 20_008):
        assert code(body[:cut], CRC32) == "IncompleteBody"
    assert code(body, headers(UNSIGNED, "")) == "MissingContentLength"
    assert code(b"zz\r\n", CRC32) == "IncompleteBody"
    assert code(b"1" * 9_999, CRC32) == "IncompleteBody"


def test_trailers_must_be_what_was_announced():
    body = wrapped(CONTENT)
    assert code(body, headers(UNSIGNED, 20_000)) == "MalformedTrailerError"
    assert code(body, headers(UNSIGNED, 20_000, "x-amz-checksum-sha1")) == "MalformedTrailerError"
    assert code(body, headers(UNSIGNED, 20_000, "x-amz-meta-a")) == "InvalidRequest"
    assert code(body.replace(b"crc32:", b"crc32:!"), CRC32) == "InvalidRequest"
    assert code(body + b"x" * 99_999, CRC32) == "MalformedTrailerError"


def test_a_checksum_that_does_not_match():
    wrong = wrapped(CONTENT)
    wrong = wrong[:100] + bytes([wrong[100] ^ 1]) + wrong[101:]
    with pytest.raises(AwsError, match="The CRC32 you specified did not match") as refused:
        read(wrong, CRC32)
    assert refused.value.shape() == "BadDigest"


def test_only_the_last_chunk_may_be_small():
    with pytest.raises(AwsError) as refused:
        read(wrapped(CONTENT, chunk=8_191), CRC32)
    assert refused.value.shape() == "InvalidChunkSizeError"
    assert (refused.value.values["Chunk"], refused.value.values["BadChunkSize"]) == (2, 8_191)


def test_elliptic_curves_are_refused_plainly():
    assert code(b"", headers("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", 0)) == "NotImplemented"


def test_pieces_are_passed_on_before_the_next_is_asked_for():
    given_out, body = [], wrapped(CONTENT)

    async def source():
        async for piece in pieces(body, 500):
            given_out.append(piece)
            yield piece

    async def first():
        return await anext(aiter(Chunks(source(), CRC32)))

    assert len(asyncio.run(first())) < 500
    assert len(given_out) == 1


def test_matches_compares_any_text():
    good = hmac.digest(b"key", b"text", "sha256").hex()
    assert chunked.matches(b"key", "text", good)
    assert not chunked.matches(b"key", "text", good[:-1] + "語")
