"""What keys do, held against the `cryptography` package on the other side."""

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.keywrap import aes_key_wrap_with_padding
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines.keys import ciphers, ciphertexts

DAY_S = 86_400
SHA = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}


@pytest.fixture
def kms(aws):
    return aws("kms")


def refused(call, **request):
    with pytest.raises(ClientError) as refusal:
        call(**request)
    return refusal.value.response["Error"]["Code"]


def made(kms, spec="SYMMETRIC_DEFAULT", usage="ENCRYPT_DECRYPT", **more):
    return kms.create_key(KeySpec=spec, KeyUsage=usage, **more)["KeyMetadata"]["KeyId"]


def test_a_ciphertext_opens_under_its_context_and_key_alone(kms):
    key, other = made(kms), made(kms)
    context = {"b": "2", "a": "1"}
    blob = kms.encrypt(KeyId=key, Plaintext=b"secret", EncryptionContext=context)["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=blob, EncryptionContext=context)["Plaintext"] == b"secret"
    assert refused(kms.decrypt, CiphertextBlob=blob) == "InvalidCiphertextException"
    assert (
        refused(kms.decrypt, CiphertextBlob=blob[:-1] + b"?", EncryptionContext=context) == "InvalidCiphertextException"
    )
    assert refused(kms.decrypt, CiphertextBlob=b"nothing") == "InvalidCiphertextException"
    assert refused(kms.decrypt, CiphertextBlob=blob, EncryptionContext=context, KeyId=other) == "IncorrectKeyException"
    moved = kms.re_encrypt(CiphertextBlob=blob, SourceEncryptionContext=context, DestinationKeyId=other)
    assert kms.decrypt(CiphertextBlob=moved["CiphertextBlob"], KeyId=other)["Plaintext"] == b"secret"


def test_others_ciphertexts_are_not_spoken_of(aws, kms):
    blob = kms.encrypt(KeyId=made(kms), Plaintext=b"x")["CiphertextBlob"]
    assert refused(aws("kms", region="eu-west-1").decrypt, CiphertextBlob=blob) == "AccessDeniedException"
    assert refused(aws("kms", key="999999999999").decrypt, CiphertextBlob=blob) == "AccessDeniedException"


def test_data_keys(kms):
    key = made(kms)
    for request, length in ({"KeySpec": "AES_256"}, 32), ({"KeySpec": "AES_128"}, 16), ({"NumberOfBytes": 7}, 7):
        told = kms.generate_data_key(KeyId=key, **request)
        assert kms.decrypt(CiphertextBlob=told["CiphertextBlob"])["Plaintext"] == told["Plaintext"]
        assert len(told["Plaintext"]) == length
    assert "Plaintext" not in kms.generate_data_key_without_plaintext(KeyId=key, KeySpec="AES_256")
    assert refused(kms.generate_data_key, KeyId=key) == "ValidationException"


@pytest.mark.parametrize("spec", ["RSA_2048", "ECC_NIST_P256", "ECC_NIST_P521", "ECC_SECG_P256K1"])
def test_data_key_pairs(kms, spec):
    told = kms.generate_data_key_pair(KeyId=made(kms), KeyPairSpec=spec)
    private = load_der_private_key(told["PrivateKeyPlaintext"], None)
    assert private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) == told["PublicKey"]
    assert kms.decrypt(CiphertextBlob=told["PrivateKeyCiphertextBlob"])["Plaintext"] == told["PrivateKeyPlaintext"]


