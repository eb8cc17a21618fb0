"""What the documents of an image say: indexes, manifests, configurations. Pure.

One idea: the OCI's documents and Docker's of schema 2 have the same members, so one shape reads both. It may not know
where documents come from.

https://github.com/opencontainers/image-spec/blob/main/manifest.md
"""

import hashlib
import re
from pathlib import Path
from typing import TypeVar

import msgspec

from freehold.sandbox.spec import Image

T = TypeVar("T")

DOCUMENT_BYTES_MAX = 4 << 20
LAYERS_MAX = 127
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
MACHINES = {"x86_64": "amd64", "arm64": "arm64"}  # AWS's name → the image's
INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)


class ImageError(ValueError):
    """The image can not be had or is none."""


class Platform(msgspec.Struct, frozen=True):
    """What a manifest of an index is for."""

    architecture: str = ""
    os: str = ""


class Descriptor(msgspec.Struct, frozen=True, rename="camel"):
    """A document or layer by its digest. `size` in bytes."""

    digest: str
    size: int
    media_type: str = ""
    platform: Platform | None = None
    annotations: dict[str, str] = {}

    def checked(self) -> "Descriptor":
        """Itself. Raises ImageError where its digest is not of the one kind that is read."""
        if not DIGEST.fullmatch(self.digest) or self.size < 0:
            raise ImageError(f"digest {self.digest[:80]!r} is not of the form sha256:…")
        return self


class Document(msgspec.Struct, frozen=True, rename="camel"):
    """An index (it has `manifests`) or a manifest (it has `layers` and a `config`)."""

    manifests: list[Descriptor] = []
    config: Descriptor | None = None
    layers: list[Descriptor] = []


class Settings(msgspec.Struct, frozen=True, rename="pascal"):
    """How an image wants to be run."""

    entrypoint: list[str] | None = None
    cmd: list[str] | None = None
    working_dir: str | None = None
    env: list[str] | None = None


class Configuration(msgspec.Struct, frozen=True):
    """The configuration of an image."""

    config: Settings | None = None
    architecture: str = ""
    os: str = "linux"


def document(text: bytes) -> Document:
    """An index or a manifest. Raises ImageError."""
    return _decoded(text, Document)


def configuration(text: bytes) -> Configuration:
    """Raises ImageError."""
    return _decoded(text, Configuration)


def _decoded(text: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise ImageError(f"a document of the image can not be read: {error}") from error


def digest_of(text: bytes) -> str:
    """By what a document is named."""
    return f"sha256:{hashlib.sha256(text).hexdigest()}"


def check(text: bytes, digest: str) -> bytes:
    """The text, which must have this digest. Raises ImageError."""
    found = digest_of(text)
    if found != digest:
        raise ImageError(f"content has the digest {found}, not {digest}")
    return text


def chosen(index: Document, architecture: str) -> Descriptor:
    """The manifest of an index for linux on `architecture`, x86_64 or arm64. Raises ImageError."""
    machine = MACHINES[architecture]
    for one in index.manifests:
        if one.platform is None or (one.platform.os, one.platform.architecture) == ("linux", machine):
            return one.checked()
    raise ImageError(f"the image has no manifest for linux on {machine}")


def image(root: Path, told: Configuration, architecture: str) -> Image:
    """What is run in `root`. Raises ImageError where it is for another machine."""
    machine = MACHINES[architecture]
    if told.os != "linux" or (told.architecture and told.architecture != machine):
        raise ImageError(f"the image is for {told.os} on {told.architecture}, not for linux on {machine}")
    settings = told.config or Settings()
    pairs = (entry.partition("=") for entry in settings.env or [])
    return Image(
        root=root,
        entrypoint=tuple(settings.entrypoint or ()),
        command=tuple(settings.cmd or ()),
        working_dir=settings.working_dir or "/",
        variables={name: value for name, _, value in pairs if name},
    )
