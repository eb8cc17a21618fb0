"""Terms: words that a message must, may or must not contain.

One idea: a term is a test and a sign; `?` terms are alternatives, and count only if there are no others.
It may not know where messages come from.
"""

import re
from collections.abc import Callable

from freehold.engines.filters.conditions import expression
from freehold.engines.filters.errors import InvalidFilterPattern, InvalidTerm

TERM = re.compile(r'\s*([?-]?)(?:"((?:\\.|[^"\\])*)"|%([^%]*)%|([^\s"%]+))')
WORD = re.compile(r"\w+")
ESCAPED = re.compile(r"\\(.)")

Contains = Callable[[str], bool]


def compile_terms(text: str) -> Contains:
    """A test for all plain terms and none of the excluded, or for any of the optional ones."""
    signed: dict[str, list[Contains]] = {"": [], "?": [], "-": []}
    at, text = 0, text.rstrip()
    while at < len(text):
        found = TERM.match(text, at)
        if not found:
            raise InvalidFilterPattern()
        sign, quoted, regex, word = found.groups()
        signed[sign].append(_contains(quoted, regex, word))
        at = found.end()
    wanted, either, excluded = signed[""], signed["?"], signed["-"]
    if either and not wanted and not excluded:
        return lambda message: any(test(message) for test in either)
    return lambda message: all(test(message) for test in wanted) and not any(test(message) for test in excluded)


def _contains(quoted: str | None, regex: str | None, word: str | None) -> Contains:
    if regex is not None:
        return expression(regex)
    if quoted is not None:
        phrase = ESCAPED.sub(r"\1", quoted)
        return lambda message: phrase in message
    if not word or not WORD.fullmatch(word):
        raise InvalidTerm(term=word)
    return lambda message: word in message
