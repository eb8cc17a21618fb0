"""STS: who one is, and credentials for a while.

One idea: a session is a principal with an end. This room decides how long and under which name; whether a role may be
assumed is weighed, and credentials are minted, by IAM, which keeps the policies and the master secret.

What is not done stands in parity.toml.
"""

from freehold.services.sts.service import sts

__all__ = ["sts"]
