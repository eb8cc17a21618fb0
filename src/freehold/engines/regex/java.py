"""Java's patterns, as AWS's services take them: what they have beside JavaScript's.

One idea: flags that stand in front become flags, ends of the input become edges; the rest is read as JavaScript. It may
not know what is matched.

https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/regex/Pattern.html
"""

import re

from .pattern import Pattern, compile

_FLAGS = re.compile(r"\(\?([ims]+)\)")
_ENDS = re.compile(r"\\(?:([AzZ])|(.))", re.DOTALL)


def java(source: str, flags: str = "", whole: bool = True) -> Pattern:
    """A pattern in Java's syntax, which matches all of a string unless told otherwise. Raises InvalidPattern."""
    while front := _FLAGS.match(source):
        flags, source = flags + front[1], source[front.end() :]
    return compile(_ENDS.sub(_end, source), flags, whole)


def _end(found: re.Match[str]) -> str:
    if found[1]:
        return "^" if found[1] == "A" else "$"
    return found[0]
