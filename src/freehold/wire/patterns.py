"""The regular expressions in AWS's models, as Python's.

One idea: a value that AWS takes must never be refused, so what Python says otherwise is translated to what admits at
least as much: of Unicode's classes, Java's members in ASCII, and everything beyond ASCII. What cannot be translated
admits everything. This module may not know shapes.
"""

import re
import string
import warnings
from collections.abc import Callable
from functools import cache

ASCII = frozenset(map(chr, range(128)))
CONTROLS = frozenset(char for char in ASCII if not char.isprintable())
PUNCTUATION = frozenset("!\"#%&'()*,-./:;?@[\\]_{}")

# Unicode and POSIX classes, as java.util.regex.Pattern names them, and their members in ASCII.
CLASSES: dict[str, frozenset[str]] = {
    "L": frozenset(string.ascii_letters),
    "Lu": frozenset(string.ascii_uppercase),
    "Ll": frozenset(string.ascii_lowercase),
    "LD": frozenset(string.ascii_letters + string.digits),
    "M": frozenset(),
    "Mn": frozenset(),
    "N": frozenset(string.digits),
    "Nd": frozenset(string.digits),
    "P": PUNCTUATION,
    "Pc": frozenset("_"),
    "Pd": frozenset("-"),
    "S": frozenset("$+<=>^`|~"),
    "Z": frozenset(" "),
    "Zs": frozenset(" "),
    "C": CONTROLS,
    "Cc": CONTROLS,
    "Cf": frozenset(),
    "ASCII": ASCII,
    "Alnum": frozenset(string.ascii_letters + string.digits),
    "Alpha": frozenset(string.ascii_letters),
    "Blank": frozenset(" \t"),
    "Cntrl": CONTROLS,
    "Digit": frozenset(string.digits),
    "Graph": frozenset(string.ascii_letters + string.digits + string.punctuation),
    "Lower": frozenset(string.ascii_lowercase),
    "Print": ASCII - CONTROLS,
    "Punct": frozenset(string.punctuation),
    "Space": frozenset(string.whitespace),
    "Upper": frozenset(string.ascii_uppercase),
    "XDigit": frozenset(string.hexdigits),
    "IsAlphabetic": frozenset(string.ascii_letters),
    "IsDigit": frozenset(string.digits),
    "IsLetter": frozenset(string.ascii_letters),
    "IsPunctuation": PUNCTUATION,
    "IsWhitespace": frozenset(string.whitespace),
    "all": ASCII,
}
BEYOND = r"\x80-\U0010ffff"
ONE_CHARACTER = re.compile(r"\\[SsWwDd]|\[[^\]]*\]|\.")
SURROGATES = re.compile(r"\\uD800\\uDC00-\\uDBFF\\uDFFF|\\u10000-\\u10FFFF", re.IGNORECASE)
TOKEN = re.compile(
    r"""\\(?P<of>[pP])(?:\{\^?(?P<long>\w+)\}|(?P<short>\w))  # a class of characters
      | (?P<run>\\[wdsWDS])-(?!\])                            # a hyphen that only looks like a range
      | \\z | \\. | \[\^? | \] | && | \(\?<(?=[a-zA-Z])""",
    re.DOTALL | re.VERBOSE,
)
SPELLED = {r"\z": r"\Z", "(?<": "(?P<"}


class Untranslatable(ValueError):
    """A pattern with a class or construct that Python has not."""


def translate(pattern: str) -> str:
    """A Python pattern that admits at least what a model's pattern does. Untranslatable if there is none."""
    inside = False

    def token(found: re.Match[str]) -> str:
        nonlocal inside
        text = found[0]
        if text == "&&" or (inside and text == "["):
            raise Untranslatable(pattern)
        if text.startswith("["):
            inside = True
        elif text == "]":
            inside = False
        elif found["of"]:
            members = _members(found["long"] or found["short"], found["of"] == "P")
            return members if inside else f"[{members}]"
        elif found["run"] and inside:
            return rf"{found['run']}\-"
        return SPELLED.get(text, text)

    return TOKEN.sub(token, SURROGATES.sub(lambda _: BEYOND, pattern))


def _members(name: str, negated: bool) -> str:
    """The members of a class, or all others, as the inside of a Python character class."""
    if name not in CLASSES:
        raise Untranslatable(name)
    members = ASCII - CLASSES[name] if negated else CLASSES[name]
    return "".join(re.escape(char) for char in sorted(members)) + BEYOND


@cache
def matcher(pattern: str) -> Callable[[str], object] | None:
    """What tells whether a text satisfies a model's pattern: all of it, unless the pattern is of a single character.

    None if Python cannot say.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = re.compile(translate(pattern), re.DOTALL)
    except (re.error, Untranslatable, OverflowError):
        return None
    return made.search if ONE_CHARACTER.fullmatch(pattern) else made.fullmatch
