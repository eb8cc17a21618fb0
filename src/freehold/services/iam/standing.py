"""Standing: everything that decides what a principal may do, gathered and ready to be weighed.

One idea: gathering is reading, weighing is the engine's; a standing is the value between the two. It may not know which
operations there are.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from freehold.engines import iam
from freehold.kernel.call import Call
from freehold.kernel.identity import ROLE, USER, Principal
from freehold.kernel.store import Record, Tx
from freehold.services.iam import attachments, documents
from freehold.services.iam.entities import Entity, Role, User

FEDERATED = "FederatedUser"

# A kernel's principal as the engine calls it.
# Of these the policies are another's: a role's, or a user's.
HOLDERS: dict[str, type[Entity]] = {USER: User, ROLE: Role, FEDERATED: User}
Facts = dict[str, str | list[str]]

# What an account's root lends to whom it federates; the session's own policies limit it.
EVERYTHING = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'


class Epoch(Record, table="iam_epochs", key="name", scope="account"):
    """How often an account's identities have changed: what was gathered in another epoch is out of date."""

    name: str = "identities"
    number: int = 0


class Grants(NamedTuple):
    """What a principal holds. `session` is None where its session was made without policies."""

    identity: tuple[iam.Policy, ...] = ()
    boundary: iam.Policy | None = None
    session: tuple[iam.Policy, ...] | None = None
    tags: Mapping[str, str] = {}


class Standing(NamedTuple):
    """One caller with what it holds and the condition keys of its request."""

    asker: iam.Principal
    grants: Grants
    call: Call

    @property
    def facts(self) -> Facts:
        """The global condition keys of the call, which is by someone with these tags."""
        tags = {f"aws:PrincipalTag/{key}": value for key, value in self.grants.tags.items()}
        return {**self.call.facts(), **tags}

    def weigh(
        self, action: str, resource: str, more: Callable[[], Mapping[str, Any]] = dict, *,
        policy: iam.Policy | None = None, same_account: bool = True,
    ) -> iam.Verdict:  # fmt: skip
        """May it do this? `more` tells condition keys of this action, `policy` is the resource's own."""
        request = iam.Request(action, resource, lambda: {**self.facts, **more()}, self.asker)
        held = self.grants
        return iam.evaluate(
            request, identity=held.identity, boundary=held.boundary, session=held.session,
            resource=policy, same_account=same_account,
        )  # fmt: skip


def epoch(tx: Tx) -> int:
    found = tx.get(Epoch, "identities")
    return found.number if found else 0


def begin_epoch(tx: Tx) -> None:
    """Say that an identity or a policy of this account has changed."""
    tx.put(Epoch(number=epoch(tx) + 1))


def standing(call: Call, grants: Grants) -> Standing:
    return Standing(iam.asker(call.principal), grants, call)


def gather(tx: Tx, principal: Principal) -> Grants:
    """Read what a principal holds. One that is gone, or was made again under its old name, holds nothing."""
    tx = tx.within(principal.account)
    session = _session_policies(tx, principal.session_policy)
    holder = holder_of(tx, principal)
    if holder is None:
        lent = principal.kind == FEDERATED and principal.issuer.endswith(":root")
        return Grants((documents.compiled(EVERYTHING),) if lent else (), session=session)
    limit = attachments.boundary(tx, holder)
    return Grants(_identity_policies(tx, holder), _boundary(tx, limit), session, holder.tags)


def holder_of(tx: Tx, principal: Principal) -> Entity | None:
    """The user or role whose policies are the principal's."""
    kind = HOLDERS.get(principal.kind)
    if kind is None:
        return None
    holder = tx.get(kind, (principal.issuer or principal.arn).rpartition("/")[2].lower())
    made_again = holder and principal.kind != FEDERATED and principal.id and principal.id.split(":")[0] != holder.id
    return None if made_again else holder


def _identity_policies(tx: Tx, holder: Entity) -> tuple[iam.Policy, ...]:
    """Its own policies and its groups'."""
    holders = [holder, *attachments.groups(tx, holder)] if isinstance(holder, User) else [holder]
    texts: list[str | None] = []
    for each in holders:
        texts += [*each.inline.values(), *(documents.in_force(tx, arn) for arn in attachments.policies(tx, each))]
    return _compiled(texts)


def _boundary(tx: Tx, arn: str | None) -> iam.Policy | None:
    """A boundary whose policy cannot be read allows nothing."""
    document = documents.in_force(tx, arn) if arn else None
    if document:
        return documents.compiled(document)
    return iam.Policy("boundary", ()) if arn else None


def _session_policies(tx: Tx, text: str) -> tuple[iam.Policy, ...] | None:
    """A session's policies: a JSON list of documents, and of ARNs of managed policies."""
    if not text:
        return None
    items = msgspec.json.decode(text, type=list[str])
    return _compiled(documents.in_force(tx, item) if item.startswith("arn:") else item for item in items)


def _compiled(texts: Iterable[str | None]) -> tuple[iam.Policy, ...]:
    return tuple(documents.compiled(text) for text in texts if text)
