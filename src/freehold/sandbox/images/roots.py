"""Walking in a folder that is a root: links lead where they would if it were /.

One idea: no step ever leaves the root, whatever links say; so what is found, made or removed by way of here is inside.
Nobody else may change the folder meanwhile. It may not know what the folder holds.
"""

import os
import shutil
import stat
from pathlib import Path

LINKS_MAX = 40  # on the way to one place, as Linux has it
DEPTH_MAX = 256  # of folders that are made


class Astray(ValueError):
    """A path leads through too many links or folders."""


def walk(root: Path, folder: str, *, make: bool = False) -> Path | None:
    """The real folder that a path of the root leads to. What is missing is made, or else it is None. Raises Astray."""
    place, rest, followed = root, _parts(folder), 0
    while rest:
        part = rest.pop()
        if part == "..":
            place = place.parent if place != root else place
            continue
        step = place / part
        mode = mode_of(step)
        if stat.S_ISLNK(mode):
            followed += 1
            if followed > LINKS_MAX:
                raise Astray(f"{folder!r} leads through too many links")
            target = os.readlink(step)
            place = root if target.startswith("/") else place
            rest += _parts(target)
            continue
        if not stat.S_ISDIR(mode):
            if not make:
                return None
            if len(step.parts) - len(root.parts) > DEPTH_MAX:
                raise Astray(f"{folder!r} is too deep")
            remove(step)
            step.mkdir()
            step.chmod(0o755)  # whatever the umask: who runs in here is another user
        place = step
    return place


def find(root: Path, path: str) -> Path | None:
    """The file that a path of the root leads to, links followed; None where there is none. Raises Astray."""
    for _ in range(LINKS_MAX):
        folder, name = os.path.split(path)
        parent = walk(root, folder)
        if parent is None or name in ("", ".", ".."):
            return None
        place = parent / name
        mode = mode_of(place)
        if not stat.S_ISLNK(mode):
            return place if stat.S_ISREG(mode) else None
        target = os.readlink(place)
        path = target if target.startswith("/") else f"/{parent.relative_to(root)}/{target}"
    raise Astray(f"{path!r} leads through too many links")


def _parts(path: str) -> list[str]:
    """The steps of a path, the first one last."""
    return [part for part in reversed(path.split("/")) if part and part != "."]


def mode_of(place: Path) -> int:
    """What is at a place, links not followed; 0 for nothing."""
    try:
        return place.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0


def remove(place: Path) -> None:
    """Remove whatever is at a place; a link, not what it points to."""
    mode = mode_of(place)
    if stat.S_ISDIR(mode):
        shutil.rmtree(place)
    elif mode:
        place.unlink()
