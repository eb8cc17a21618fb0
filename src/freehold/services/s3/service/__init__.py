"""The API of S3: one function an operation, by noun. It may not know how content lies."""

from freehold.services.s3.service import (
    buckets,
    copying,
    notifying,
    objects,
    reading,
    settings,
    tagging,
)
from freehold.services.s3.service.catalogue import s3

__all__ = [
    "buckets",
    "copying",
    "notifying",
    "objects",
    "reading",
    "s3",
    "settings",
    "tagging",
]
