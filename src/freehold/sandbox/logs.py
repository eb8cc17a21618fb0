"""Log events out of the pipes of a process.

One idea: bytes arrive in any pieces; a splitter turns them into whole events. Plain output is split at line ends, each
of which stays with its line, as in AWS; the telemetry pipe carries frames (type and level, length, timestamp, text), so
a traceback stays one event, as in AWS's own runtime clients. It may not know the Runtime API or processes.
"""

import asyncio
import os
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

EVENT_BYTES_MAX = 262_144 - 26  # CloudWatch Logs: one event, less its own overhead
JOURNAL_BYTES_MAX = 64 << 20
FRAME_HEAD = struct.Struct(">IIq")  # type, length, microseconds
FRAME_TYPE, FRAME_TYPE_MASK = 0xA55A0000, 0xFFFF0000
FRAME_LEVEL_SHIFT, FRAME_LEVEL_MASK = 2, 0b111
"""A frame's type has its level: 0 for none, then from trace, 1, to fatal, 6."""
READ_BYTES = 65_536
DRAIN_READS_MAX = 64


class Splitter(Protocol):
    """Turns pieces of bytes into whole log events."""

    def feed(self, data: bytes) -> list[str]: ...
    def flush(self) -> list[str]: ...


class LineSplitter:
    """One event a line. A line longer than an event may be is cut."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[str]:
        """The lines that `data` completes."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        while len(self._rest) >= EVENT_BYTES_MAX:
            lines.append(self._rest[:EVENT_BYTES_MAX])
            self._rest = self._rest[EVENT_BYTES_MAX:]
        return [text for line in lines for text in _events(line + b"\n")]

    def flush(self) -> list[str]:
        """What stands without a line end."""
        rest, self._rest = self._rest, b""
        return _events(rest) if rest else []


class FrameSplitter:
    """One event a frame. Bytes that are no frame are taken as plain text: nothing a function wrote is lost.

    Frames that say a level below `least` are left out.
    """

    def __init__(self, least: int = 0) -> None:
        self._least = least
        self._rest = b""

    def feed(self, data: bytes) -> list[str]:
        """The texts of the frames that `data` completes."""
        buffer, at, events = self._rest + data, 0, []
        while len(buffer) - at >= FRAME_HEAD.size:
            kind, length, _ = FRAME_HEAD.unpack_from(buffer, at)
            if kind & FRAME_TYPE_MASK != FRAME_TYPE or length > JOURNAL_BYTES_MAX:
                events += _events(buffer[at:])
                at = len(buffer)
                break
            end = at + FRAME_HEAD.size + length
            if end > len(buffer):
                break
            level = kind >> FRAME_LEVEL_SHIFT & FRAME_LEVEL_MASK
            if not 0 < level < self._least:
                events += _events(buffer[at + FRAME_HEAD.size : end])
            at = end
        self._rest = buffer[at:]
        return events

    def flush(self) -> list[str]:
        """A frame cut off by the end of its writer."""
        rest, self._rest = self._rest[FRAME_HEAD.size :], b""
        return _events(rest) if rest else []


def _events(raw: bytes) -> list[str]:
    """`raw` as events of the permitted size."""
    return [
        raw[at : at + EVENT_BYTES_MAX].decode("utf-8", "replace") for at in range(0, max(len(raw), 1), EVENT_BYTES_MAX)
    ]


class LogPipe:
    """A pipe whose writing end goes to a process; what comes out of its reading end is written as events."""

    def __init__(self, splitter: Splitter, write: Callable[[str], None]) -> None:
        self._splitter = splitter
        self._write = write
        self._loop = asyncio.get_running_loop()
        self._reader, self.writer = os.pipe()  # neither end is inherited unless handed over
        os.set_blocking(self._reader, False)
        self._loop.add_reader(self._reader, self._read)

    def _read(self) -> bool:
        """Take what is there; True while there may be more."""
        try:
            data = os.read(self._reader, READ_BYTES)
        except BlockingIOError:
            return False
        if not data:
            self._loop.remove_reader(self._reader)
        for event in self._splitter.feed(data):
            self._write(event)
        return len(data) > 0

    def drain(self) -> None:
        """Take all that the process has written so far. Bounded, so that an endless writer can not hold the loop."""
        for _ in range(DRAIN_READS_MAX):
            if not self._read():
                break

    def handed_over(self) -> None:
        """The process has its own copy of the writing end: close ours, so that its end is seen."""
        if self.writer >= 0:
            os.close(self.writer)
            self.writer = -1

    def close(self) -> None:
        """Take the rest and let go of both ends."""
        if self._reader < 0:
            return
        self.drain()
        for event in self._splitter.flush():
            self._write(event)
        self.handed_over()
        with suppress(OSError):
            self._loop.remove_reader(self._reader)
        os.close(self._reader)
        self._reader = -1
