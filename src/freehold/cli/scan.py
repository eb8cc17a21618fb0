"""`freehold scan`: personal and secret data in files and streams, shown or masked.

One idea: what is found is told by its place and its shape; its letters and digits are shown only to those who ask, as
terminals and logs are read by many. It may not know how anything is found, and needs no cloud.
"""

import difflib
import os
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from freehold.cli import findings
from freehold.cli.cloud import Problem
from freehold.cli.crew import Crew
from freehold.cli.sources import Progress, Source, Text, Unreadable, sources

if TYPE_CHECKING:
    from freehold.pii import Scanner, Stretch

FOUND, TROUBLE = 1, 2  # exit statuses
SUBSET = "custom patterns are made of letters, digits, spaces and _#=@/;,-^$?[]{}|\\*+."

Stretches = Iterable["Stretch"]


class Trouble(Problem):
    exit_code = TROUBLE


@click.command()
@click.argument("paths", nargs=-1, metavar="FILE|FOLDER|-...")
@click.option("--json", "in_json", is_flag=True, help="Print one JSON object for each finding.")
@click.option("--show", is_flag=True, help="Show what was found as it stands, not its shape alone.")
@click.option("--mask", is_flag=True, help="Print the texts, each character of what is found replaced by *.")
@click.option("--mask-with", default="", metavar="CHAR", help="As --mask, with another character.")
@click.option("--only", multiple=True, metavar="NAMES", help="Look for these alone: Ssn-US,Passport* (see --list).")
@click.option("--except", "but", multiple=True, metavar="NAMES", help="Do not look for these.")
@click.option("--custom", multiple=True, metavar="NAME=REGEX", help="Look for this too.")
@click.option("--keywords-optional", is_flag=True, help="Find what proves itself without a keyword nearby too.")
@click.option("--line-buffered", is_flag=True, help="Take each line for itself, as soon as it is there.")
@click.option("--jobs", type=int, default=0, help="Processes for long texts; unasked, one for each processor.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if something is found.")
@click.option("--color/--no-color", default=None, help="Colour what is printed; unasked, on terminals only.")
@click.option("--list", "listing", is_flag=True, help="List the names of what can be found.")
@click.pass_context
def scan(context: click.Context, paths: tuple[str, ...], **asked: Any) -> None:
    """Find personal and secret data in files, folders and standard input (-).

    Exits with 1 if something is found (but not if it is masked), with 2 if something cannot be read, else with 0.
    """
    context.color = False if asked["color"] is None and "NO_COLOR" in os.environ else asked["color"]
    names = _chosen(asked["only"], asked["but"])
    if asked["listing"]:
        click.echo("\n".join(sorted(names)))
        return
    character = asked["mask_with"] or "*" * asked["mask"]
    _check(paths, character, asked["in_json"])
    form = _form(character, asked["in_json"], asked["show"])
    custom = dict(map(_pattern, asked["custom"]))
    what = names, custom, asked["keywords_optional"]
    scanner = _scanner(*what)
    with Crew(*what, asked["jobs"]) as crew:
        tally = _run(paths, Look(scanner, asked["line_buffered"], crew), form)
    found = tally.found and not character and not asked["exit_zero"]
    context.exit(TROUBLE if tally.trouble else FOUND if found else 0)


def _check(paths: tuple[str, ...], character: str, in_json: bool) -> None:
    """Refuse what cannot be meant."""
    if not paths:
        raise Trouble("nothing to read; name files or folders, or - for standard input")
    if len(character) > 1:
        raise Trouble(f"--mask-with takes one character, not {character!r}")
    if character and in_json:
        raise Trouble("--mask prints texts and --json findings; take one of them")
    if character and any(os.path.isdir(path) for path in paths):
        raise Trouble("--mask takes files, not folders")


def _form(character: str, in_json: bool, show: bool) -> findings.Form:
    if character:
        return findings.masks(character)
    return findings.objects(show) if in_json else findings.lines(show)


def _chosen(only: tuple[str, ...], but: tuple[str, ...]) -> frozenset[str]:
    """The names of the identifiers to look for."""
    from freehold.pii import NAMES

    return (_matching(only, NAMES) if only else NAMES) - _matching(but, NAMES)


def _matching(given: tuple[str, ...], names: frozenset[str]) -> frozenset[str]:
    """The names that patterns (`*`, `?`) match, whatever their case; a pattern may be an identifier's ARN."""
    matching: set[str] = set()
    for pattern in (one.strip() for text in given for one in text.split(",")):
        short = pattern.rpartition("/")[2]
        found = {name for name in names if fnmatchcase(name.lower(), short.lower())}
        if not found:
            near = difflib.get_close_matches(short, names, 1)
            raise Trouble(f"nothing is called {pattern!r}; " + (f"{near[0]} is" if near else "--list shows the names"))
        matching |= found
    return frozenset(matching)


def _pattern(text: str) -> tuple[str, str]:
    name, _, pattern = text.partition("=")
    if not name or not pattern:
        raise Trouble(f"--custom takes NAME=REGEX, not {text!r}")
    return name, pattern


def _scanner(names: Iterable[str], custom: dict[str, str], keywords_optional: bool) -> "Scanner":
    from freehold.pii import BadPattern, scanner

    try:
        return scanner(names, custom, keywords_optional=keywords_optional)
    except BadPattern as error:
        raise Trouble(f"cannot look for {error}; {SUBSET}") from None


def _run(paths: tuple[str, ...], look: "Look", form: findings.Form) -> "Tally":
    """Read all that there is to read, and print what the form makes of it."""
    everything, tally = list(sources(paths)), Tally()
    progress = Progress(sum(source.size for source in everything if isinstance(source, Source)))
    for source in everything:
        try:
            for line in _told(source, look, form, tally, progress.advance):
                progress.clear()
                _print(line)
        except Unreadable as error:
            progress.clear()
            tally.trouble = True
            click.echo(f"freehold: {error}", err=True)
    progress.clear()
    if tally.skipped:
        click.echo(f"freehold: binary files in folders, not looked through: {tally.skipped}", err=True)
    return tally


def _print(line: str | bytes) -> None:
    try:
        click.echo(line, nl=False)
    except BrokenPipeError:  # whoever reads has seen enough
        raise
    except OSError as error:
        raise Trouble(f"standard output: {error.strerror}") from None


def _told(
    source: Source | Unreadable, look: "Look", form: findings.Form, tally: "Tally", advance: Callable[[int], None]
) -> Iterator[str | bytes]:
    """What is to be printed of one source."""
    if isinstance(source, Unreadable):
        raise source
    text = Text(source, look.by_line, advance)
    if not text.binary:
        yield from form(source.name, text, tally.counted(look.through(text)))
    elif source.asked:
        raise Unreadable(source.name, "is binary")
    else:
        tally.skipped += 1


class Look(NamedTuple):
    """How texts are looked through: as wholes, or each line for itself."""

    scanner: "Scanner"
    by_line: bool
    crew: Crew

    def through(self, text: Text) -> Stretches:
        from freehold.pii import each, stretches

        if self.by_line:
            return each(text.pieces(), self.scanner)
        return stretches(text.pieces(), self.scanner, self.crew.map)


class Tally:
    """What a run came upon."""

    def __init__(self) -> None:
        self.found = self.skipped = 0
        self.trouble = False

    def counted(self, stretches: Stretches) -> Stretches:
        """The stretches, with their findings counted as they pass."""
        for stretch in stretches:
            self.found += len(stretch.findings)
            yield stretch
