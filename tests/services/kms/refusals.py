"""How each error that KMS declares is brought about."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_der_public_key
from tests.services.refusal import Refusal

KEY = ("create_key", {})
SIGNING = ("create_key", {"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"})
MAC = ("create_key", {"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"})
EMPTY = ("create_key", {"Origin": "EXTERNAL"})
NO_KEY = "00000000-0000-4000-8000-000000000000"
WRAPPING = {"WrappingAlgorithm": "RSAES_OAEP_SHA_256", "WrappingKeySpec": "RSA_2048"}
SIGN = {"Message": b"a", "SigningAlgorithm": "ECDSA_SHA_256"}
HASH = {"Message": b"a", "MacAlgorithm": "HMAC_SHA_256"}


def id_of(at, number=0):
    return at[number]["KeyMetadata"]["KeyId"]


PARAMETERS = ("get_parameters_for_import", lambda at: {"KeyId": id_of(at), **WRAPPING})


def wrapped(public):
    """Some material, as KMS wants it."""
    oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    return load_der_public_key(public).encrypt(b"m" * 32, oaep)


def with_key(operation, error, *calls, made=KEY, later_s=0.0, **request):
    """An operation on a key that was treated so."""
    treated = tuple((name, lambda at, more=more: {"KeyId": id_of(at), **more}) for name, more in calls)
    return Refusal(operation, error, lambda at: {"KeyId": id_of(at), **request}, (made, *treated), later_s=later_s)


def imported(error, later_s=0.0, **request):
    """Material for an empty key, wrapped as nobody would."""
    wanted = lambda at: {  # noqa: E731
        "KeyId": id_of(at), "ImportToken": at[1]["ImportToken"], "EncryptedKeyMaterial": b"x" * 256,
        "ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE", **request,
    }  # fmt: skip
    return Refusal("import_key_material", error, wanted, (EMPTY, PARAMETERS), later_s=later_s)


def on_none(operation, **request):
    return Refusal(operation, "NotFoundException", {"KeyId": NO_KEY, **request})


def sealed(at):
    return {"CiphertextBlob": at[1]["CiphertextBlob"]}


REFUSALS = (
    Refusal("create_alias", "AlreadyExistsException", lambda at: {"AliasName": "alias/a", "TargetKeyId": id_of(at)}, (
        KEY, ("create_alias", lambda at: {"AliasName": "alias/a", "TargetKeyId": id_of(at)}),
    )),
    with_key("encrypt", "DisabledException", ("disable_key", {}), Plaintext=b"a"),
    with_key("generate_data_key", "DisabledException", ("disable_key", {}), KeySpec="AES_256"),
    with_key("encrypt", "DryRunOperationException", Plaintext=b"a", DryRun=True),
    with_key("sign", "DryRunOperationException", made=SIGNING, DryRun=True, **SIGN),
    Refusal("decrypt", "IncorrectKeyException", lambda at: {"KeyId": id_of(at, 2), **sealed(at)}, (
        KEY, ("encrypt", lambda at: {"KeyId": id_of(at), "Plaintext": b"a"}), KEY,
    )),
    Refusal("decrypt", "InvalidCiphertextException", {"CiphertextBlob": b"x" * 100}),
    imported("InvalidCiphertextException"),
    imported("InvalidImportTokenException", ImportToken=b"x"),
    imported("ExpiredImportTokenException", later_s=25 * 3_600),
    Refusal("import_key_material", "IncorrectKeyMaterialException", lambda at: {
        "KeyId": id_of(at), "ImportToken": at[1]["ImportToken"], "EncryptedKeyMaterial": wrapped(at[1]["PublicKey"]),
        "ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE", "KeyMaterialId": "0" * 64,
    }, (EMPTY, PARAMETERS)),
    Refusal("create_alias", "InvalidAliasNameException", lambda at: {
        "AliasName": "alias/", "TargetKeyId": id_of(at),
    }, (KEY,)),
    Refusal("describe_key", "InvalidArnException", {"KeyId": "arn:aws:sqs:us-east-1:111111111111:q"}),
    with_key("list_grants", "InvalidGrantIdException", GrantId="x"),
    with_key("encrypt", "InvalidGrantTokenException", Plaintext=b"a", GrantTokens=["x"]),
    with_key("encrypt", "InvalidKeyUsageException", made=SIGNING, Plaintext=b"a"),
    with_key("sign", "InvalidKeyUsageException", **SIGN),
    Refusal("list_keys", "InvalidMarkerException", {"Marker": "x"}),
    with_key("list_key_rotations", "InvalidMarkerException", Marker="x"),
    with_key("verify_mac", "KMSInvalidMacException", made=MAC, Mac=b"x", **HASH),
    with_key("verify", "KMSInvalidSignatureException", made=SIGNING, Signature=b"x", **SIGN),
    with_key("encrypt", "KMSInvalidStateException", made=EMPTY, Plaintext=b"a"),
    with_key("enable_key", "KMSInvalidStateException", ("schedule_key_deletion", {})),
    with_key("cancel_key_deletion", "KMSInvalidStateException"),
    with_key("rotate_key_on_demand", "LimitExceededException", *([("rotate_key_on_demand", {})] * 25)),
    with_key("put_key_policy", "MalformedPolicyDocumentException", Policy="{", PolicyName="default"),
    Refusal("create_key", "MalformedPolicyDocumentException", {"Policy": "{}"}),
    on_none("describe_key"),
    on_none("encrypt", Plaintext=b"a"),
    on_none("sign", **SIGN),
    on_none("generate_mac", **HASH),
    on_none("get_key_policy"),
    on_none("list_resource_tags"),
    on_none("schedule_key_deletion"),
    on_none("get_public_key"),
    on_none("get_parameters_for_import", **WRAPPING),
    Refusal("delete_alias", "NotFoundException", {"AliasName": "alias/none"}),
    with_key("tag_resource", "TagException", Tags=[{"TagKey": "aws:a", "TagValue": "b"}]),
    with_key("enable_key_rotation", "UnsupportedOperationException", made=SIGNING),
    with_key("get_public_key", "UnsupportedOperationException"),
)  # fmt: skip
