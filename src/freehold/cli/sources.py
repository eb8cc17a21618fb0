"""What `freehold scan` reads: files, folders and standard input, as texts that come by pieces.

One idea: bytes that are no UTF-8 are carried along unseen, so that a masked file differs from the file in what was
masked alone. It may not know what is looked for.
"""

import codecs
import os
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

import click

BLOCK = 1 << 20
HEAD = 8_000  # bytes in which a zero tells that a file is binary, as git looks for it
STDIN = "-"
SKIPPED = frozenset((".git", ".hg", ".svn"))  # folders of packed files
MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class Source(NamedTuple):
    """A file to read, of so many bytes; `asked` if it was named and not found in a folder."""

    name: str
    size: int
    asked: bool


class Unreadable(Exception):
    """A file that cannot be read: which, and why."""

    def __init__(self, name: str, why: object):
        super().__init__(f"{name}: {why}")


def sources(paths: Iterable[str]) -> Iterator[Source | Unreadable]:
    """The files of paths, those of folders in order of their names. Links in folders are not followed."""
    for path in paths:
        if path == STDIN:
            yield Source(STDIN, 0, True)
        elif os.path.isdir(path):
            yield from _files(path)
        else:
            yield _named(path)


def _files(folder: str) -> Iterator[Source | Unreadable]:
    refused: list[OSError] = []
    for where, folders, files in os.walk(folder, onerror=refused.append):
        folders[:] = sorted(set(folders) - SKIPPED)
        for path in (os.path.join(where, file) for file in sorted(files)):
            with suppress(FileNotFoundError):  # it was there a moment ago
                found = os.lstat(path)
                if stat.S_ISREG(found.st_mode):  # no links, sockets or devices
                    yield Source(path, found.st_size, False)
    yield from (Unreadable(error.filename, error.strerror) for error in refused)


def _named(path: str) -> Source | Unreadable:
    try:
        return Source(path, os.stat(path).st_size, True)
    except OSError as error:
        return Unreadable(path, error.strerror)


class Text:
    """The text of a source, by pieces or, `by_line`, each line as soon as it is there; bytes that are no text are lone
    surrogates in it. Making or reading it raises Unreadable.
    """

    def __init__(self, source: Source, by_line: bool, advance: Callable[[int], None]):
        self._name, self._advance = source.name, advance
        with self._complaining():
            self._file = sys.stdin.buffer if source.name == STDIN else open(source.name, "rb")  # noqa: SIM115
        self._read = self._file.readline if by_line else self._file.read
        self._block = self._next()
        self.encoding = next((name for mark, name in MARKS if self._block.startswith(mark)), "utf-8")
        self._errors = "surrogateescape" if self.encoding == "utf-8" else "replace"
        self.binary = self.encoding == "utf-8" and b"\0" in self._block[:HEAD]
        if self.binary:
            self._file.close()

    def pieces(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self.encoding)(self._errors)
        with self._file:
            while self._block:
                yield decoder.decode(self._block)
                self._advance(len(self._block))
                self._block = self._next()
        yield decoder.decode(b"", final=True)

    def _next(self) -> bytes:
        with self._complaining():
            return self._read(BLOCK)

    @contextmanager
    def _complaining(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Unreadable(self._name, error.strerror) from None

    def encoded(self, text: str) -> bytes:
        """The bytes that a piece of this text was."""
        return text.encode(self.encoding, self._errors)


class Progress:
    """One line about how far the work is, on a terminal, from the third second on."""

    SILENT_S, EVERY_S = 2.0, 0.2

    def __init__(self, total: int):
        self._total, self._done, self._shown = total, 0, False
        self._began = self._told = time.monotonic()
        self._watched = sys.stderr.isatty()

    def advance(self, size: int) -> None:
        self._done += size
        now = time.monotonic()
        if self._watched and now - self._began > self.SILENT_S and now - self._told > self.EVERY_S:
            self._told, self._shown = now, True
            rate = self._done / (now - self._began)
            click.echo(f"\r\x1b[K{self._part()} at {_megabytes(rate)}/s", err=True, nl=False)

    def _part(self) -> str:
        if self._done > self._total:  # standard input is of unknown size
            return _megabytes(self._done)
        return f"{self._done / self._total:4.0%} of {_megabytes(self._total)}"

    def clear(self) -> None:
        """Make room for other lines."""
        if self._shown:
            self._shown = False
            click.echo("\r\x1b[K", err=True, nl=False)


def _megabytes(size: float) -> str:
    return f"{size / 1e6:.1f} MB"
