"""Checksums: known values, and wholes put together from parts."""

import base64
import hashlib

import botocore.session
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freehold.engines.checksums import CHECKSUMS, CYCLIC, checksum, joined
from freehold.kernel.errors import AwsError

CHECK = {  # of the text 123456789, from the catalogues of these algorithms
    "CRC32": "cbf43926",
    "CRC32C": "e3069283",
    "CRC64NVME": "ae8b14860a799888",
    "MD5": hashlib.md5(b"123456789").hexdigest(),
    "SHA1": hashlib.sha1(b"123456789").hexdigest(),
    "SHA256": hashlib.sha256(b"123456789").hexdigest(),
    "SHA512": hashlib.sha512(b"123456789").hexdigest(),
    "XXHASH64": "8cb841db40e6ae83",
    "XXHASH3": "72dcb18b67a17dff",
    "XXHASH128": "33119477ede5dcd5e9716427681d5860",
}


def test_the_algorithms_are_those_of_s3():
    model = botocore.session.get_session().get_service_model("s3")
    assert set(model.shape_for("ChecksumAlgorithm").enum) == set(CHECKSUMS)
    with pytest.raises(AwsError):
        checksum("XXHASH4")


@pytest.mark.parametrize("name", CHECK)
def test_check_values(name):
    running = checksum(name.lower())
    running.update(b"1234")
    running.update(b"56789")
    assert running.hexdigest() == CHECK[name]
    assert base64.b64decode(running.base64()) == running.digest() == bytes.fromhex(CHECK[name])


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(CYCLIC)), st.lists(st.binary(max_size=5_000), max_size=4))
def test_the_whole_follows_from_its_parts(name, stretches):
    def digest(data):
        running = checksum(name)
        running.update(data)
        return running.digest()

    assert joined(name, [(digest(data), len(data)) for data in stretches]) == digest(b"".join(stretches))
