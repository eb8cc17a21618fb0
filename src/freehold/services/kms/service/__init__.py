"""The API of KMS: one function an operation, by noun. It may not know how material lies."""

from freehold.services.kms.catalogue import kms
from freehold.services.kms.service import (
    aliases,
    data_keys,
    encryption,
    grants,
    imports,
    keys,
    policies,
    replicas,
    rotations,
    signing,
    tags,
)

__all__ = [
    "aliases", "data_keys", "encryption", "grants", "imports", "keys", "kms", "policies", "replicas", "rotations",
    "signing", "tags",
]  # fmt: skip
