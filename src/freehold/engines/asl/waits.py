"""The four ways in which a Wait state in JSONPath says until when.

One idea: each is a function from a frame and the present moment to the moment it waits for. Moments are epoch seconds.
"""

from collections.abc import Callable

from freehold.engines.jsonpath import MISSING, Json, PathSyntaxError, compile_path

from . import errors, values
from .frame import Frame
from .language import Fields, Unclear, Until
from .payload import find

DELAY_MAX_S = 24_855 * 86_400  # what a signed 32-bit number of seconds holds, in whole days


def wait_until(fields: Fields) -> Until:
    """The moment that the state's one field of the four names. Raises Unclear."""
    name = next(name for name in FORMS if name in fields)
    try:
        return FORMS[name](fields[name])
    except PathSyntaxError as wrong:
        raise Unclear("Value is not a valid JSONPath", f"/{name}") from wrong


def _seconds(seconds: Json) -> Until:
    return lambda _frame, now: now + seconds


def _seconds_path(text: Json) -> Until:
    path = compile_path(text)

    def until(frame: Frame, now: float) -> float:
        seconds = find(path, frame)
        if seconds is MISSING:
            raise errors.broken(errors.SECONDS_MISSING, path=text)
        if isinstance(seconds, bool) or not isinstance(seconds, int):
            raise errors.broken(errors.SECONDS_NOT_LONG, path=text, value=values.write(seconds))
        if seconds < 0:
            raise errors.broken(errors.SECONDS_NEGATIVE, path=text, value=seconds)
        return bounded(now + seconds, now)

    return until


def _timestamp(text: Json) -> Until:
    at = values.moment(text) or 0.0
    return lambda _frame, now: bounded(at, now)


def _timestamp_path(text: Json) -> Until:
    path = compile_path(text)

    def until(frame: Frame, now: float) -> float:
        value = find(path, frame)
        at = values.moment(value) if isinstance(value, str) else None
        if at is None:
            shown = value if isinstance(value, str) else "null" if value is MISSING else values.write(value)
            raise errors.broken(errors.TIMESTAMP_INVALID, path=text, value=shown)
        return bounded(at, now)

    return until


def bounded(at: float, now: float) -> float:
    """The moment, if a Wait may last until then. Raises Failure."""
    if at - now > DELAY_MAX_S:
        raise errors.broken(errors.DELAY_TOO_LONG)
    return at


FORMS: dict[str, Callable[[Json], Until]] = {
    "Seconds": _seconds,
    "SecondsPath": _seconds_path,
    "Timestamp": _timestamp,
    "TimestampPath": _timestamp_path,
}
