"""Layers: zips that functions share, in numbered versions that never change.

One idea: a function that uses a layer version keeps what it needs of it, so deleting the version takes it from no
function. It may not know how layers are laid over code.

https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html
"""

from typing import Any

from freehold.kernel import arns
from freehold.kernel.store import Record, Tx
from freehold.services.lambda_ import errors
from freehold.services.lambda_.access import policies
from freehold.services.lambda_.functions import LAYERS_MAX
from freehold.services.lambda_.functions import Layer as Used
from freehold.services.lambda_.layers import public
from freehold.services.lambda_.layers.errors import (
    LayerElsewhere,
    LayersTooMany,
    LayerTwice,
    NoLayerVersion,
    NumberTooLow,
)

GET = "lambda:GetLayerVersion"


class Layer(Record, table="lambda_layers", key="name"):
    """A layer; `published` is the highest version number given so far."""

    name: str
    published: int = 0


class LayerVersion(Record, table="lambda_layer_versions", key="name number"):
    """One version. `code` is the digest of its zip, `size` the zip's bytes."""

    name: str
    number: int
    code: str
    size: int
    created_at: float
    description: str = ""
    runtimes: list[str] = []
    architectures: list[str] = []
    license: str = ""


def arn(tx: Tx, name: str, number: int | None = None) -> str:
    version = "" if number is None else f":{number}"
    return arns.arn("lambda", tx.region, tx.account, f"layer:{name}{version}")


def name_of(text: str) -> str:
    """A layer's name, from its name or its ARN."""
    return text.split(":")[6] if text.startswith("arn:") else text


def publish(tx: Tx, made: LayerVersion) -> LayerVersion:
    """Keep a version under the layer's next number."""
    layer = tx.get(Layer, made.name) or Layer(name=made.name)
    layer.published += 1
    made.number = layer.published
    tx.put(layer)
    tx.put(made)
    return made


def own(tx: Tx, text: str, operation: str, number: int | None = None) -> str:
    """The name of a layer of this account and region. Raises NotAllowed for another's."""
    name = name_of(text)
    if text.startswith("arn:") and text != arn(tx, name):
        action = f"lambda:{operation}"
        other = text if number is None else f"{text}:{number}"
        reason = f"because no resource-based policy allows the {action} action"
        raise errors.NotAllowed(principal=tx.principal.arn, action=action, resource=other, reason=reason)
    return name


def check_number(number: int) -> None:
    if number < 1:
        raise NumberTooLow()


def find(tx: Tx, name: str, number: int) -> LayerVersion:
    check_number(number)
    found = tx.get(LayerVersion, name, number)
    if found is None:
        raise errors.NotThere()
    return found


def at(tx: Tx, text: str) -> tuple[Tx, LayerVersion | None]:
    """A version by its ARN, and the transaction as seen from its account and region."""
    place = arns.parse(text)
    _, name, number = place.resource.split(":") if place and place.resource.count(":") == 2 else ("", "", "")
    if not place or not number.isdigit():
        return tx, None
    seat = tx.within(place.account, place.region)
    return seat, seat.get(LayerVersion, name, int(number))


def resolve(tx: Tx, given: list[str], runtime: str) -> list[Used]:
    """Layer ARNs as a function of that runtime keeps them. Another account's layer must be shared with this one."""
    if len(given) > LAYERS_MAX:
        raise LayersTooMany()
    seen: dict[str, str] = {}
    for text in given:
        other = seen.setdefault(text.rpartition(":")[0], text)
        if other is not text:
            raise LayerTwice(one=other, other=text)
    return [_used(tx, text, runtime) for text in given]


def _used(tx: Tx, text: str, runtime: str) -> Used:
    seat, found = at(tx, text)
    if found is None and seat.region == tx.region and public.known(text):
        return Used(text, "", public.size(public.folder(text, runtime)))
    policies.admit(seat, GET, text)  # others are not told whether there is one
    if seat.region != tx.region:
        raise LayerElsewhere(region=tx.region)
    if found is None:
        raise NoLayerVersion(arn=text)
    return Used(text, found.code, found.size)


def matching(versions: list[LayerVersion], request: dict[str, Any]) -> list[LayerVersion]:
    """Those that fit CompatibleRuntime and CompatibleArchitecture, newest first."""
    runtime, architecture = request.get("CompatibleRuntime"), request.get("CompatibleArchitecture")
    fitting = [
        one for one in versions
        if (not runtime or runtime in one.runtimes) and (not architecture or architecture in one.architectures)
    ]  # fmt: skip
    return fitting[::-1]
