"""Layers: many folders, seen as one.

One idea: what AWS shows under /opt is a folder made once for each list of layers, of hard links to their files, a later
layer's over an earlier one's; environments share it. It may not know functions.
"""

import hashlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from freehold.sandbox.code import open_folders


def shelf_for(root: Path, version: str) -> Path:
    """Where a version of Freehold keeps merged folders: its stand-ins for public layers are in them. Those of other
    versions are removed."""
    shelf = root / version
    for entry in root.iterdir() if root.is_dir() else ():
        if entry != shelf:
            shutil.rmtree(entry, ignore_errors=True)
    return shelf


def merged(layers: Sequence[Path], shelf: Path) -> Path | None:
    """The folder for these layers, in the order given; None for none. Made in `shelf` when it is not there yet."""
    if len(layers) < 2:
        return layers[0] if layers else None
    folder = shelf / hashlib.sha256("\n".join(map(str, layers)).encode()).hexdigest()
    if not folder.is_dir():
        making = folder.with_name(f"{folder.name}.{os.getpid()}")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        for layer in layers:
            _lay(layer, making)
        open_folders(making)
        try:
            making.rename(folder)  # so that a folder that is there is whole
        except OSError:  # another was quicker
            shutil.rmtree(making, ignore_errors=True)
    return folder


def extensions_in(opt: Path | None) -> list[str]:
    """The file names of the external extensions that layers bring, in the order in which they are started."""
    folder = opt / "extensions" if opt else None
    if folder is None or not folder.is_dir():
        return []
    return sorted(entry.name for entry in os.scandir(folder) if not entry.is_dir())


def _lay(source: Path, target: Path) -> None:
    """Lay the contents of one folder over those of another. Folders are united, everything else replaces."""
    for entry in os.scandir(source):
        place = target / entry.name
        if entry.is_dir(follow_symlinks=False):
            if place.is_symlink() or not place.is_dir():
                place.unlink(missing_ok=True)
                place.mkdir()
            _lay(Path(entry.path), place)
            continue
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        place.unlink(missing_ok=True)
        _link_or_copy(entry.path, place)


def _link_or_copy(source: str, place: Path) -> None:
    try:
        os.link(source, place, follow_symlinks=False)
    except OSError:  # another file system, or one without links
        shutil.copy2(source, place, follow_symlinks=False)
