"""Who asks, and how a policy names them.

One idea: it matters not only whether a Principal element names the caller but how narrowly, for a policy on a resource
that names a session binds less than one that names its account. It may not know what follows from that.
Follows "AWS JSON policy elements: Principal".
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Literal, Protocol

Kind = Literal["root", "user", "role-session", "federated-user", "federated", "service", "anonymous"]


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller of one request.

    kind     root, user, role-session, federated-user (of GetFederationToken), federated (a web or SAML identity before
             it has a role), service, anonymous
    arn      its own ARN; for a session the STS one; a service's name (`lambda.amazonaws.com`); a provider's name or ARN
    account  twelve digits; empty for services, providers and anonymous callers
    issuer   the ARN of the role a session is of, or of the user that made a federated-user session
    id       its unique id (`AIDA…`, `AROA…:session`), as in aws:userid
    """

    kind: Kind
    arn: str = ""
    account: str = ""
    issuer: str = ""
    id: str = ""


# The kernel's kinds of principals, in the words of policies.
KINDS: dict[str, Kind] = {
    "Root": "root",
    "User": "user",
    "AssumedRole": "role-session",
    "FederatedUser": "federated-user",
    "Service": "service",
    "Anonymous": "anonymous",
}


class Acting(Protocol):
    """What the kernel says of one who acts."""

    @property
    def kind(self) -> str: ...
    @property
    def arn(self) -> str: ...
    @property
    def account(self) -> str: ...
    @property
    def issuer(self) -> str: ...
    @property
    def id(self) -> str: ...


def asker(who: Acting) -> Principal:
    """One who acts, as policies know them: services and nobody in particular are of no account."""
    kind = KINDS[who.kind]
    account = "" if kind in ("service", "anonymous") else who.account
    return Principal(kind, who.arn, account, who.issuer, who.id)


class Naming(Enum):
    """How a Principal element names a caller, narrowest first."""

    SESSION = "its session"
    USER = "its user"
    OUTSIDER = "a service or provider"
    ISSUER = "the user that federated it"
    ROLE = "its role"
    ANYONE = "everyone"
    ACCOUNT = "its account"


_OWN_NAMING: dict[str, Naming] = {
    "root": Naming.ACCOUNT,
    "user": Naming.USER,
    "role-session": Naming.SESSION,
    "federated-user": Naming.SESSION,
}
_ISSUER_NAMING: dict[str, Naming] = {"role-session": Naming.ROLE, "federated-user": Naming.ISSUER}
_REGIONAL = re.compile(r"^([a-z0-9-]+)\.[a-z]{2}(?:-[a-z]+)+-\d\.(amazonaws\.com(?:\.cn)?)$")
"""A service by its name in one region, which is that service: here it is the same in all."""
_KIND_OF_TYPE = {"Service": "service", "Federated": "federated"}

# From a caller to how it is named, or None when it is not.
Names = Callable[[Principal], Naming | None]


def names(element: dict[str, list[str]]) -> Names:
    """Compile a Principal element: lists of values under AWS, Service, Federated and CanonicalUser."""
    listed = {type_: frozenset(values) - {""} for type_, values in element.items()}
    nobody: frozenset[str] = frozenset()
    aws = listed.get("AWS", nobody) | listed.get("CanonicalUser", nobody)
    outsiders = {kind: listed.get(type_, nobody) for type_, kind in _KIND_OF_TYPE.items()}
    outsiders["service"] |= {_REGIONAL.sub(r"\1.\2", name) for name in outsiders["service"]}

    def naming(caller: Principal) -> Naming | None:
        outside = outsiders.get(caller.kind, nobody)
        if caller.arn in outside or "*" in outside:
            return Naming.OUTSIDER
        own = _OWN_NAMING.get(caller.kind)
        if own and (caller.arn in aws or (caller.id and caller.id in aws)):
            return own
        issuer = _ISSUER_NAMING.get(caller.kind)
        if issuer and (caller.issuer in aws or (caller.id and caller.id.partition(":")[0] in aws)):
            return issuer
        if "*" in aws:
            return Naming.ANYONE
        return Naming.ACCOUNT if caller.account and not aws.isdisjoint(_account_names(caller)) else None

    return naming


def names_all_of(element: dict[str, list[str]]) -> Callable[[Principal], bool]:
    """Whether an element names every one of a caller's identities: its session, its role or user, and its account.

    Only then does NotPrincipal with Deny spare the caller, as AWS's guide warns.
    """
    listed = frozenset(value for values in element.values() for value in values)

    def named(caller: Principal) -> bool:
        if "*" in listed:
            return True
        own = {name for name in (caller.arn, caller.issuer) if name}
        return own <= listed and (not caller.account or not listed.isdisjoint(_account_names(caller)))

    return named


def _account_names(caller: Principal) -> tuple[str, str]:
    partition = caller.arn.split(":", 2)[1] if caller.arn.startswith("arn:") else "aws"
    return caller.account, f"arn:{partition}:iam::{caller.account}:root"
