"""Unpacking: what comes out, and archives made to do harm."""

import io
import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from freehold.sandbox import UnpackError, unpack

SYMLINK = stat.S_IFLNK | 0o777


def packed(*entries: tuple[str, bytes] | tuple[str, bytes, int]) -> bytes:
    """A zip of (name, content, mode) entries, names as they are given."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content, *mode in entries:
            info = zipfile.ZipInfo(name)
            info.external_attr = (mode[0] if mode else stat.S_IFREG | 0o644) << 16
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def test_files_folders_modes_and_links(tmp_path: Path) -> None:
    archive = packed(
        ("bin/run", b"#!/bin/sh", stat.S_IFREG | 0o755),
        ("secret", b"s", stat.S_IFREG | 0o4600),
        ("plain", b"p", 0),
        ("empty/", b"", stat.S_IFDIR | 0o755),
        ("lib/link", b"../bin/run", SYMLINK),
    )
    assert unpack(archive, tmp_path / "out") == 11
    modes = {name: stat.S_IMODE((tmp_path / "out" / name).stat().st_mode) for name in ("bin/run", "secret", "plain")}
    assert modes == {"bin/run": 0o755, "secret": 0o644, "plain": 0o644}
    assert (tmp_path / "out/empty").is_dir()
    assert (tmp_path / "out/lib/link").read_bytes() == b"#!/bin/sh"


def test_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(packed(("a", b"1")))
    assert unpack(tmp_path / "a.zip", tmp_path / "out") == 1


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "entries",
    [
        [("../evil", b"x")],
        [("a/../../evil", b"x")],
        [("/evil", b"x")],
        [("..\\evil", b"x")],
        [("link", b"/etc", SYMLINK)],
        [("link", b"../..", SYMLINK)],
        [("a/link", b"../../evil", SYMLINK)],
        [("link", b".", SYMLINK), ("link/file", b"x")],
        [("here", b".", SYMLINK), ("out", b"here/../..", SYMLINK)],
        [("d/up", b"..", SYMLINK), ("d/out", b"up/../evil", SYMLINK)],
        [("link", b"other", SYMLINK), ("link", b"x")],
        [("a", b"x"), ("a/b", b"x")],
        [("a/b", b"x"), ("a", b"x")],
    ],
)
def test_entries_that_lead_out_or_collide(tmp_path: Path, entries: list) -> None:
    with pytest.raises(UnpackError, match="Could not unzip uploaded file"):
        unpack(packed(*entries), tmp_path / "box" / "out")
    assert not (tmp_path / "box" / "out").exists()
    assert not (tmp_path / "evil").exists() and not (tmp_path / "box" / "evil").exists()


def test_a_bomb_is_refused_before_it_is_written(tmp_path: Path) -> None:
    block = b"\0" * 131_072_000
    with pytest.raises(UnpackError, match=r"^Unzipped size must be smaller than 262144000 bytes$"):
        unpack(packed(("a", block), ("b", block)), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_size_that_lies(tmp_path: Path) -> None:
    honest = packed(("a", b"\0" * 5000))
    central = honest.index(b"PK\x01\x02")
    lying = honest[: central + 24] + struct.pack("<I", 10) + honest[central + 28 :]
    with pytest.raises(UnpackError):
        unpack(lying, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("junk", [b"", b"PK", b"not a zip at all" * 10])
def test_what_is_no_zip(tmp_path: Path, junk: bytes) -> None:
    with pytest.raises(UnpackError, match="Could not unzip uploaded file"):
        unpack(junk, tmp_path / "out")


def changed(archive: bytes, at: int, new: bytes, table: bool = True) -> bytes:
    """An archive with other bytes in the first entry of its table of contents, or in its first local head."""
    start = archive.index(b"PK\1\2") if table else 0
    return archive[: start + at] + new + archive[start + at + len(new) :]


def test_a_table_of_contents_without_end(tmp_path: Path) -> None:
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 0, 20, 0, *[0] * 14)
    table = entry * 300_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65_535, 65_535, len(table), 0, 0)
    (tmp_path / "a.zip").write_bytes(table + end)
    for archive in (table + end, tmp_path / "a.zip"):
        with pytest.raises(UnpackError, match="Unzipped size must be smaller"):
            unpack(archive, tmp_path / "out")


def test_entries_that_share_their_bytes(tmp_path: Path) -> None:
    """All names of the table lead to one body: what is written counts, however little was sent."""
    body = packed(("a", b"\0" * (60 << 20)))
    start = body.index(b"PK\1\2")
    entry = body[start : body.index(b"PK\5\6")]
    table = b"".join(entry[:-1] + bytes([letter]) for letter in b"abcdefgh")
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 8, 8, len(table), start, 0)
    with pytest.raises(UnpackError):
        unpack(body[:start] + table + end, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "archive",
    [
        changed(packed(("a" * 9, b"x")), 8, struct.pack("<H", 0x801)),  # encrypted
        changed(changed(packed(("é", b"x")), 8, b"\0\x08"), 46, b"\xff\xff"),  # no UTF-8, though it says so
        changed(packed(("a", b"x" * 99)), 31, b"\xff" * 4, table=False),  # no deflated bytes
        changed(packed(("a", b"x")), 10, struct.pack("<H", 14)),  # LZMA, which may ask for 4 GB
        changed(packed(("a", b"x")), 10, struct.pack("<H", 12)),  # bzip2
        changed(packed(("a", b"x")), 28, b"\0\0\1\0"),  # a name of no letters
        changed(packed(("a", b"x")), 42, struct.pack("<L", 0x7FFFFFFF)),  # leads beyond the end
    ],
)
def test_broken_and_exotic_entries(tmp_path: Path, archive: bytes) -> None:
    with pytest.raises(UnpackError, match="Could not unzip uploaded file"):
        unpack(archive, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["a" * 256, "é" * 128, "a/" * 600 + "x", "..", "a/..", "./../x"])
def test_names_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnpackError, match="Could not unzip uploaded file"):
        unpack(packed((name, b"x")), tmp_path / "out")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_that_look_alike_are_different_files(tmp_path: Path) -> None:
    names = ["a", "A", "\u00e9", "e\u0301", "a\u200b", "C:x", "a b", "\u202egnp.exe"]
    assert unpack(packed(*((name, b"x") for name in names)), tmp_path / "out") == len(names)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(names)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_later_entry_of_a_name_wins_also_over_one_that_is_read_only(tmp_path: Path) -> None:
    unpack(packed(("a", b"1", stat.S_IFREG | 0o444), ("a", b"2")), tmp_path / "out")
    assert (tmp_path / "out" / "a").read_bytes() == b"2"


@pytest.mark.parametrize("kind", [stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_devices_become_files(tmp_path: Path, kind: int) -> None:
    unpack(packed(("null", b"x", kind | 0o666)), tmp_path / "out")
    assert stat.S_ISREG((tmp_path / "out" / "null").stat().st_mode)


def test_links_in_circles_do_no_harm(tmp_path: Path) -> None:
    unpack(packed(("a", b"b", SYMLINK), ("b", b"a", SYMLINK), ("c/d", b"..", SYMLINK)), tmp_path / "out")
    assert (tmp_path / "out" / "a").is_symlink()


def test_every_user_may_enter_whatever_the_mask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        unpack(packed(("lib/deep/file", b"1")), tmp_path / "out")
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((tmp_path / "out" / name).stat().st_mode) for name in (".", "lib", "lib/deep")]
    assert modes == [0o755] * 3
