"""Systems Manager's Parameter Store: named values in versions, in the clear or sealed.

One idea: a parameter is a name and a number, and each version that it ever had is a record beside it; a selector
(`name:3`, `name:label`) picks one. What is secret lies sealed, and is opened only for who asks for it.

Not done: everything of Systems Manager but Parameter Store; parameter policies, sharing.
`parity.toml` has the list.
"""

from freehold.services.ssm import resources
from freehold.services.ssm.service import ssm

__all__ = ["resources", "ssm"]
