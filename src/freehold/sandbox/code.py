"""Unpacking the code of functions and layers, against whoever packed it.

One idea: the archive's table of contents is judged whole before the first byte is written: every name must stay
inside the folder, every link must point inside it, and the sum of sizes has a limit that is checked again while
writing. It may not know functions.
"""

import io
import os
import posixpath
import shutil
import stat
import struct
import zipfile
import zlib
from contextlib import nullcontext
from pathlib import Path

UNPACKED_BYTES_MAX = 262_144_000
ENTRIES_MAX = 100_000
NAME_BYTES_MAX, PART_BYTES_MAX = 1_024, 255
LINK_BYTES_MAX = 4_096
ENTRY_MARK = b"PK\1\2"  # begins each entry of the table of contents
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others may ask for gigabytes of memory before a byte is out
COPY_BYTES = 1 << 20


class UnpackError(ValueError):
    """The archive can not be unpacked. The message is in AWS's words where AWS has some."""


NOT_A_ZIP = "Could not unzip uploaded file. Please check your file, then try to upload again."
TOO_LARGE = f"Unzipped size must be smaller than {UNPACKED_BYTES_MAX} bytes"


# What the standard library raises of archives that are broken, exotic or encrypted.
BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, LookupError, NotImplementedError, OverflowError,
    RuntimeError, ValueError,
)  # fmt: skip


def unpack(archive: bytes | Path, into: Path) -> int:
    """Unpack a zip into the folder `into`, which must not exist. Returns the unpacked size in bytes.

    Files keep the permissions the archive has for them, without set-id bits, and can always be read. Raises
    UnpackError; then nothing is left behind.
    """
    _count(archive)
    try:
        with zipfile.ZipFile(io.BytesIO(archive) if isinstance(archive, bytes) else archive) as contents:
            entries = _judged(contents)
            into.mkdir(parents=True)
            try:
                written = _write_all(contents, entries, into)
                open_folders(into)
                return written
            except BaseException:
                shutil.rmtree(into, ignore_errors=True)
                raise
    except UnpackError:
        raise
    except BROKEN as error:
        raise UnpackError(NOT_A_ZIP) from error


def _count(archive: bytes | Path) -> None:
    """Refuse a table of contents that would take much memory to read. Files that are zips themselves count a little."""
    with nullcontext(archive) if isinstance(archive, bytes) else archive.open("rb") as file:
        if isinstance(file, bytes):
            found = file.count(ENTRY_MARK)
        else:
            pieces = iter(lambda: file.read(COPY_BYTES), b"")  # a mark between two pieces is missed: no matter
            found = sum(piece.count(ENTRY_MARK) for piece in pieces)
    if found > 2 * ENTRIES_MAX:
        raise UnpackError(TOO_LARGE)


def open_folders(root: Path) -> None:
    """Let every user enter `root` and its folders: functions run as users of their own."""
    for folder, _, _ in os.walk(root):
        os.chmod(folder, 0o755)


def _judged(contents: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """All entries, links last, so that nothing is ever written through one. Raises UnpackError."""
    entries = contents.infolist()
    if len(entries) > ENTRIES_MAX or sum(entry.file_size for entry in entries) >= UNPACKED_BYTES_MAX:
        raise UnpackError(TOO_LARGE)
    links = {_name(entry) for entry in entries if _is_link(entry)}
    for entry in entries:
        name = _name(entry)
        parents = {name[:at] for at, sign in enumerate(name) if sign == "/"}
        if _leaves(name) or parents & links or (name in links and not _is_link(entry)):
            raise _refusal(entry)
        if entry.compress_type not in PACKINGS:
            raise UnpackError(NOT_A_ZIP)
    return sorted(entries, key=_is_link)


def _name(entry: zipfile.ZipInfo) -> str:
    return posixpath.normpath(entry.filename.replace("\\", "/"))


def _leaves(name: str) -> bool:
    """Whether a path leads out of the folder it starts in, or can not be one."""
    outside = name.startswith(("/", "../")) or name == ".." or "\0" in name
    raw = os.fsencode(name) if not outside else b""
    return outside or len(raw) > NAME_BYTES_MAX or max(map(len, raw.split(b"/"))) > PART_BYTES_MAX


def _mode(entry: zipfile.ZipInfo) -> int:
    return entry.external_attr >> 16


def _is_link(entry: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(_mode(entry))


def _write_all(contents: zipfile.ZipFile, entries: list[zipfile.ZipInfo], into: Path) -> int:
    written = 0
    for entry in entries:
        place = into / _name(entry)
        try:
            if entry.is_dir():
                place.mkdir(parents=True, exist_ok=True)
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            if _is_link(entry):
                _link(contents, entry, place, into)
            else:
                written += _write(contents, entry, place, UNPACKED_BYTES_MAX - written)
        except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:  # one name as file and as folder
            raise _refusal(entry) from error
    return written


def _write(contents: zipfile.ZipFile, entry: zipfile.ZipInfo, place: Path, room: int) -> int:
    """Write one file, over an earlier one of its name. Stops at `room` bytes, whatever size was promised."""
    written = 0
    place.unlink(missing_ok=True)  # an earlier one may not be writable
    with contents.open(entry) as source, place.open("xb") as target:
        while piece := source.read(COPY_BYTES):
            written += len(piece)
            if written >= room:
                raise UnpackError(TOO_LARGE)
            target.write(piece)
    place.chmod((_mode(entry) & 0o777 or 0o644) | 0o444)
    return written


def _link(contents: zipfile.ZipFile, entry: zipfile.ZipInfo, place: Path, into: Path) -> None:
    """Make a link that stays inside, also by way of other links."""
    with contents.open(entry) as content:
        target = content.read(LINK_BYTES_MAX).decode("utf-8", "replace")
    inside = posixpath.normpath(posixpath.join(posixpath.dirname(_name(entry)), target))
    if target.startswith("/") or _leaves(inside):
        raise _refusal(entry)
    place.symlink_to(target)
    if not Path(os.path.realpath(place)).is_relative_to(os.path.realpath(into)):
        raise _refusal(entry)


def _refusal(entry: zipfile.ZipInfo) -> UnpackError:
    return UnpackError(f"{NOT_A_ZIP} Invalid entry: {entry.filename!r}")
