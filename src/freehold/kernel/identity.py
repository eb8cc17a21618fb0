"""Who acts: the principal behind a call, and where permissions come from.

One idea: a principal is a value that can be written down, so that work promised for later is done as the one who asked.
It may not know how policies are written or credentials minted; the IAM and STS rooms answer through `Authority`.
"""

from typing import TYPE_CHECKING, NamedTuple, Protocol

import msgspec

if TYPE_CHECKING:
    from freehold.kernel.store import Tx

ROOT, USER, ROLE, SERVICE, ANONYMOUS = "Root", "User", "AssumedRole", "Service", "Anonymous"


class Principal(msgspec.Struct, frozen=True, omit_defaults=True):
    """One who acts. `arn` is as GetCallerIdentity shows it; `issuer` is the ARN of the role behind a session."""

    kind: str
    account: str
    arn: str
    id: str = ""
    issuer: str = ""
    session_policy: str = ""

    @property
    def trusted(self) -> bool:
        """Whether identity policies do not apply: an account's root, or the cloud itself."""
        return self.kind == ROOT


def root(account: str) -> Principal:
    return Principal(ROOT, account, f"arn:aws:iam::{account}:root", account)


def service(name: str, account: str = "") -> Principal:
    """An AWS service acting on its own behalf, such as `lambda.amazonaws.com`, for a resource of `account`."""
    return Principal(SERVICE, account, name, name)


ANYONE = Principal(ANONYMOUS, "anonymous", "anonymous")
CLOUD = Principal(ROOT, "", "freehold")  # who does what nobody asked for


class Credential(NamedTuple):
    """What signs requests: the secret to verify with, and whom it stands for. `expires_at` in epoch seconds."""

    secret: str
    principal: Principal
    token: str = ""
    expires_at: float | None = None


class Authority(Protocol):
    """What the door asks of the rooms that keep identities."""

    def credential(self, tx: "Tx", access_key: str, token: str) -> Credential | None:
        """The credential of an access key that this cloud minted, or None if it is not known."""
        ...
