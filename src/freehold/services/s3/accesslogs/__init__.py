"""The wing of server access logs: who asked what of a bucket, written into another bucket.

One idea: a request is noted before its answer leaves, and notes become an object from time to time; so a crash loses
none, and may write some twice. It may not know what requests mean: only how they look from outside.
"""

from freehold.services.s3.accesslogs import keepers, lines, notes, operations

__all__ = ["keepers", "lines", "notes", "operations"]
