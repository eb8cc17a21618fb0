"""Where a name may stand: runs of capitalised words, and what stands around them.

One idea: a name is looked for only where two words in a row begin with a capital, or behind a key that says a name
follows. It may not know which run is a name.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from freehold.engines.pii.names.gazetteer import levels
from freehold.engines.pii.names.lexicon import SPELLINGS, Form, Word
from freehold.engines.pii.names.words import AFTER, KEYS, LEADING, PARTICLES, TITLES, folded

_CAPITALS = "".join(filter(str.isupper, map(chr, (*range(0x41, 0x250), *range(0x1E00, 0x1F00)))))
_SMALL = "|".join(sorted(PARTICLES, key=len, reverse=True))


def _compiled(capital: str, letter: str, mark: str, flags: int = 0) -> re.Pattern[str]:
    """Two or more capitalised words. A word starts where no word goes on, or behind an escaped line end (JSON in text).
    Quantifiers are possessive and words bounded: no letter is read more often than that, so the time is linear."""
    letters = rf"{letter}{{0,40}}+(?:{mark}{letter}{{0,40}}+){{0,40}}+\.?+(?!\w\w)"
    between = rf"(?:,?+[ \xa0]{{1,2}}+|(?<=\.)|,)(?:(?=[a-z])(?:(?:{_SMALL})[ \xa0]|(?:al|el|d|l|dell)['’-])){{0,3}}+"
    return re.compile(rf"[{capital}](?:(?<!\w.)|(?<=\\[nrt].)){letters}(?:{between}[{capital}]{letters})++", flags)


_RUN = _compiled(_CAPITALS, r"[^\W\d_]", r"['’\u0300-\u036f-]")
_ASCII_RUN = _compiled("A-Z", "[A-Za-z]", "['-]", re.ASCII)  # the same, of a text in ASCII, sooner
# The end of a key, and the value behind it.
_ENDS_OF_KEYS = ("ame", "AME", "atient", "ustomer", "mployee", "ombre")
_VALUE = re.compile(
    r"""\w{1,8}["']?(?:\s{0,2}[:=]\s{0,2}|'s | is )["']?"""
    r"""((?:[^\W\d_]|['’-]){1,40}+(?: (?:[^\W\d_]|['’-]){1,40}+){1,4}+)(?=["',;.\n]|$)"""
)
WORDS_MAX = 64  # of a run that are weighed together
SPEAKING = ("title", "key", "cue")  # what before a run says that a name follows

# Where a word of a run stands, what is known of it, and its form there.
Token = tuple[int, Word, Form]


class Run(NamedTuple):
    """Words that may hold a name. `before` is title, key, cue, placed, article, start, street or word; `after` cue,
    digit, word or end."""

    tokens: list[Token]
    before: str
    after: str


def runs(text: str) -> Iterator[Run]:
    """The runs of a text that can hold a full name, in order, those behind keys last."""
    for start, end in _stretches(text):
        for tokens, before, after in _pieces(text[start:end], start):
            if len(tokens) < 2:
                continue
            before = before or _before(text, tokens[0][0])
            if before in SPEAKING or any(word.hopeful for _, word, _ in tokens):
                yield Run(tokens, before, after or _after(text, end))


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Where words stand that runs are cut from."""
    for match in (_ASCII_RUN if text.isascii() else _RUN).finditer(text):
        yield match.span()
    for ending in _ENDS_OF_KEYS:
        at = text.find(ending)
        while at >= 0:
            value = _VALUE.match(text, at)
            if value and value[1][0].islower():
                yield value.span(1)
            at = text.find(ending, at + len(ending))


def _pieces(stretch: str, at: int) -> Iterator[tuple[list[Token], str, str]]:
    """The words of a stretch that stands there, cut where a sentence ends, a title stands or a word owns the next; what
    stands before and after them, where that is in the stretch."""
    tokens: list[Token] = []
    before = small = opening = ""
    for spelling in stretch.split(" "):
        for word in SPELLINGS[spelling]:
            if word.plain and not (small or opening) and len(tokens) < WORDS_MAX - 1:
                tokens.append((at, word, word.form))
            elif word.special == "small" and tokens:
                small += f"{word.name}_"
            elif word.special == "generation" and tokens:
                tokens[-1] = _extended(tokens[-1], at, word)
            elif cut := word.cuts[tokens != []]:
                yield tokens, before, "word"
                tokens, before, small = [], cut, ""
            else:
                form = word.form
                if tokens and (small or opening):
                    place = opening != "" and f"{opening}_{small}{word.name}" in levels()
                    form = form._replace(small=small != "", place=place)
                tokens.append((at + word.offset, word, form))
                small, opening = "", word.name if word.opens else ""
                if word.closes or len(tokens) == WORDS_MAX:
                    yield tokens, before, "end"
                    tokens, before = [], "start"
        at += len(spelling) + 1
    yield tokens, before, ""


def _extended(token: Token, at: int, generation: Word) -> Token:
    """A word with the `Jr.` behind it."""
    start, word, form = token
    length = at + generation.offset + generation.length - start
    return start, Word(word.name, length, word.form, word.hopeful), form._replace(comma=generation.form.comma)


def _before(text: str, start: int) -> str:
    near = text[max(0, start - 24) : start]
    head = near.rstrip(" \t\xa0\"'“‘«(*_>")
    if not head or head[-1] in ".!?\n;,|•" or head.endswith(("\\n", "\\r", "\\t")):
        return "start"
    words = head.rstrip(":= \"'").rsplit(None, 1)
    word = folded(words[-1].lstrip("({[\"'<,")) if words else ""
    if not word:
        return "start"
    if head[-1] in ":=" or "\n" in near:
        return "key" if word.endswith(KEYS) else "start"
    if word[0].isdigit():
        return "street"
    return LEADING.get(word) or ("title" if word.rstrip(".") in TITLES else "word")


def _after(text: str, end: int) -> str:
    tail = text[end : end + 16].lstrip(" ")
    if not tail or not tail[0].isalnum() or (tail is text[end : end + 16] and tail[0] in ".,"):
        return "end"
    if tail[0].isdigit():
        return "digit"
    return "cue" if tail.split(None, 1)[0].rstrip(".,;:") in AFTER else "word"
