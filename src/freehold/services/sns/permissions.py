"""Topic policies: whom they let in, and the statements that AddPermission writes.

One idea: within its account a topic is guarded by the caller's own policies, which the door weighs; a service or
another account needs the topic's policy too. It may not know operations beyond their names.

https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
"""

from functools import lru_cache
from typing import Any

import msgspec

from freehold.engines import iam
from freehold.kernel import identity
from freehold.kernel.identity import Principal
from freehold.kernel.store import Tx
from freehold.services.sns import topics
from freehold.services.sns.errors import AuthorizationError, InvalidParameter
from freehold.services.sns.topics import Topic

parsed = lru_cache(maxsize=512)(lambda text: iam.parse(text, "resource"))


def admit(tx: Tx, topic: Topic, action: str) -> None:
    """Raise AuthorizationError for a service or another account's principal whom the policy does not allow."""
    caller = tx.principal
    if caller.kind != identity.SERVICE and caller.account == tx.account:
        return
    arn = topics.arn(tx, topic.name)
    who = iam.asker(caller)
    request = iam.Request(f"SNS:{action}", arn, _facts(caller), who)
    policy = parsed(topics.policy_text(tx, topic))
    verdict = iam.evaluate(request, identity=[iam.WEIGHED], resource=policy, same_account=False)
    if not verdict.allowed:
        raise AuthorizationError(principal=caller.arn, action=request.action, resource=arn, reason=verdict.ending)


def _facts(caller: Principal) -> dict[str, str]:
    """The condition keys of a caller; a service carries the ARN it acts for in `issuer`."""
    if caller.kind == identity.SERVICE:
        source = {"aws:SourceArn": caller.issuer, "aws:SourceAccount": caller.account}
        return source | {"aws:SourceOwner": caller.account, "aws:SecureTransport": "true"}
    own = {"aws:PrincipalArn": caller.issuer or caller.arn, "aws:PrincipalAccount": caller.account}
    return own | {"aws:SourceOwner": caller.account}


def lasting_arn(caller: Principal) -> str:
    """The ARN by which a caller is known beyond a session: that of its role, else its own."""
    return caller.issuer if caller.kind == identity.ROLE else caller.arn


def add(tx: Tx, topic: Topic, label: str, accounts: list[str], actions: list[str]) -> None:
    """Write a statement that lets other accounts do these actions."""
    document = _document(tx, topic)
    if any(statement.get("Sid") == label for statement in document["Statement"]):
        raise InvalidParameter(reason="Statement already exists")
    if any(action not in topics.OWN_ACTIONS for action in actions):
        raise InvalidParameter(reason="Policy statement action out of service scope!")
    document["Statement"].append(
        {
            "Sid": label,
            "Effect": "Allow",
            "Principal": {"AWS": _one_or_all([f"arn:aws:iam::{account}:root" for account in accounts])},
            "Action": _one_or_all([f"SNS:{action}" for action in actions]),
            "Resource": topics.arn(tx, topic.name),
        }
    )
    _keep(tx, topic, document)


def remove(tx: Tx, topic: Topic, label: str) -> None:
    document = _document(tx, topic)
    document["Statement"] = [statement for statement in document["Statement"] if statement.get("Sid") != label]
    _keep(tx, topic, document)


def _document(tx: Tx, topic: Topic) -> dict[str, Any]:
    document = msgspec.json.decode(topics.policy_text(tx, topic))
    if isinstance(document["Statement"], dict):
        document["Statement"] = [document["Statement"]]
    return document


def _keep(tx: Tx, topic: Topic, document: dict[str, Any]) -> None:
    topic.attributes["Policy"] = msgspec.json.encode(document).decode()
    tx.put(topic)


def _one_or_all(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values
