"""Endpoints: devices that registered with a platform application.

One idea: a device is known by its token, and registering again with the same facts is the same registration. It may
not know who publishes.

https://docs.aws.amazon.com/sns/latest/api/API_CreatePlatformEndpoint.html
"""

from collections.abc import Mapping

from freehold.kernel import arns
from freehold.kernel.deliveries import promise
from freehold.kernel.store import Record, Tx
from freehold.services.sns.errors import (
    ApplicationDisabled,
    EndpointDisabled,
    EndpointNotFound,
    InvalidParameter,
    NoSuchTarget,
)
from freehold.services.sns.push import applications
from freehold.services.sns.push.applications import UNKNOWN, Application

ENABLED, TOKEN, DATA = "Enabled", "Token", "CustomUserData"
NAMES = (ENABLED, TOKEN, DATA)
DATA_MAX = 2_048  # bytes
LONG = (
    "Attributes Reason: Invalid value for attribute: CustomUserData: must be at most 2048 bytes long in UTF-8 encoding"
)
OTHERWISE = "Token Reason: Endpoint {arn} already exists with the same Token, but different attributes."


class Endpoint(
    Record, table="sns_endpoints", key="platform application id", index="platform application token"
):  # fmt: skip
    """A device: its application by platform and name, its token there, and what else is said of it."""

    platform: str
    application: str
    id: str
    token: str
    enabled: bool = True
    data: str = ""

    @property
    def shown(self) -> dict[str, str]:
        told = {ENABLED: str(self.enabled).lower(), TOKEN: self.token, DATA: self.data}
        return {name: text for name, text in told.items() if text}


def arn(tx: Tx, endpoint: Endpoint) -> str:
    resource = f"endpoint/{endpoint.platform}/{endpoint.application}/{endpoint.id}"
    return arns.arn("sns", tx.region, tx.account, resource)


def create(tx: Tx, application: Application, token: str, given: Mapping[str, str]) -> Endpoint:
    """A new endpoint, or the one with that token if nothing else is said of it."""
    _check(given)
    key = (application.platform, application.name)
    known = tx.range(Endpoint, *key, token, index="platform application token", limit=1)
    made = Endpoint(platform=application.platform, application=application.name, id=tx.ids.uuid(), token=token)
    _set(made, given)
    if not known:
        tx.put(made)
        return made
    if known[0].shown != made.shown:
        raise InvalidParameter(reason=OTHERWISE.format(arn=arn(tx, known[0])))
    return known[0]


def _check(given: Mapping[str, str]) -> None:
    for name in given:
        if name not in NAMES:
            raise InvalidParameter(reason=UNKNOWN.format(name=name))
    if len(given.get(DATA, "").encode()) > DATA_MAX:
        raise InvalidParameter(reason=LONG)


def _set(endpoint: Endpoint, given: Mapping[str, str]) -> None:
    endpoint.enabled = given.get(ENABLED, str(endpoint.enabled)).lower() == "true"
    endpoint.token, endpoint.data = given.get(TOKEN, endpoint.token), given.get(DATA, endpoint.data)


def key_of(text: str, parameter: str = "EndpointArn") -> tuple[str, ...]:
    """Platform, application and id of the endpoint of an ARN."""
    return tuple(applications.parts_of(text, parameter, "endpoint", 3)[1])


def find(tx: Tx, text: str) -> Endpoint:
    """The endpoint of an ARN of this account and region."""
    place, key = applications.parts_of(text, "EndpointArn", "endpoint", 3)
    here = (place.account, place.region) == (tx.account, tx.region)
    endpoint = tx.get(Endpoint, *key) if here else None
    if endpoint is None:
        raise EndpointNotFound()
    return endpoint


def change(tx: Tx, endpoint: Endpoint, given: Mapping[str, str]) -> None:
    _check(given)
    _set(endpoint, given)
    tx.put(endpoint)


def push(tx: Tx, text: str, body: str, subject: str) -> None:
    """Send a message to a device: to the outbox, where its platform would be."""
    try:
        endpoint = find(tx, text)
    except EndpointNotFound:
        raise NoSuchTarget() from None
    application = tx.get(Application, endpoint.platform, endpoint.application)
    if application is None or not application.enabled:
        raise ApplicationDisabled()
    if not endpoint.enabled:
        raise EndpointDisabled()
    letter = {"medium": "push", "to": endpoint.token, "sender": application.name, "subject": subject, "body": body}
    promise(tx, "house", "deliver", letter)
