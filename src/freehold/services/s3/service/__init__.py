"""The API of S3: one function an operation, by noun. It may not know how content lies."""

from freehold.services.s3.access import operations as access
from freehold.services.s3.aging import operations as aging
from freehold.services.s3.locks import operations as locks
from freehold.services.s3.news import operations as news
from freehold.services.s3.service import buckets, copying, exchanges, objects, paying, reading, settings, tagging
from freehold.services.s3.service.catalogue import s3

__all__ = [
    "access",
    "aging",
    "buckets",
    "copying",
    "exchanges",
    "locks",
    "news",
    "objects",
    "paying",
    "reading",
    "s3",
    "settings",
    "tagging",
]
