"""How keys come to be: by request, as AWS's own at first use, and as replicas.

One idea: whoever makes a key brings its material, so that what takes long is done before a transaction begins. It may
not know requests.
"""

from freehold.engines.keys import specs
from freehold.kernel.call import Call
from freehold.kernel.store import Tx
from freehold.services.kms import errors, keys, materials, permissions, rotation
from freehold.services.kms.keys import Alias, Key

PREFIX, OF_AWS = "alias/", "alias/aws/"
MULTI_REGION = "mrk-"

# The services that have a key of AWS's own in an account, once it is used.
MANAGED = (
    *("acm", "backup", "codecommit", "connect", "dms", "dynamodb", "ebs", "elasticfilesystem", "es", "fsx", "glue"),
    *("kafka", "kinesis", "kinesisvideo", "lambda", "lightsail", "mq", "rds", "redshift", "s3", "sagemaker"),
    *("secretsmanager", "ses", "sns", "sqs", "ssm", "workspaces", "xray"),
)
SPELLED = {"dynamodb": "DynamoDB"}  # as descriptions of keys have it, where that is known


def new_id(tx: Tx, multi_region: bool = False) -> str:
    return MULTI_REGION + tx.ids.hex(32) if multi_region else tx.ids.uuid()


def create(call: Call, tx: Tx, key: Key, material: bytes | None) -> Key:
    """Write a key down with its first material; none yet if it is to be imported."""
    if material is not None:
        key.material = materials.add(tx, call.vault, key.id, material).number
    tx.put(key)
    return key


def aliased(call: Call, tx: Tx, name: str) -> Key:
    """The key of an alias; AWS's own is made if it is wanted for the first time. Raises NotFoundException."""
    alias = tx.get(Alias, name)
    key = keys.get(tx, alias.key) if alias else None
    if key:
        return key
    service = name.removeprefix(OF_AWS)
    if alias or name == service or service not in MANAGED:
        raise errors.AliasNotThere(arn=keys.alias_arn(tx, name))
    return _managed(call, tx, service)


def _managed(call: Call, tx: Tx, service: str) -> Key:
    spelled = SPELLED.get(service, service)
    description = f"Default key that protects my {spelled} data when no other key is defined"
    key = Key(
        id=new_id(tx), spec=specs.SYMMETRIC, usage=specs.ENCRYPT, created_at=tx.now, manager=keys.AWS,
        description=description, policy=permissions.managed_policy(tx.account, tx.region, service),
    )  # fmt: skip
    create(call, tx, key, materials.make(tx.ids, key.spec))
    rotation.enable(tx, key, rotation.USUAL_DAYS)
    tx.put(Alias(name=OF_AWS + service, key=key.id, created_at=tx.now, updated_at=tx.now))
    return key
