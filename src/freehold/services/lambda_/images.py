"""Container images as code: where they are looked for, and how a version keeps what it needs of one.

One idea: an image is resolved once, when a function is given it; from then on the version names it by digest, whatever
becomes of its tag. ECR's addresses are looked for among the OCI layouts in the folder `oci` beside the blobs, by their
repository's name (`oci/shop` or `oci/shop.tar`); others are of a registry on this machine. It may not know functions.

https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
"""

import asyncio
import re
from pathlib import Path
from typing import Any

import msgspec

from freehold.kernel.call import Call
from freehold.sandbox import images
from freehold.sandbox.spec import Image
from freehold.services.lambda_.errors import InvalidParameterValueException

ECR = re.compile(
    r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.[a-z.]+/(?P<name>[a-z0-9]+(?:[._/-][a-z0-9]+)*)(?::(?P<tag>[\w.-]+))?(?:@.*)?"
)

Packed = dict[str, Any]  # an Image without its root, which its digest tells


class SourceImageMissing(InvalidParameterValueException):
    words = "Source image {uri} does not exist. Provide a valid source image."


class SourceImageInvalid(InvalidParameterValueException):
    words = "Source image {uri} is not valid: {reason}."


def shelf(call: Call) -> Path:
    """The folder of this account's unpacked images, beside the blobs. Accounts share no folder."""
    return call.blobs.root.with_name("images") / call.account


async def receive(call: Call, uri: str, architecture: str) -> tuple[str, Packed]:
    """The digest of the image that a URI names now, and what a version keeps of it. Raises InvalidParameterValue."""
    try:
        source = _source(call, uri)
        image = await asyncio.to_thread(images.prepare, source, architecture, shelf(call))
    except images.ImageError as fault:
        raise SourceImageInvalid(uri=uri, reason=fault) from fault
    return image.root.name, {name: value for name, value in msgspec.structs.asdict(image).items() if name != "root"}


def _source(call: Call, uri: str) -> images.Source:
    ecr = ECR.fullmatch(uri)
    if not ecr:
        return images.registry(uri)
    place = call.blobs.root.with_name("oci") / ecr["name"]
    found = next((one for one in (place, place.with_name(f"{place.name}.tar")) if one.exists()), None)
    if found is None:
        raise SourceImageMissing(uri=uri)
    return images.layout(found, ecr["tag"] or "")


def image_of(call: Call, digest: str, packed: Packed, config: dict[str, Any]) -> Image:
    """A version's image as it is run: what ImageConfig says goes before what the image says."""
    own_program = config.get("EntryPoint")
    return Image(
        root=shelf(call) / digest,
        entrypoint=tuple(own_program or packed["entrypoint"]),
        command=tuple(config.get("Command") or ([] if own_program else packed["command"])),
        working_dir=config.get("WorkingDirectory") or packed["working_dir"],
        variables=packed["variables"],
    )
