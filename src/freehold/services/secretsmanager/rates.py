"""How often AWS lets an account ask Secrets Manager; held where the setting `limits` is on.

It may not know what the operations do.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
"""

from freehold.kernel.limits import Rate

READS = Rate(10_000, 10_000)  # in AWS, of both together
LISTS, CHANGES = Rate(100, 100), Rate(50, 50)

RATES = {
    "BatchGetSecretValue": LISTS,
    "CancelRotateSecret": CHANGES,
    "CreateSecret": CHANGES,
    "DeleteResourcePolicy": CHANGES,
    "DeleteSecret": CHANGES,
    "DescribeSecret": READS,
    "GetRandomPassword": CHANGES,
    "GetResourcePolicy": CHANGES,
    "GetSecretValue": READS,
    "ListSecretVersionIds": CHANGES,
    "ListSecrets": LISTS,
    "PutResourcePolicy": CHANGES,
    "PutSecretValue": CHANGES,
    "RestoreSecret": CHANGES,
    "RotateSecret": CHANGES,
    "TagResource": CHANGES,
    "UntagResource": CHANGES,
    "UpdateSecret": CHANGES,
    "UpdateSecretVersionStage": CHANGES,
    "ValidateResourcePolicy": CHANGES,
}
