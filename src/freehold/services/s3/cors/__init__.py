"""The wing of cross-origin rules: what web pages may do with a bucket, and how browsers are told.

One idea: the first rule that a request fits gives the headers of the answer; a preflight that fits none is refused. It
may not know what is asked of the bucket, only from where, how and with which headers.
"""

from freehold.services.s3.cors import answers, operations, rules

__all__ = ["answers", "operations", "rules"]
