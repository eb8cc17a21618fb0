"""Prefixes: where in a bucket a file goes, by the moment of its first record.

One idea: a prefix is a text with expressions, and what may stand in one is a table. It may not know records.

https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
"""

import re
from collections.abc import Callable
from datetime import datetime

EXPRESSION = re.compile(r"!\{([^}:]*):?([^}]*)\}")
USUAL = "%Y/%m/%d/%H/"
RANDOM_LENGTH = 11

# Letters of Java's patterns for moments, as Python has them; what stands between quotes is itself.
LETTERS = {
    "yyyy": "%Y", "yy": "%y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "dd": "%d", "DDD": "%j", "HH": "%H", "hh": "%I",
    "mm": "%M", "ss": "%S", "EEEE": "%A", "EEE": "%a", "a": "%p",
}  # fmt: skip
PART = re.compile(r"'[^']*'|([A-Za-z])\1*|[^A-Za-z']+")


def fault(prefix: str, errors: bool) -> str:
    """What is wrong with a prefix; nothing if nothing is. `errors` if it is for what failed."""
    for namespace, what in EXPRESSION.findall(prefix):
        if namespace == "timestamp":
            strange = [part for part in _parts(what) if part[0].isalpha() and part not in LETTERS]
            if strange:
                return f"{strange[0]} is not supported in a timestamp"
        elif namespace != "firehose" or what not in ("random-string", *(("error-output-type",) if errors else ())):
            return f"!{{{namespace}:{what}}} is not supported"
    return ""


def has_expressions(prefix: str) -> bool:
    return bool(EXPRESSION.search(prefix))


def filled(prefix: str, at: datetime, random: Callable[[], str]) -> str:
    """The prefix of a file whose first record came at a moment; one without expressions has the hour behind it."""
    if not has_expressions(prefix):
        return prefix + at.strftime(USUAL)
    return EXPRESSION.sub(lambda found: _moment(found[2], at) if found[1] == "timestamp" else random(), prefix)


def _moment(pattern: str, at: datetime) -> str:
    return "".join(at.strftime(LETTERS[part]) if part in LETTERS else part.strip("'") for part in _parts(pattern))


def _parts(pattern: str) -> list[str]:
    return [found[0] for found in PART.finditer(pattern)]
