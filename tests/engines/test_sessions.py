"""What a cloud mints and knows again: keys, secrets and tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines import sessions

MASTER, OTHER = b"m" * 32, b"o" * 32
CLAIMS = {"key": "ASIA", "expires_at": 12.5, "principal": {"arn": "arn:aws:iam::1:user/ada"}}
ACCOUNTS = st.integers(0, 10**12 - 1).map("{:012d}".format)
CHANCES = st.binary(min_size=sessions.CHANCE_BYTES, max_size=sessions.CHANCE_BYTES)


@given(ACCOUNTS, CHANCES, st.sampled_from([sessions.PERMANENT, sessions.TEMPORARY]))
def test_a_key_tells_its_account_and_its_cloud(account, chance, prefix):
    key = sessions.access_key(MASTER, prefix, account, chance)
    assert len(key) == 20 and key.startswith(prefix) and key.isalnum() and key == key.upper()
    assert sessions.account_of(key) == account
    assert sessions.minted(MASTER, key)


def test_a_key_of_another_kind_or_cloud_is_not_known():
    key = sessions.access_key(MASTER, "AKIA", "111122223333", b"abc")
    assert not sessions.minted(OTHER, key)
    assert not sessions.minted(MASTER, "ASIA" + key[4:])


@pytest.mark.parametrize("text", ["", "111122223333", "AKIA", "AKIA0000000000000000", "AKIA" + "é" * 16])
def test_what_is_no_key(text):
    assert not sessions.minted(MASTER, text)
    assert sessions.account_of(text) == ""


def test_secrets_are_long_and_each_ones_own():
    made = {sessions.secret(MASTER, "a"), sessions.secret(MASTER, "b"), sessions.secret(OTHER, "a")}
    assert len(made) == 3 and {len(secret) for secret in made} == {40}


def test_a_token_gives_back_its_claims_to_its_cloud_alone():
    token = sessions.seal(MASTER, CLAIMS)
    assert sessions.unseal(MASTER, token) == CLAIMS
    assert sessions.unseal(OTHER, token) is None


@given(st.data())
def test_a_token_cannot_be_changed(data):
    token = sessions.seal(MASTER, CLAIMS)
    place = data.draw(st.integers(0, len(token) - 5))
    letter = data.draw(st.sampled_from([each for each in "AZaz09-_=" if each != token[place]]))
    assert sessions.unseal(MASTER, token[:place] + letter + token[place + 1 :]) is None


@given(st.text())
def test_nonsense_is_no_token(text):
    assert sessions.unseal(MASTER, text) is None
