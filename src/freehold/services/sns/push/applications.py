"""Platform applications: credentials of a push service, under a name.

One idea: credentials are taken and never shown again. It may not know devices.

https://docs.aws.amazon.com/sns/latest/api/API_CreatePlatformApplication.html
"""

import re
from collections.abc import Mapping

from freehold.kernel import arns
from freehold.kernel.store import Record, Tx
from freehold.services.sns import topics
from freehold.services.sns.errors import ApplicationNotFound, AttributesMissing, InvalidParameter, WrongSlashes

NAME = re.compile(r"[a-zA-Z0-9_.-]*")
NAME_MAX = 256
PLATFORMS = (
    *("ADM", "APNS", "APNS_SANDBOX", "APNS_VOIP", "APNS_VOIP_SANDBOX", "BAIDU", "GCM"),
    *("MACOS", "MACOS_SANDBOX", "MPNS", "WNS"),
)
PRINCIPAL, CREDENTIAL = "PlatformPrincipal", "PlatformCredential"
SECRETS = (PRINCIPAL, CREDENTIAL)
ALONE = ("GCM",)  # platforms whose credential needs no principal
NAMES = (
    *SECRETS,
    *("EventEndpointCreated", "EventEndpointDeleted", "EventEndpointUpdated", "EventDeliveryFailure"),
    *("SuccessFeedbackRoleArn", "FailureFeedbackRoleArn", "SuccessFeedbackSampleRate", "Enabled"),
    *("ApplePlatformTeamID", "ApplePlatformBundleID"),
)
LONG = "must be at most 256 characters long"
LETTERS = "must contain only characters 'a'-'z', 'A'-'Z', '0'-'9', '_', '-', and '.'"
WITHOUT = "Attributes Reason: {given} attribute provided without {lacking}"
UNKNOWN = "Attributes Reason: Invalid attribute name: {name}"


class Application(Record, table="sns_applications", key="platform name"):
    """A platform application; `attributes` are those that were set, secrets among them."""

    platform: str
    name: str
    attributes: dict[str, str] = {}

    @property
    def enabled(self) -> bool:
        return self.attributes.get("Enabled", "true").lower() == "true"


def arn(tx: Tx, application: Application) -> str:
    return arns.arn("sns", tx.region, tx.account, f"app/{application.platform}/{application.name}")


def create(tx: Tx, name: str, platform: str, given: Mapping[str, str]) -> Application:
    """A new application, or the one of that name with the attributes given."""
    if platform not in PLATFORMS:
        raise InvalidParameter(reason=f"Platform Reason: {platform} is not supported")
    _check_name(name)
    check_some(given)
    _check_names(given)
    for one, other in (SECRETS, SECRETS[::-1]):
        if one in given and other not in given and not (platform in ALONE and one == CREDENTIAL):
            raise InvalidParameter(reason=WITHOUT.format(given=one, lacking=other))
    known = tx.get(Application, platform, name)
    application = known or Application(platform=platform, name=name)
    application.attributes |= given
    tx.put(application)
    return application


def _check_name(name: str) -> None:
    for wrong, reason in (
        (not name, "cannot be empty"),
        (len(name) > NAME_MAX, LONG),
        (not NAME.fullmatch(name), LETTERS),
    ):
        if wrong:
            raise InvalidParameter(reason=f"{name} Reason: {reason}")


def check_some(given: Mapping[str, str]) -> None:
    """Raise for no attributes at all."""
    if not given:
        raise AttributesMissing()


def _check_names(given: Mapping[str, str]) -> None:
    for name in given:
        if name not in NAMES:
            raise InvalidParameter(reason=UNKNOWN.format(name=name))


def parts_of(text: str, parameter: str, kind: str, count: int) -> tuple[arns.Arn, list[str]]:
    """An application's or endpoint's ARN taken apart: what stands behind `kind`, `count` parts."""
    place = topics.place_of(text, parameter)
    first, *rest = place.resource.split("/")
    if first != kind or len(rest) != count:
        raise WrongSlashes(parameter=parameter)
    return place, rest


def key_of(text: str) -> tuple[str, str]:
    """Platform and name of the application of an ARN."""
    _, (platform, name) = parts_of(text, "PlatformApplicationArn", "app", 2)
    return platform, name


def find(tx: Tx, text: str) -> Application:
    """The application of an ARN of this account and region."""
    place, key = parts_of(text, "PlatformApplicationArn", "app", 2)
    here = (place.account, place.region) == (tx.account, tx.region)
    application = tx.get(Application, *key) if here else None
    if application is None:
        raise ApplicationNotFound()
    return application


def change(tx: Tx, application: Application, given: Mapping[str, str]) -> None:
    _check_names(given)
    application.attributes |= given
    tx.put(application)


def shown(application: Application) -> dict[str, str]:
    """The attributes as AWS tells them: without secrets."""
    told = {name: text for name, text in application.attributes.items() if name not in SECRETS and text}
    return {"Enabled": "true"} | told
