"""The Key Management Service: keys that never leave, and what may be done with them.

One idea: a key is a record and its materials are numbered rows beside it, sealed in the vault; whatever was encrypted
tells the number, so rotation is one more row. Who may use a key its own policy decides, and a grant is one more
statement of that policy.

Not done: custom key stores, attestation by recipients, SM2, ML-DSA and ML-KEM. `parity.toml` has the list.
"""

from freehold.services.kms import resources
from freehold.services.kms.service import kms

__all__ = ["kms", "resources"]
