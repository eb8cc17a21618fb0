"""kill -9 and a lost master key: secrets outlive the one, and not the other."""

import pytest
from botocore.exceptions import ClientError
from tests.running import Freehold


@pytest.fixture
def freehold(tmp_path):
    made = Freehold(tmp_path / "data")
    made.up()
    yield made
    made.down()


def test_secrets_outlive_a_kill_and_need_their_master_key(freehold):
    kms, sm = freehold.client("kms"), freehold.client("secretsmanager")
    key = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    public = kms.get_public_key(KeyId=key)["PublicKey"]
    sm.create_secret(Name="s", SecretString="kept")
    assert b"kept" not in b"".join(file.read_bytes() for file in freehold.data.glob("freehold.db*"))
    freehold.kill()
    freehold.up()
    kms, sm = freehold.client("kms"), freehold.client("secretsmanager")
    assert sm.get_secret_value(SecretId="s")["SecretString"] == "kept"
    assert kms.get_public_key(KeyId=key)["PublicKey"] == public
    freehold.kill()
    (freehold.data / "master.key").unlink()
    freehold.up()
    with pytest.raises(ClientError) as refusal:
        freehold.client("secretsmanager").get_secret_value(SecretId="s")
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
