"""What a Python function says: each line, log record or failure is one frame on the telemetry pipe.

One idea: a frame is one log event, whatever line ends it has, and carries its level. It is a part of `bootstrap`, runs
inside the function's own process by any Python from 3.8 on, and may use the standard library alone. Its name is so
that no function has a module of this name.

https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
"""

from __future__ import annotations

import io
import json
import logging
import os
import re
import struct
import sys
import time
import traceback

FRAME_HEAD = struct.Struct(">IIq")  # type, length, microseconds
FRAME_TYPE, TEXT_BIT, LEVEL_BITS = 0xA55A0002, 1, 2
NBSP, INDENT = "\N{NO-BREAK SPACE}", re.compile("^ +", re.M)  # how AWS's runtime indents tracebacks in logs


class Frames(io.RawIOBase):
    """A byte stream that turns each line written to it into one frame on the telemetry pipe."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._rest = b""

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1

    def write(self, data: bytes) -> int:  # type: ignore[override]  # the type Buffer is newer than the oldest Python
        *lines, self._rest = (self._rest + bytes(data)).split(b"\n")
        for line in lines:
            self.event(line)
        return len(data)

    def end_line(self) -> None:
        """Send what was written without a line end."""
        if self._rest:
            rest, self._rest = self._rest, b""
            self.event(rest)

    def event(self, text: bytes, level: int = 0, kind: int = TEXT_BIT) -> None:
        """Send one event, which may have many lines. `level` is a number of the logging module, 0 is none."""
        rank = min(level // 10 + 1, 6) if level >= logging.DEBUG else 0
        head = FRAME_HEAD.pack(FRAME_TYPE | rank << LEVEL_BITS | kind, len(text), time.time_ns() // 1000)
        frame = head + text
        while frame:
            frame = frame[os.write(self._fd, frame) :]


class PlainForm(logging.Formatter):
    """A log record as AWS writes it in the format Text: level, moment, request id, message."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        form = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s"
        super().__init__(form, "%Y-%m-%dT%H:%M:%S")


class JsonForm(logging.Formatter):
    """A log record as AWS writes it in the format JSON. What `extra` gave a record becomes members of their own."""

    KNOWN = frozenset(vars(logging.makeLogRecord({}))) | {"aws_request_id", "message", "asctime"}

    def format(self, record: logging.LogRecord) -> str:
        whole = isinstance(record.msg, dict) and not record.args
        told = {
            "timestamp": moment(record.created),
            "level": record.levelname,
            "message": record.msg if whole else record.getMessage(),
            "logger": record.name,
            "requestId": getattr(record, "aws_request_id", ""),
        }
        if record.exc_info and record.exc_info[0]:
            kind, error, trace = record.exc_info
            told["stackTrace"] = traceback.format_tb(trace)
            told["errorType"] = kind.__name__
            told["errorMessage"] = str(error)
            told["location"] = f"{record.pathname}:{record.funcName}:{record.lineno}"
        extra = {name: value for name, value in vars(record).items() if name not in self.KNOWN and value is not None}
        return json.dumps({**extra, **told}, ensure_ascii=False, default=str)


class EventLog(logging.Handler):
    """The handler AWS puts on the root logger; one event a record."""

    def __init__(self, voice: Frames) -> None:
        super().__init__()
        self._voice = voice
        self.json = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"
        self.setFormatter(JsonForm() if self.json else PlainForm())
        self.request_id = ""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            record.aws_request_id = self.request_id
            kind = 0 if self.json else TEXT_BIT
            self._voice.event(self.format(record).encode("utf-8", "replace"), record.levelno, kind)
        except Exception:  # a bad log call must not end the function; the logging module reports it
            self.handleError(record)

    def tell(self, report: dict) -> None:
        """Log a failure as one event."""
        if self.json:
            text = json.dumps({"timestamp": moment(time.time()), "level": "ERROR", **report}, ensure_ascii=False)
        else:
            head = f"[ERROR] {report['errorType']}: {report['errorMessage']}\nTraceback (most recent call last):\n"
            text = head + INDENT.sub(lambda found: NBSP * len(found[0]), "".join(report["stackTrace"]))
        self._voice.event(text.encode("utf-8", "replace"), logging.ERROR, 0 if self.json else TEXT_BIT)


def moment(seconds: float) -> str:
    """Epoch seconds as AWS's JSON logs have them."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def take_voice() -> Frames:
    """Put stdout and stderr on the telemetry pipe."""
    fd = int(os.environ.pop("_LAMBDA_TELEMETRY_LOG_FD"))
    os.set_inheritable(fd, False)
    frames = Frames(fd)
    sys.stdout = io.TextIOWrapper(frames, "utf-8", "backslashreplace", write_through=True)
    sys.stderr = sys.stdout
    return frames


def set_level() -> None:
    """AWS_LAMBDA_LOG_LEVEL is the level of the root logger; logging has no TRACE."""
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
    number = logging.getLevelName("DEBUG" if level == "TRACE" else level)
    if isinstance(number, int):
        logging.getLogger().setLevel(number)
