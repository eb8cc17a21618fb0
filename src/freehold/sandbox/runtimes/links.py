"""Links: how libraries are shown to a runtime without showing it what lies beside them. It may not know runtimes."""

from pathlib import Path


def targets(folder: Path) -> list[Path]:
    """What the links in a folder point to, at the end of every chain."""
    return sorted(entry.resolve() for entry in folder.iterdir() if entry.is_symlink())


def point(link: Path, target: Path) -> Path:
    """Make `link` a symbolic link to `target`, whatever it pointed to before. Returns it."""
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.is_symlink() or link.readlink() != target:
        link.unlink(missing_ok=True)
        link.symlink_to(target)
    return link