@pytest.mark.parametrize("algorithm", ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"])
def test_rsa_decrypts_what_its_public_key_encrypted(kms, algorithm):
    key = made(kms, "RSA_2048")
    digest = hashes.SHA1() if algorithm.endswith("_1") else hashes.SHA256()
    public = load_der_public_key(kms.get_public_key(KeyId=key)["PublicKey"])
    blob = public.encrypt(b"outside", padding.OAEP(padding.MGF1(digest), digest, None))
    answer = kms.decrypt(CiphertextBlob=blob, KeyId=key, EncryptionAlgorithm=algorithm)
    assert answer["Plaintext"] == b"outside"
    assert refused(kms.decrypt, CiphertextBlob=blob, EncryptionAlgorithm=algorithm) == "ValidationException"
    assert refused(kms.encrypt, KeyId=key, Plaintext=b"x" * 300, EncryptionAlgorithm=algorithm) == "ValidationException"
    assert refused(kms.encrypt, KeyId=key, Plaintext=b"x") == "InvalidKeyUsageException"


SIGNERS = [
    ("RSA_2048", "RSASSA_PSS_SHA_256"), ("RSA_3072", "RSASSA_PKCS1_V1_5_SHA_384"), ("ECC_NIST_P256", "ECDSA_SHA_256"),
    ("ECC_NIST_P384", "ECDSA_SHA_384"), ("ECC_NIST_P521", "ECDSA_SHA_512"), ("ECC_SECG_P256K1", "ECDSA_SHA_256"),
]  # fmt: skip


@pytest.mark.parametrize("spec, algorithm", SIGNERS)
def test_signatures_hold_outside(kms, spec, algorithm):
    key, message = made(kms, spec, "SIGN_VERIFY"), b"to whom it may concern"
    digest = SHA[algorithm[-3:]]
    signature = kms.sign(KeyId=key, Message=message, SigningAlgorithm=algorithm)["Signature"]
    public = load_der_public_key(kms.get_public_key(KeyId=key)["PublicKey"])
    if spec.startswith("ECC"):
        public.verify(signature, message, ec.ECDSA(digest))
    elif "PSS" in algorithm:
        public.verify(signature, message, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
    else:
        public.verify(signature, message, padding.PKCS1v15(), digest)
    hasher = hashes.Hash(digest)
    hasher.update(message)
    hashed = {"Message": hasher.finalize(), "MessageType": "DIGEST"}
    assert kms.verify(KeyId=key, Signature=signature, SigningAlgorithm=algorithm, **hashed)["SignatureValid"]
    wrong = {"KeyId": key, "Signature": signature, "SigningAlgorithm": algorithm}
    assert refused(kms.verify, Message=b"another", **wrong) == "KMSInvalidSignatureException"
    assert refused(kms.verify, Message=b"short", MessageType="DIGEST", **wrong) == "ValidationException"


def test_edwards_curves_sign(kms):
    key = made(kms, "ECC_NIST_EDWARDS25519", "SIGN_VERIFY")
    signature = kms.sign(KeyId=key, Message=b"m", SigningAlgorithm="ED25519_SHA_512")["Signature"]
    load_der_public_key(kms.get_public_key(KeyId=key)["PublicKey"]).verify(signature, b"m")


def test_macs(kms):
    for size in (224, 256, 384, 512):
        key, algorithm = made(kms, f"HMAC_{size}", "GENERATE_VERIFY_MAC"), f"HMAC_SHA_{size}"
        mac = kms.generate_mac(KeyId=key, Message=b"m", MacAlgorithm=algorithm)["Mac"]
        assert len(mac) == size // 8
        assert kms.verify_mac(KeyId=key, Message=b"m", MacAlgorithm=algorithm, Mac=mac)["MacValid"]
        wrong = {"KeyId": key, "Message": b"n", "MacAlgorithm": algorithm, "Mac": mac}
        assert refused(kms.verify_mac, **wrong) == "KMSInvalidMacException"
    assert refused(kms.get_public_key, KeyId=key) == "UnsupportedOperationException"


def test_secrets_are_shared_with_the_owner_of_a_public_key(kms):
    key = made(kms, "ECC_NIST_P384", "KEY_AGREEMENT")
    mine = ec.generate_private_key(ec.SECP384R1())
    public = mine.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    told = kms.derive_shared_secret(KeyId=key, KeyAgreementAlgorithm="ECDH", PublicKey=public)
    theirs = load_der_public_key(kms.get_public_key(KeyId=key)["PublicKey"])
    assert told["SharedSecret"] == mine.exchange(ec.ECDH(), theirs)


def imported(kms, key, material, algorithm="RSAES_OAEP_SHA_256", **more):
    told = kms.get_parameters_for_import(KeyId=key, WrappingAlgorithm=algorithm, WrappingKeySpec="RSA_2048")
    public = load_der_public_key(told["PublicKey"])
    digest = hashes.SHA1() if algorithm.endswith("_1") else hashes.SHA256()
    oaep = padding.OAEP(padding.MGF1(digest), digest, None)
    if "AES_KEY" in algorithm:
        wrapping = b"w" * 32
        wrapped = public.encrypt(wrapping, oaep) + aes_key_wrap_with_padding(wrapping, material)
    else:
        wrapped = public.encrypt(material, oaep)
    expires = {} if "ValidTo" in more else {"ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE"}
    return kms.import_key_material(
        KeyId=key, ImportToken=told["ImportToken"], EncryptedKeyMaterial=wrapped, **expires, **more
    )  # fmt: skip


def test_imported_material_expires_and_only_the_same_comes_back(own_cloud):
    kms = own_cloud("kms")
    key = made(kms, Origin="EXTERNAL")
    assert refused(kms.encrypt, KeyId=key, Plaintext=b"x") == "KMSInvalidStateException"
    ends_at = own_cloud.running.cloud.clock.now() + DAY_S
    imported(kms, key, b"m" * 32, ValidTo=ends_at)
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    own_cloud.advance(DAY_S + 1)
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingImport"
    with pytest.raises(ClientError, match="IncorrectKeyMaterialException"):
        imported(kms, key, b"n" * 32)
    imported(kms, key, b"m" * 32, algorithm="RSAES_OAEP_SHA_1")
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"
    kms.delete_imported_key_material(KeyId=key)
    assert refused(kms.decrypt, CiphertextBlob=blob) == "KMSInvalidStateException"


def test_imports_that_do_not_fit_are_refused(own_cloud):
    kms = own_cloud("kms")
    key = made(kms, Origin="EXTERNAL")
    with pytest.raises(ClientError, match="IncorrectKeyMaterialException"):
        imported(kms, key, b"m" * 31)
    token = {"ImportToken": b"none", "EncryptedKeyMaterial": b"x", "ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE"}
    assert refused(kms.import_key_material, KeyId=key, **token) == "InvalidImportTokenException"
    told = kms.get_parameters_for_import(KeyId=key, WrappingAlgorithm="RSAES_OAEP_SHA_256", WrappingKeySpec="RSA_2048")
    token |= {"ImportToken": told["ImportToken"]}
    assert refused(kms.import_key_material, KeyId=key, **token) == "InvalidCiphertextException"
    own_cloud.advance(DAY_S + 1)
    assert refused(kms.import_key_material, KeyId=key, **token) == "ExpiredImportTokenException"


def test_a_private_key_is_imported_wrapped_twice(kms):
    key = made(kms, "RSA_2048", "SIGN_VERIFY", Origin="EXTERNAL")
    mine = rsa.generate_private_key(65_537, 2_048)
    imported(
        kms, key, mine.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()), "RSA_AES_KEY_WRAP_SHA_256"
    )
    signature = kms.sign(KeyId=key, Message=b"m", SigningAlgorithm="RSASSA_PSS_SHA_256")["Signature"]
    mine.public_key().verify(signature, b"m", padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())


def test_a_dry_run_does_nothing(kms):
    key = made(kms)
    assert refused(kms.encrypt, KeyId=key, Plaintext=b"x", DryRun=True) == "DryRunOperationException"
    assert refused(kms.generate_data_key, KeyId=key, KeySpec="AES_256", DryRun=True) == "DryRunOperationException"
    assert refused(kms.encrypt, KeyId="0" * 36, Plaintext=b"x", DryRun=True) == "NotFoundException"


@given(st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=4), st.binary(max_size=64))
def test_what_is_bound_is_told_apart(context, text):
    """Contexts that differ are authenticated as different bytes, also where their texts run together alike."""
    head = ciphertexts.head("123456789012", "mrk-" + "0a" * 16, 3, b"n" * 12)
    sealed = head + ciphers.seal(b"k" * 32, b"n" * 12, text, ciphertexts.bound(head, context))
    told = ciphertexts.read(sealed)
    assert (told.account, told.key, told.material) == ("123456789012", "mrk-" + "0a" * 16, 3)
    bound = ciphertexts.bound(told.head, dict(reversed(context.items())))
    assert ciphers.unseal(b"k" * 32, told.nonce, told.sealed, bound) == text
    with pytest.raises(ciphers.Undecipherable):
        ciphers.unseal(b"k" * 32, told.nonce, told.sealed, ciphertexts.bound(told.head, {**context, "more": ""}))
