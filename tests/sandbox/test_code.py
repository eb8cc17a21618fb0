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


def test_every_user_may_enter_whatever_the_mask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        unpack(packed(("lib/deep/file", b"1")), tmp_path / "out")
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((tmp_path / "out" / name).stat().st_mode) for name in (".", "lib", "lib/deep")]
    assert modes == [0o755] * 3
