"""The wing of replication: what is put into one bucket comes to be in others.

One idea: a version that a rule wants elsewhere is promised in the transaction that made it, and carried as the role
that the bucket's owner named, once for each destination; what comes of it is written on the version. Weighing is that
of `access`, and keys are those of `encryption`. It may not know who put the version there.
"""

from freehold.services.s3.replication import carrying, errors, operations, rules, sending

__all__ = ["carrying", "errors", "operations", "rules", "sending"]
