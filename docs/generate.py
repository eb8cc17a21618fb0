"""Writes what is and what is not there, from the code itself: docs/services/*.md and a part of the README.

`python docs/generate.py` writes; `--check` only says whether anything would change.
"""

import sys
import tomllib
from pathlib import Path

from freehold.app import ROOMS, rooms
from freehold.config import ENVIRONMENT, WORDS, Config
from freehold.kernel.service import Service, snake
from freehold.wire import models

HOME = Path(__file__).parents[1]
START, END = "<!-- generated: begin -->", "<!-- generated: end -->"


def parity(room: Service) -> dict:
    path = HOME / "src" / "freehold" / "services" / ROOMS[room.name].folder / "parity.toml"
    return tomllib.loads(path.read_text()) if path.exists() else {}


def names(room: Service) -> tuple[list[str], list[str]]:
    """The room's operations by their AWS names: those answered, and those that answer 501."""
    known = models.model(room.model or "").operations
    return (
        sorted(name for name in known if snake(name) in room.operations),
        sorted(name for name in known if snake(name) not in room.operations),
    )


def page(room: Service) -> str:
    """One service's page."""
    done, missing = names(room)
    told = parity(room)
    parts = [
        f"# {room.name}",
        "Generated from the code by `docs/generate.py`.",
        f"## Operations ({len(done)})",
        ", ".join(done),
    ]
    if room.resources:
        parts += ["## CloudFormation types", "\n".join(f"- `{name}`" for name in sorted(room.resources))]
    if told.get("missing"):
        parts += ["## What AWS does that this does not", listed(told["missing"])]
    if told.get("errors"):
        parts += ["## Errors that are never answered", listed(told["errors"])]
    if told.get("inputs"):
        parts += ["## Inputs that are taken and have no effect", listed(told["inputs"])]
    if told.get("resources"):
        parts += ["## Properties of CloudFormation types that have no effect", listed(told["resources"])]
    if missing:
        parts += [f"## Operations that answer 501 ({len(missing)})", ", ".join(missing)]
    return "\n\n".join(parts) + "\n"


def listed(entries: dict[str, str]) -> str:
    return "\n".join(f"- `{name}`: {reason}" for name, reason in entries.items())


def settings() -> str:
    """The table of settings."""
    rows = [
        f"| `{ENVIRONMENT}{name.upper()}` | {words} | `{getattr(Config(), name) or ''}` |"
        for name, words in WORDS.items()
    ]
    return "# Settings\n\n| variable | meaning | default |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def summary(catalogues: list[Service]) -> str:
    """The README's table: what each service answers, and where its gaps are told."""
    rows = []
    for room in catalogues:
        done, missing = names(room)
        gaps = len(parity(room).get("missing", {})) + len(parity(room).get("inputs", {}))
        rows.append(
            f"| [{room.name}](docs/services/{room.name}.md) | {len(done)} of {len(done) + len(missing)} | {gaps} |"
        )
    head = "| service | operations | known gaps within them |\n|---|---|---|\n"
    return f"{START}\n{head}" + "\n".join(rows) + f"\n{END}"


def written() -> dict[Path, str]:
    """Every generated file and its text."""
    catalogues = sorted((room for room in rooms().values() if room.model), key=lambda room: room.name)
    files = {HOME / "docs" / "services" / f"{room.name}.md": page(room) for room in catalogues}
    files[HOME / "docs" / "settings.md"] = settings()
    readme = (HOME / "README.md").read_text()
    before, _, rest = readme.partition(START)
    files[HOME / "README.md"] = before + summary(catalogues) + rest.partition(END)[2]
    return files


def main() -> None:
    stale = [path for path, text in written().items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv:
        sys.exit(f"stale: {', '.join(str(path) for path in stale)}; run python docs/generate.py" if stale else 0)
    for path, text in written().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


if __name__ == "__main__":
    main()
