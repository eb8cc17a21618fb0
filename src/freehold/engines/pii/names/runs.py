"""Where a name may stand: runs of capitalised words, and what stands around them.

One idea: a name is looked for only where two words in a row begin with a capital, or behind a key that says a name
follows. It may not know which run is a name.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from freehold.engines.pii.names.words import (
    AFTER,
    CONTRACTIONS,
    KEYS,
    LEADING,
    PARTICLES,
    SPECIAL,
    TITLES,
    VERBS,
    folded,
)

_CAPITALS = "".join(filter(str.isupper, map(chr, (*range(0x41, 0x250), *range(0x1E00, 0x1F00)))))
_SMALL = "|".join(sorted(PARTICLES, key=len, reverse=True))


def _compiled(capital: str, letter: str, flags: int = 0) -> re.Pattern[str]:
    """Two or more capitalised words. A word starts where no word goes on, or behind an escaped line end (JSON in text).
    Quantifiers are possessive and words bounded: no letter is read more often than that, so the time is linear."""
    letters = rf"{letter}{{0,40}}+\.?+(?!\w\w)"
    between = rf"(?:,?+[ \xa0]{{1,2}}+|(?<=\.)|,)(?:(?=[a-z])(?:(?:{_SMALL})[ \xa0]|(?:al|el|d|l|dell)['’-])){{0,3}}+"
    return re.compile(rf"[{capital}](?:(?<!\w.)|(?<=\\[nrt].)){letters}(?:{between}[{capital}]{letters})++", flags)


_RUN = _compiled(_CAPITALS, r"(?:[^\W\d_]|['’\u0300-\u036f-])")
_ASCII_RUN = _compiled("A-Z", "[A-Za-z'-]", re.ASCII)  # the same, of a text in ASCII, sooner
_PART = re.compile(r"([\w\u0300-\u036f'’-]++)(\.?+,?+)")
# The end of a key, and the value behind it.
_ENDS_OF_KEYS = ("ame", "AME", "atient", "ustomer", "mployee", "ombre")
_VALUE = re.compile(
    r"""\w{1,8}["']?(?:\s{0,2}[:=]\s{0,2}|'s | is )["']?"""
    r"""((?:[^\W\d_]|['’-]){1,40}+(?: (?:[^\W\d_]|['’-]){1,40}+){1,4}+)(?=["',;.\n]|$)"""
)
WORDS_MAX = 64  # of a run that are weighed together


class Token(NamedTuple):
    """A word of a run. `shape` is title, upper, mixed, lower, letter or initial (with its dot);
    `small` holds the particles before it as `de_la_`; `comma` says that one follows."""

    start: int
    end: int
    word: str
    shape: str
    small: str
    comma: bool


class Run(NamedTuple):
    """Words that may hold a name. `before` is title, key, cue, placed, article, start, street or
    word; `after` cue, digit, word
    or end."""

    tokens: list[Token]
    before: str
    after: str


def runs(text: str) -> Iterator[Run]:
    """The runs of a text, in order, those behind keys last."""
    for match in (_ASCII_RUN if text.isascii() else _RUN).finditer(text):
        yield from _pieces(text, *match.span())
    for ending in _ENDS_OF_KEYS:
        at = text.find(ending)
        while at >= 0:
            value = _VALUE.match(text, at)
            if value and value[1][0].islower():
                yield from _pieces(text, *value.span(1))
            at = text.find(ending, at + len(ending))


def _pieces(text: str, start: int, end: int) -> Iterator[Run]:
    """A run cut where a sentence ends, a title stands or a word owns the next; a word alone is no run."""
    tokens: list[Token] = []
    before = small = ""
    for part in _PART.finditer(text, start, end):
        (word, tail), at = part.groups(), part.start()
        word, ending = (word, "") if word.isalpha() else _bare(word)
        name = folded(word)
        special = SPECIAL.get(name, "")
        dot = tail[:1] == "."
        if ending or special:
            if special == "small" and tokens and word == name:
                small += f"{name}_"
                continue
            if special == "generation" and tokens:
                tokens[-1] = tokens[-1]._replace(end=at + len(word), comma="," in tail)
                continue
            if cut := _cut(name, special, ending, dot, bool(tokens)):
                if len(tokens) > 1:
                    yield Run(tokens, before or _before(text, tokens[0].start), "word")
                tokens, before, small = [], cut, ""
                continue
        tokens.append(Token(at, at + len(word), name, _shape(word, dot), small, tail[-1:] == ","))
        small = ""
        if ending == "s" or len(tokens) == WORDS_MAX or (dot and len(word) > 2):
            if len(tokens) > 1:
                yield Run(tokens, before or _before(text, tokens[0].start), "end")
            tokens, before = [], "start"
    if len(tokens) > 1:
        yield Run(tokens, before or _before(text, tokens[0].start), _after(text, end))


def _bare(raw: str) -> tuple[str, str]:
    """A word without what is written at its end, and the contraction it ends in."""
    word, _, ending = raw.replace("’", "'").rpartition("'")
    return (word, ending) if word and ending in CONTRACTIONS else (raw.rstrip("'’-"), "")


def _cut(name: str, special: str, ending: str, dot: bool, behind: bool) -> str:
    """What a word that ends a run is to the next one; empty if it ends none."""
    if ending in VERBS:
        return "cue"
    if special == "article":
        return "" if dot else "article"
    if special == "street":
        return "" if behind else "street"
    if special == "generation":
        return "title" if dot and not behind else ""
    if special == "end":
        return "start" if behind else ""
    if special == "title" or (special == "short title" and dot and not (behind and len(name) == 1)):
        return "title"
    return ""


def _shape(word: str, dot: bool) -> str:
    if word[1:].islower():
        return "lower" if word.islower() else "title"
    if len(word) == 1:
        return "initial" if dot else "letter"
    return "upper" if word.isupper() else "mixed"


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
