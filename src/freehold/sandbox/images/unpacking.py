"""An image's layers, unpacked one over the other into one folder, against whoever packed them.

One idea: the folder is a root that nothing here ever leaves: each name is walked from it, links on the way are followed
as if it were /, and no file is ever written through a link. Devices, pipes and sockets are left out, set-id bits
stripped; what it may hold in all is bounded. It may not know manifests' sources.

https://github.com/opencontainers/image-spec/blob/main/layer.md
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (10 GB uncompressed)
"""

import gzip
import hashlib
import os
import stat
import tarfile
import tempfile
import zlib
from pathlib import Path
from typing import IO, cast

from freehold.sandbox.images import sources
from freehold.sandbox.images.manifests import (
    DOCUMENT_BYTES_MAX,
    LAYERS_MAX,
    Descriptor,
    Document,
    ImageError,
    check,
    chosen,
    configuration,
    document,
    image,
)  # fmt: skip
from freehold.sandbox.images.roots import mode_of, remove, walk
from freehold.sandbox.images.sources import Source
from freehold.sandbox.spec import Image

IMAGE_BYTES_MAX = 10 << 30
ENTRIES_MAX = 1_000_000
COPY_BYTES = 1 << 20  # also the most that may describe one entry: long names, extended attributes
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
WHITEOUT, OPAQUE = ".wh.", ".wh..wh..opq"
# What a cell mounts something on: these must be there, and must be themselves, whatever the image says.
MOUNT_FOLDERS = ("dev", "proc", "tmp", "var", "var/task", "opt", "etc", "etc/freehold")
MOUNT_FILES = ("etc/hosts", "etc/resolv.conf")


def prepare(source: Source, architecture: str, shelf: Path, bytes_max: int = IMAGE_BYTES_MAX) -> Image:
    """The image, unpacked below `shelf`, if it is not there already. Waits; raises ImageError and leaves nothing then.

    `architecture` is x86_64 or arm64. What is unpacked is named by the digest of its manifest.
    """
    digest, text = source.top()
    manifest = document(text)
    if manifest.manifests:
        descriptor = chosen(manifest, architecture)
        digest, manifest = descriptor.digest, document(_document(source, descriptor))
    if manifest.config is None or len(manifest.layers) > LAYERS_MAX:
        raise ImageError("the manifest of the image has no configuration, or too many layers")
    told = configuration(_document(source, manifest.config))
    root = shelf / digest.removeprefix("sha256:")
    found = image(root, told, architecture)
    if not root.is_dir():
        _make(source, manifest, root, bytes_max)
    return found


def _document(source: Source, wanted: Descriptor) -> bytes:
    with source.blob(wanted.checked()) as file:
        return check(file.read(DOCUMENT_BYTES_MAX), wanted.digest)


def _make(source: Source, manifest: Document, root: Path, bytes_max: int) -> None:
    """Unpack all layers beside `root`, then rename: a folder that is there is whole."""
    root.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root.parent, prefix=".making-") as making:
        tree = Tree(Path(making) / "root", bytes_max)
        for layer in manifest.layers:
            packed = Path(making) / "layer"
            sources.save(source, layer, packed, min(layer.size, bytes_max))
            _check_file(packed, layer.digest)
            tree.lay(packed)
        tree.furnish()
        try:
            (Path(making) / "root").rename(root)
        except OSError:  # another was quicker
            if not root.is_dir():
                raise


def _check_file(path: Path, digest: str) -> None:
    with path.open("rb") as file:
        found = f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    if found != digest:
        raise ImageError(f"a layer has the digest {found}, not {digest}")


