"""How each error that Secrets Manager declares is brought about."""

import json

from tests.services.refusal import Refusal

SECRET = ("create_secret", {"Name": "s", "SecretString": "a"})
KEYED = (
    ("kms.create_key", {}),
    ("create_secret", lambda at: {"Name": "s", "SecretString": "a", "KmsKeyId": at[0]["KeyMetadata"]["KeyId"]}),
    ("kms.disable_key", lambda at: {"KeyId": at[0]["KeyMetadata"]["KeyId"]}),
)
PUBLIC = json.dumps({
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Principal": "*", "Action": "secretsmanager:GetSecretValue", "Resource": "*"},
})  # fmt: skip

REFUSALS = (
    Refusal("get_secret_value", "DecryptionFailure", {"SecretId": "s"}, KEYED),
    Refusal("put_secret_value", "EncryptionFailure", {"SecretId": "s", "SecretString": "b"}, KEYED),
    Refusal("list_secrets", "InvalidNextTokenException", {"NextToken": "x"}),
    Refusal("list_secret_version_ids", "InvalidNextTokenException", {"SecretId": "s", "NextToken": "x"}, (SECRET,)),
    Refusal("get_random_password", "InvalidParameterException", {"PasswordLength": 3, "RequireEachIncludedType": True}),
    Refusal("get_secret_value", "InvalidRequestException", {"SecretId": "s"}, (
        SECRET, ("delete_secret", {"SecretId": "s"}),
    )),
    Refusal("put_secret_value", "LimitExceededException", {
        "SecretId": "s", "SecretString": "b", "VersionStages": [f"x{n}" for n in range(20)],
    }, (SECRET, ("put_secret_value", {"SecretId": "s", "SecretString": "c", "VersionStages": ["y"]}))),
    Refusal("put_resource_policy", "MalformedPolicyDocumentException", {
        "SecretId": "s", "ResourcePolicy": "{",
    }, (SECRET,)),
    Refusal("put_resource_policy", "PublicPolicyException", {
        "SecretId": "s", "ResourcePolicy": PUBLIC, "BlockPublicPolicy": True,
    }, (SECRET,)),
    Refusal("create_secret", "ResourceExistsException", {"Name": "s"}, (SECRET,)),
    *(
        Refusal(operation, "ResourceNotFoundException", {"SecretId": "s", **more})
        for operation, more in {
            "get_secret_value": {}, "describe_secret": {}, "delete_secret": {}, "restore_secret": {},
            "put_secret_value": {"SecretString": "a"}, "update_secret": {}, "list_secret_version_ids": {},
            "rotate_secret": {}, "cancel_rotate_secret": {}, "get_resource_policy": {}, "delete_resource_policy": {},
            "put_resource_policy": {"ResourcePolicy": PUBLIC}, "tag_resource": {"Tags": []},
            "untag_resource": {"TagKeys": []}, "update_secret_version_stage": {"VersionStage": "x"},
        }.items()
    ),
)  # fmt: skip
