"""How often AWS lets an account ask KMS; held where the setting `limits` is on. What keys are used for has far higher
rates, which several operations share and which are not held.

It may not know what the operations do.

https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html
"""

from freehold.kernel.limits import Rate

# Operations by how often they may be asked for each second.
BY_RATE = {
    5: (
        "CancelKeyDeletion", "CreateAlias", "CreateKey", "DisableKey", "DisableKeyRotation", "EnableKey",
        "ReplicateKey", "RotateKeyOnDemand", "UntagResource", "UpdateAlias", "UpdateKeyDescription",
        "UpdatePrimaryRegion",
    ),
    10: ("TagResource",),
    15: (
        "DeleteAlias", "DeleteImportedKeyMaterial", "EnableKeyRotation", "ImportKeyMaterial", "PutKeyPolicy",
        "ScheduleKeyDeletion",
    ),
    30: ("RetireGrant", "RevokeGrant"),
    50: ("CreateGrant",),
    100: ("ListGrants", "ListKeyPolicies", "ListKeyRotations", "ListRetirableGrants"),
    500: ("ListAliases", "ListKeys"),
    1_000: ("GetKeyPolicy", "GetKeyRotationStatus"),
    2_000: ("DescribeKey", "GetPublicKey", "ListResourceTags"),
}  # fmt: skip
RATES = {operation: Rate(rate, rate) for rate, operations in BY_RATE.items() for operation in operations}
