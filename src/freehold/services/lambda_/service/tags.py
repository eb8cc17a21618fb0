"""Tags of functions, event source mappings and code signing configurations. It may not know what they are for.

A resource is told by its ARN; what AWS lets nobody tag is refused in the words of the model's pattern.
"""

from collections.abc import Callable
from typing import Any

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.lambda_ import errors, functions, names, tagging
from freehold.services.lambda_.access import reach
from freehold.services.lambda_.catalogue import lambda_, tagged_arn
from freehold.services.lambda_.functions import Function
from freehold.services.lambda_.signing import configs
from freehold.services.lambda_.signing.configs import SigningConfig
from freehold.services.lambda_.sources.errors import MappingNotFound
from freehold.services.lambda_.sources.mappings import Mapping

Tagged = Function | Mapping | SigningConfig


def _mapping(tx: Tx, arn: str, action: str) -> tuple[Tx, Mapping]:
    found = tx.get(Mapping, arn.rpartition(":")[2])
    if found is None:
        raise MappingNotFound(arn=arn)
    return tx, found


def _config(tx: Tx, arn: str, action: str) -> tuple[Tx, SigningConfig]:
    return tx, configs.find(tx, arn)


def _function(tx: Tx, arn: str, action: str) -> tuple[Tx, Function]:
    ref = names.read(arn)
    if ref.qualifier:
        raise errors.TagsOfFunctionsOnly()
    seat = reach.seat(tx, ref, action)
    return seat, functions.find(seat, ref.name)


def _capacity(tx: Tx, arn: str, action: str) -> Any:
    raise errors.CapacityProviderNotFound(arn=arn)


def _layer(tx: Tx, arn: str, action: str) -> Any:
    raise NotImplementedHere(service="lambda", operation="tags of layers")


KINDS: dict[str, Callable[[Tx, str, str], tuple[Tx, Tagged]]] = {
    "function": _function,
    "event-source-mapping": _mapping,
    "code-signing-config": _config,
    "capacity-provider": _capacity,
    "layer": _layer,
}


def _tagged(tx: Tx, arn: str, operation: str) -> tuple[Tx, Tagged]:
    """What is tagged, as seen from where it is."""
    place = arns.parse(arn)
    kind = place.resource.partition(":")[0] if place else ""
    return KINDS[kind](tx, arn, f"lambda:{operation}")


def _keep(tx: Tx, thing: Tagged, tags: dict[str, str]) -> None:
    """Other tags make a function another revision."""
    thing.tags = tagging.check(tags)
    tx.put(thing)
    if isinstance(thing, Function):
        functions.revise(tx, thing.name)


@lambda_.operation(needs={"lambda:TagResource": tagged_arn})
def tag_resource(call: Call, tx: Tx, request: Request) -> None:
    if not request["Tags"]:
        raise errors.NoTags()
    seat, thing = _tagged(tx, request["Resource"], "TagResource")
    _keep(seat, thing, thing.tags | request["Tags"])


@lambda_.operation(needs={"lambda:UntagResource": tagged_arn})
def untag_resource(call: Call, tx: Tx, request: Request) -> None:
    seat, thing = _tagged(tx, request["Resource"], "UntagResource")
    _keep(seat, thing, {key: value for key, value in thing.tags.items() if key not in request["TagKeys"]})


@lambda_.operation(needs={"lambda:ListTags": tagged_arn})
def list_tags(call: Call, tx: Tx, request: Request) -> Response:
    return {"Tags": _tagged(tx, request["Resource"], "ListTags")[1].tags}
