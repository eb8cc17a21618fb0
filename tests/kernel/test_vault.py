"""The vault: sealed is bound to its place and to the master key's file."""

import pytest

from freehold.kernel.ids import Ids
from freehold.kernel.vault import Unopened, Vault


def test_what_is_sealed_opens_in_its_place_alone(tmp_path):
    vault = Vault(tmp_path / "master.key", Ids())
    sealed = vault.seal(b"secret", "here")
    assert b"secret" not in sealed
    assert vault.open(sealed, "here") == b"secret"
    with pytest.raises(Unopened):
        vault.open(sealed, "there")


def test_the_master_key_is_its_owners_alone_and_stays(tmp_path):
    path = tmp_path / "master.key"
    sealed = Vault(path, Ids()).seal(b"secret", "here")
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["master.key"]
    assert Vault(path, Ids()).open(sealed, "here") == b"secret"


def test_without_its_master_key_nothing_opens(tmp_path):
    path = tmp_path / "master.key"
    sealed = Vault(path, Ids()).seal(b"secret", "here")
    path.unlink()
    with pytest.raises(Unopened):
        Vault(path, Ids()).open(sealed, "here")
    path.write_bytes(b"short")
    with pytest.raises(Unopened):
        Vault(path, Ids()).open(sealed, "here")