class Tree:
    """A root folder under construction."""

    def __init__(self, root: Path, bytes_max: int) -> None:
        self._root, self._left, self._entries_left = root, bytes_max, ENTRIES_MAX
        root.mkdir()
        root.chmod(0o755)

    def lay(self, packed: Path) -> None:
        """Lay a layer over what is there. Raises ImageError."""
        written: set[str] = set()
        try:
            with (
                _opened(packed) as file,
                tarfile.open(fileobj=cast(IO[bytes], _Wary(file, 2 * IMAGE_BYTES_MAX)), mode="r:") as layer,
            ):
                while entry := layer.next():
                    layer.members.clear()  # type: ignore[attr-defined]  # else it remembers them all
                    self._entries_left -= 1
                    if self._entries_left < 0:
                        raise ImageError("the image has too many files")
                    self._enter(layer, entry, written)
        except ImageError:
            raise
        except (tarfile.TarError, EOFError, zlib.error, OSError, ValueError, RecursionError) as error:
            raise ImageError(f"a layer of the image can not be unpacked: {error}") from error

    def _enter(self, layer: tarfile.TarFile, entry: tarfile.TarInfo, written: set[str]) -> None:
        """One entry of a layer: a mark that hides what lies below, or something that is put in its place."""
        folder, name = os.path.split(os.path.normpath("/" + entry.name))
        if not name:
            return
        parent = walk(self._root, folder, make=not name.startswith(WHITEOUT))
        if parent is None:
            return
        if name == OPAQUE:
            for child in os.listdir(parent):
                self._hide(parent / child, written)
        elif name.startswith(WHITEOUT):
            self._hide(parent / name.removeprefix(WHITEOUT), written)
        else:
            self._put(layer, entry, parent / name)
            written.add(str(parent / name))

    def _hide(self, place: Path, written: set[str]) -> None:
        """Remove what earlier layers have at a place; what this layer has there stays."""
        inside = f"{place}/"
        if stat.S_ISDIR(mode_of(place)) and any(known == str(place) or known.startswith(inside) for known in written):
            for child in os.listdir(place):
                self._hide(place / child, written)
        elif str(place) not in written and place.name not in ("", ".", ".."):
            remove(place)

    def _put(self, layer: tarfile.TarFile, entry: tarfile.TarInfo, place: Path) -> None:
        mode = entry.mode & 0o777 | 0o444
        if entry.isdir():
            if place.is_symlink() or not place.is_dir():
                remove(place)
                place.mkdir()
            place.chmod(mode | 0o755)
        elif entry.issym():
            remove(place)
            place.symlink_to(entry.linkname)
        elif entry.islnk():
            self._link(entry, place)
        elif entry.isreg():
            remove(place)
            content = layer.extractfile(entry)
            if content is not None:
                self._write(content, place, mode)

    def _link(self, entry: tarfile.TarInfo, place: Path) -> None:
        """A second name of a file that is there already."""
        folder, name = os.path.split(os.path.normpath("/" + entry.linkname))
        parent = walk(self._root, folder, make=False)
        target = parent / name if parent else None
        if target is None or target == place or not stat.S_ISREG(mode_of(target)):
            raise ImageError(f"{entry.name!r} is a link to {entry.linkname!r}, which is no file of the image")
        remove(place)
        os.link(target, place, follow_symlinks=False)

    def _write(self, content: IO[bytes], place: Path, mode: int) -> None:
        with place.open("xb") as file:
            while piece := content.read(COPY_BYTES):
                self._take(len(piece))  # also of holes, for which nothing was read
                file.write(piece)
        place.chmod(mode)

    def _take(self, size: int) -> None:
        """Count bytes that are written. Raises ImageError past the limit."""
        self._left -= size
        if self._left < 0:
            raise ImageError("the image is larger than a container image may be")

    def furnish(self) -> None:
        """Make sure of all that a cell mounts something on."""
        for name in MOUNT_FOLDERS:
            place = self._root / name
            if not stat.S_ISDIR(mode_of(place)):
                remove(place)
                place.mkdir()
            place.chmod(0o755)
        for name in MOUNT_FILES:
            place = self._root / name
            if not stat.S_ISREG(mode_of(place)):
                remove(place)
                place.touch()
                place.chmod(0o644)


class _Wary:
    """A layer's bytes, forward only but for a block: what one entry's head may take is bounded, and what is read."""

    def __init__(self, file: IO[bytes], bytes_max: int) -> None:
        self._file, self._left = file, bytes_max
        self._at = self._read = 0  # where the reader believes to be; how far the file was read
        self._tail = b""  # the last block that was read

    def read(self, size: int) -> bytes:
        if size > COPY_BYTES:
            raise ImageError("an entry of a layer has too long a head")
        again = self._tail[len(self._tail) - (self._read - self._at) :][:size] if self._at < self._read else b""
        piece = again + self._fresh(size - len(again))
        self._at += len(piece)
        return piece

    def _fresh(self, size: int) -> bytes:
        piece = self._file.read(size) if size else b""
        self._read += len(piece)
        self._left -= len(piece)
        if self._left < 0:
            raise ImageError("the image is larger than a container image may be")
        self._tail = (self._tail + piece)[-tarfile.BLOCKSIZE :]
        return piece

    def tell(self) -> int:
        return self._at

    def seek(self, place: int) -> int:
        if place < self._read - len(self._tail):
            raise ImageError("a layer of the image leads back into itself")
        while self._read < place and self._fresh(min(place - self._read, COPY_BYTES)):
            pass
        self._at = min(place, self._read)
        return self._at


def _opened(packed: Path) -> IO[bytes]:
    """A layer's tar, whether it is compressed or not. Raises ImageError for what can not be read here."""
    with packed.open("rb") as file:
        head = file.read(4)
    if head == ZSTD:
        raise ImageError("layers packed with zstd are not read; pack the image with gzip")
    return cast(IO[bytes], gzip.open(packed)) if head.startswith(GZIP) else packed.open("rb")
