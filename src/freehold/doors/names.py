"""Which names lead to this cloud: AWS's, the machine's own, and those of domains that its owner adds.

One idea: one list for whoever resolves, certifies or lets through. It may not know what is asked under the names.
"""

import re
from typing import NamedTuple

from freehold.engines.hosts import SUFFIXES, is_aws

OWN = ("localhost", "localdomain")  # RFC 6761; AWS calls an environment sandbox.localdomain
# What SDKs put an operation's host prefix before, though it be an address: sync-127.0.0.1, data-localhost.
# https://smithy.io/2.0/spec/endpoint-traits.html#endpoint-trait
PREFIXED = tuple(f"{mark}{host}" for mark in "-." for host in ("127.0.0.1", "localhost"))
NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")


class Names(NamedTuple):
    """The names served. `domains` are the owner's own, in lower case."""

    domains: tuple[str, ...] = ()

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Every domain of which some name is served."""
        return (*SUFFIXES, *OWN, *self.domains)

    def serve(self, name: str) -> bool:
        """Whether a name (lower case, without the last dot) leads here."""
        own = any(name == domain or name.endswith(f".{domain}") for domain in (*OWN, *self.domains))
        return bool(NAME.fullmatch(name)) and (own or name.endswith(PREFIXED) or is_aws(name))
