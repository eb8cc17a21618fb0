"""Checksums: known values, the plain algebra against tables, and wholes put together from parts."""

import base64
import hashlib
import zlib
from itertools import pairwise

import botocore.session
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freehold.engines.checksums import CHECKSUMS, POLYNOMIALS, checksum, joined
from freehold.kernel.errors import AwsError

CHECK = {  # of the text 123456789, from the catalogues of these algorithms
    "CRC32": "cbf43926",
    "CRC32C": "e3069283",
    "CRC64NVME": "ae8b14860a799888",
    "MD5": hashlib.md5(b"123456789").hexdigest(),
    "SHA1": hashlib.sha1(b"123456789").hexdigest(),
    "SHA256": hashlib.sha256(b"123456789").hexdigest(),
    "SHA512": hashlib.sha512(b"123456789").hexdigest(),
}
NOT_DONE = {"XXHASH64", "XXHASH3", "XXHASH128"}


def test_the_algorithms_are_those_of_s3():
    model = botocore.session.get_session().get_service_model("s3")
    assert set(model.shape_for("ChecksumAlgorithm").enum) == set(CHECKSUMS) | NOT_DONE
    with pytest.raises(AwsError):
        checksum("XXHASH3")


@pytest.mark.parametrize("name", CHECK)
def test_check_values(name):
    running = checksum(name.lower())
    running.update(b"1234")
    running.update(b"56789")
    assert running.hexdigest() == CHECK[name]
    assert base64.b64decode(running.base64()) == running.digest() == bytes.fromhex(CHECK[name])


@pytest.mark.parametrize("name", POLYNOMIALS)
def test_check_values_in_python_alone(name):
    assert POLYNOMIALS[name].step(b"123456789", 0) == int(CHECK[name], 16)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 70_000), max_size=3), st.binary(max_size=9))
def test_folding_is_zlib_and_runs_on(cuts, kind):
    data, value = hashlib.shake_128(kind).digest(70_000), 0
    for start, end in pairwise([0, *sorted(cuts), len(data)]):
        value = POLYNOMIALS["CRC32"].step(data[start:end], value)
    assert value == zlib.crc32(data)


@pytest.mark.parametrize("name", ["CRC32C", "CRC64NVME"])
@pytest.mark.parametrize("size", [1_023, 1_024, 1_025, 65_535, 65_536, 65_537, 200_001])
def test_folding_is_the_table(name, size):
    data, value = bytes(range(256)) * 800, 0
    for start in range(0, size, 100):
        value = POLYNOMIALS[name].step(data[start : min(start + 100, size)], value)
    assert POLYNOMIALS[name].step(data[:size], 0) == value


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(POLYNOMIALS)), st.lists(st.binary(max_size=5_000), max_size=4))
def test_the_whole_follows_from_its_parts(name, stretches):
    def digest(data):
        running = checksum(name)
        running.update(data)
        return running.digest()

    assert joined(name, [(digest(data), len(data)) for data in stretches]) == digest(b"".join(stretches))
