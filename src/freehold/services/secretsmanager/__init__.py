"""Secrets Manager: secrets in versions, of which labels say what each is for.

One idea: a version never changes; labels (AWSCURRENT, AWSPENDING, AWSPREVIOUS and others) move between versions, and
that is all that rotation is. What is secret lies encrypted under a data key of KMS's, asked for as the caller.

Not done: replication to other Regions, managed external secrets. `parity.toml` has the list.
"""

from freehold.services.secretsmanager import resources
from freehold.services.secretsmanager.service import secretsmanager

__all__ = ["resources", "secretsmanager"]
