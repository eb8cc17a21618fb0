"""Keyed digests are the library's."""

import hmac

from hypothesis import given
from hypothesis import strategies as st

from freehold.engines.macs import Mac


@given(key=st.binary(max_size=100), texts=st.lists(st.binary(max_size=200), max_size=3))
def test_a_key_s_digests_are_hmacs(key, texts):
    mac = Mac(key)
    assert [mac.of(text) for text in texts] == [hmac.digest(key, text, "sha256") for text in texts]
