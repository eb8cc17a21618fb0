"""Topic policies: whom they let in, and the statements that AddPermission writes.

One idea: within its account a topic is guarded by the caller's own policies, which the door weighs; a service or
another account needs the topic's policy too. It may not know operations beyond their names.

https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
"""

from typing import Any

import msgspec

from freehold.engines import iam
from freehold.kernel import identity
from freehold.kernel.identity import Principal
from freehold.kernel.store import Tx
from freehold.services.sns import topics
from freehold.services.sns.errors import AuthorizationError, InvalidParameter
from freehold.services.sns.topics import Topic


def admit(tx: Tx, topic: Topic, action: str) -> None:
    """Raise AuthorizationError for a service or another account's principal whom the policy does not allow."""
    caller = tx.principal
    if caller.kind != identity.SERVICE and caller.account == tx.account:
        return
    arn, facts = topics.arn(tx, topic.name), iam.facts_of(caller) | {"aws:SourceOwner": caller.account}
    verdict = iam.weigh(caller, f"SNS:{action}", arn, iam.resource_policy(topics.policy_text(tx, topic)), facts)
    if not verdict.allowed:
        raise AuthorizationError(principal=caller.arn, action=f"SNS:{action}", resource=arn, reason=verdict.ending)


def lasting_arn(caller: Principal) -> str:
    """The ARN by which a caller is known beyond a session: that of its role, else its own."""
    return caller.issuer if caller.kind == identity.ROLE else caller.arn


def add(tx: Tx, topic: Topic, label: str, accounts: list[str], actions: list[str]) -> None:
    """Write a statement that lets other accounts do these actions."""
    document = iam.read(topics.policy_text(tx, topic))
    if any(statement.get("Sid") == label for statement in document["Statement"]):
        raise InvalidParameter(reason="Statement already exists")
    if any(action not in topics.OWN_ACTIONS for action in actions):
        raise InvalidParameter(reason="Policy statement action out of service scope!")
    whole = [f"SNS:{action}" for action in actions]
    document["Statement"].append(iam.sharing(label, accounts, whole, topics.arn(tx, topic.name)))
    _keep(tx, topic, document)


def remove(tx: Tx, topic: Topic, label: str) -> None:
    document = iam.read(topics.policy_text(tx, topic))
    document["Statement"] = [statement for statement in document["Statement"] if statement.get("Sid") != label]
    _keep(tx, topic, document)


def _keep(tx: Tx, topic: Topic, document: dict[str, Any]) -> None:
    topic.attributes["Policy"] = msgspec.json.encode(document).decode()
    tx.put(topic)
