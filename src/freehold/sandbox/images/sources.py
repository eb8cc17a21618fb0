"""Where images are kept: an OCI layout, as a folder or a tar, and a registry on this machine.

One idea: a source gives two things: the document that a reference names, and a blob by its digest. All of it waits for
disks and sockets, so it is called in threads. A registry is asked on the loopback alone: who may create functions must
not be able to have this machine ask others. It may not know what the documents say.

https://github.com/opencontainers/image-spec/blob/main/image-layout.md
https://github.com/opencontainers/distribution-spec/blob/main/spec.md
"""

import ipaddress
import re
import shutil
import tarfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPMessage
from pathlib import Path
from typing import IO, Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from freehold.sandbox.images.manifests import (
    DIGEST,
    DOCUMENT_BYTES_MAX,
    INDEXES,
    MANIFESTS,
    Descriptor,
    Document,
    ImageError,
    check,
    digest_of,
    document,
)  # fmt: skip

TIMEOUT_S = 60.0
NAME = re.compile(r"[a-z0-9]+(?:[._/-]{1,2}[a-z0-9]+)*")
TAG = re.compile(r"[\w][\w.-]{0,127}", re.ASCII)
REF_NAME = "org.opencontainers.image.ref.name"


class Source(Protocol):
    """Where one image is kept."""

    def top(self) -> tuple[str, bytes]:
        """The document that the image is named by, an index or a manifest, after its digest. Raises ImageError."""

    def blob(self, wanted: Descriptor) -> Any:
        """A context of the readable bytes of a blob, unchecked. Raises ImageError."""


class Layout:
    """An OCI layout in a folder. `tag` chooses among its images by their ref name."""

    def __init__(self, path: Path, tag: str = "") -> None:
        self._path, self._tag = path, tag

    def top(self) -> tuple[str, bytes]:
        with self._open("index.json") as file:
            index = document(file.read(DOCUMENT_BYTES_MAX))
        first = _tagged(index, self._tag)
        with self.blob(first) as file:
            return first.digest, check(file.read(DOCUMENT_BYTES_MAX), first.digest)

    @contextmanager
    def blob(self, wanted: Descriptor) -> Iterator[IO[bytes]]:
        with self._open(_place(wanted)) as file:
            yield file

    @contextmanager
    def _open(self, name: str) -> Iterator[IO[bytes]]:
        try:
            with (self._path / name).open("rb") as file:
                yield file
        except OSError as error:
            raise ImageError(f"{name} of the OCI layout can not be read: {error.strerror}") from error


class Archive(Layout):
    """An OCI layout in a tar that is not compressed, as `docker buildx build --output type=oci` writes it."""

    @contextmanager
    def _open(self, name: str) -> Iterator[IO[bytes]]:
        try:
            with tarfile.open(self._path, "r:") as archive:
                file = archive.extractfile(archive.getmember(name))
                if file is None:
                    raise ImageError(f"{name} of the OCI layout is no file")
                yield file
        except (KeyError, tarfile.TarError, OSError) as error:
            raise ImageError(f"{name} of the OCI layout can not be read: {error}") from error


class _Refused(urllib.request.HTTPRedirectHandler):
    """A registry that sends one elsewhere is not followed."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: HTTPMessage, newurl: str) -> None:
        return None


class Registry:
    """A repository of a registry at `base`, http://127.0.0.1:5000; `reference` is a tag or a digest."""

    def __init__(self, base: str, name: str, reference: str) -> None:
        self._base, self._name, self._reference = base, name, reference
        self._asking = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Refused)

    def top(self) -> tuple[str, bytes]:
        with self._get(f"manifests/{self._reference}") as answer:
            text = answer.read(DOCUMENT_BYTES_MAX)
        if DIGEST.fullmatch(self._reference):
            check(text, self._reference)
        return digest_of(text), text

    @contextmanager
    def blob(self, wanted: Descriptor) -> Iterator[IO[bytes]]:
        kind = "manifests" if wanted.media_type in (*INDEXES, *MANIFESTS) else "blobs"
        with self._get(f"{kind}/{wanted.checked().digest}") as answer:
            yield answer

    def _get(self, what: str) -> Any:
        url = f"{self._base}/v2/{self._name}/{what}"
        try:
            accept = {"Accept": ", ".join((*INDEXES, *MANIFESTS, "*/*"))}
            return self._asking.open(urllib.request.Request(url, headers=accept), timeout=TIMEOUT_S)
        except HTTPError as error:
            raise ImageError(f"the registry answers {error.code} to {what} of {self._name}") from error
        except (URLError, OSError) as error:
            raise ImageError(f"the registry can not be reached: {error}") from error


def layout(path: Path, tag: str = "") -> Source:
    """An OCI layout: a folder, or a tar of one. Raises ImageError."""
    if path.is_dir():
        return Layout(path, tag)
    if path.is_file():
        return Archive(path, tag)
    raise ImageError(f"there is no OCI layout at {path}")


def registry(uri: str) -> Source:
    """[http://]HOST:PORT/NAME[:TAG|@DIGEST], where HOST is this machine's loopback. Raises ImageError."""
    parts = urlsplit(uri if "://" in uri else f"http://{uri}")
    path, _, digest = parts.path.strip("/").removeprefix("v2/").partition("@")
    name, _, tag = path.partition(":")
    reference = digest or tag or "latest"
    if not _is_loopback(parts.hostname or ""):
        raise ImageError("images are fetched from registries on this machine alone, such as 127.0.0.1:5000/name:tag")
    if parts.scheme != "http" or not NAME.fullmatch(name):
        raise ImageError(f"{uri} does not name an image")
    if not (DIGEST.fullmatch(reference) if digest else TAG.fullmatch(reference)):
        raise ImageError(f"{reference} is neither a tag nor a digest")
    return Registry(f"http://{parts.netloc.rpartition('@')[2]}", name, reference)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _place(wanted: Descriptor) -> str:
    return f"blobs/sha256/{wanted.checked().digest.removeprefix('sha256:')}"


def _tagged(index: Document, tag: str) -> Descriptor:
    """The image of a layout that has the tag; without a tag its only image. Raises ImageError."""
    found = [one for one in index.manifests if not tag or tag in one.annotations.get(REF_NAME, "").split(":")]
    if not found:
        raise ImageError(f"the OCI layout has no image {tag}".rstrip())
    return found[0].checked()


def save(source: Source, wanted: Descriptor, place: Path, bytes_max: int) -> None:
    """Keep a blob as a file, at most `bytes_max` bytes of it."""
    with source.blob(wanted) as file, place.open("wb") as kept:
        shutil.copyfileobj(_Bounded(file, bytes_max), kept)


class _Bounded:
    """A file that has no more than so many bytes."""

    def __init__(self, file: IO[bytes], bytes_max: int) -> None:
        self._file, self._left = file, bytes_max

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._left -= len(piece)
        if self._left < 0:
            raise ImageError("a layer of the image is larger than its manifest says")
        return piece
