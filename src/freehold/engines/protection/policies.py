"""Policies: statements as values, and whom they concern.

One idea: who publishes or listens is known by several names (its own ARN, its role's, its account's), and a statement
concerns it if it names one of them. It may not know how documents are written.
"""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import NamedTuple

INBOUND, OUTBOUND = "Inbound", "Outbound"
EVERYBODY = "*"
ACCOUNT = re.compile(r"\d{12}")


class Destination(NamedTuple):
    """Where records of findings go: a log group, a delivery stream, a bucket, each empty if none."""

    log_group: str = ""
    stream: str = ""
    bucket: str = ""


NOWHERE = Destination()


class Audit(NamedTuple):
    """Tell of what is found in `percent` of all messages, and of messages in which nothing is."""

    percent: int
    findings: Destination
    no_findings: Destination


class Deidentify(NamedTuple):
    """Put a character in place of each one that was found; none removes them."""

    character: str


class Deny(NamedTuple):
    """Let nothing pass in which something is found."""


Operation = Audit | Deidentify | Deny


class Statement(NamedTuple):
    """`identifiers` are names, without what ARNs put before them; `principals` are ARNs or `*`, or if `others` all but
    these. What a dialect leaves out is empty."""

    sid: str
    direction: str
    principals: frozenset[str]
    others: bool
    identifiers: frozenset[str]
    operation: Operation

    def concerns(self, names: Collection[str]) -> bool:
        """Whether the statement is about one who is known by these names."""
        return (EVERYBODY in self.principals or not self.principals.isdisjoint(names)) != self.others


class Policy(NamedTuple):
    """`custom` has the regexes of the identifiers that are the policy's own, by name."""

    name: str
    description: str
    custom: Mapping[str, str]
    statements: tuple[Statement, ...]

    @property
    def managed(self) -> frozenset[str]:
        """The names of AWS's identifiers that the policy looks for."""
        return frozenset().union(*(one.identifiers for one in self.statements)).difference(self.custom)


def principal(written: str) -> str:
    """A principal as it is written in a policy, an account's number as its root's ARN."""
    return f"arn:aws:iam::{written}:root" if ACCOUNT.fullmatch(written) else written


@lru_cache(maxsize=4_096)
def names_of(arn: str, role: str = "") -> frozenset[str]:
    """All names of a principal: its ARN (or account number), that of the `role` behind a session, its account's root.
    Services, which have no ARN, have one name."""
    parts = arn.split(":")
    root = f"arn:aws:iam::{parts[4]}:root" if len(parts) > 5 else principal(arn)
    return frozenset(filter(None, (arn, role, root)))
