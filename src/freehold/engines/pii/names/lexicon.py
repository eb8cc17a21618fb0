"""What is known of a word as it is written, before anything stands around it.

One idea: all that the gazetteer and the lists say of a word, and all that its letters show, is made one record when the
word is met first; from then on one look-up tells it. It may not know texts: only words that the gazetteer or a list has
are kept, so that no word of a text is.
"""

import re
from functools import cache
from typing import NamedTuple

from freehold.engines.pii.names.gazetteer import levels, openings
from freehold.engines.pii.names.words import (
    CONTRACTIONS,
    DAYS,
    INSTITUTIONS,
    PARTICLES,
    SPECIAL,
    STREETS,
    THINGS,
    VERBS,
    folded,
)

_LISTS = (("institution", INSTITUTIONS), ("street", STREETS), ("day", DAYS), ("thing", THINGS), ("small", PARTICLES))
LISTED = {word: name for name, words in reversed(_LISTS) for word in words}
STREET_ENDS = ("strasse", "-street", "-weg", "platz", "allee", "gasse")
UNKNOWN = "0000"
KEPT_MAX = 16_384  # spellings
_PART = re.compile(r"([\w\u0300-\u036f'’-]++)(\.?+)(,?+)")

# What a word that ends a run is to the next one: where no words of the run are before it, and where some are.
Cuts = tuple[str, str]
NO_CUTS = ("", "")
CUTS = {
    "article": ("article", "article"),
    "street": ("street", ""),
    "end": ("", "start"),
    "title": ("title", "title"),
}
DOTTED_CUTS = CUTS | {"article": NO_CUTS, "generation": ("title", ""), "short title": ("title", "title")}

Side = tuple[str, str, str]  # what a neighbour sees of a word: a digit, the list, the shape


class Kind:
    """What a word is, whichever it is; of one kind there is one object. `digits` are the gazetteer's, `on` is the list
    it is on, `shape` is title, upper, mixed, lower, letter or initial (with its dot)."""

    __slots__ = ("as_family", "as_given", "digits", "forms", "named", "on", "shape")

    def __init__(self, digits: str, on: str, shape: str):
        self.digits, self.on, self.shape = digits, on, shape
        self.named = digits[:2] != "00"  # whether anybody is known to be called so
        self.as_given: Side = (digits[0], on, shape)
        self.as_family: Side = (digits[1], on, shape)
        self.forms = Form(self, "", False), Form(self, "", True)  # without and with a comma


class Form(NamedTuple):
    """What is said of a word without saying which it is: its kind, its last letters if nobody is known to be called so,
    and whether a comma follows, particles stand before it, and it makes a place with the word before."""

    kind: Kind
    ending: str
    comma: bool
    small: bool = False
    place: bool = False


class Word:
    """`name` is the word folded; `length` how many characters of the text are the word, without contraction and dot;
    `hopeful` that it may be a name. What few words are, and a plain one is not: `special` is small or generation;
    `cuts` says which run it ends, `closes` that no word of a name follows, `opens` that a place of several words begins
    so; `offset` is where it stands in what is written."""

    plain, special, cuts, closes, opens, offset = True, "", NO_CUTS, False, False, 0

    def __init__(self, name: str, length: int, form: Form, hopeful: bool):
        self.name, self.length, self.form, self.hopeful = name, length, form, hopeful


class _Spellings(dict[str, list[Word]]):
    """What is written without a space → the words in it, mostly one."""

    def __missing__(self, written: str) -> list[Word]:
        if not written.isalpha():
            words = [_word(part) for part in _PART.finditer(written)]
            if len(words) != 1:
                return words
        else:
            words = [_plain(written)]
        name = words[0].name
        if name in levels() or name in LISTED or len(name) == 1:
            if len(self) >= KEPT_MAX:
                self.clear()
            self[written] = words
        return words


SPELLINGS = _Spellings()
_kind = cache(Kind)


def _plain(written: str, dot: str = "", comma: str = "") -> Word:
    """A word of letters alone, and what may stand behind it."""
    name = folded(written)
    shape = _shape(written, dot)
    kind = _kind(levels().get(name) or _digits(name), LISTED.get(name) or _listed(name), shape)
    form = kind.forms[comma != ""] if kind.named else Form(kind, name[-3:], comma != "")
    word = Word(name, len(written) + (shape == "initial"), form, kind.named or len(written) == 1 or "-" in name)
    if name in SPECIAL:
        word.plain = False
        word.special, word.cuts = _special(name, written, dot)
    if name in openings():
        word.plain, word.opens = False, True
    return word


def _word(part: re.Match[str]) -> Word:
    """A word with what is written around its letters."""
    written, dot, comma = part.groups()
    bare, contraction = (written, "") if written.isalpha() else _bare(written)
    word = _plain(bare, dot, comma)
    word.offset = part.start()
    word.closes = contraction == "s" or (dot != "" and len(bare) > 2)
    if contraction in VERBS:
        word.cuts = ("cue", "cue")
    if word.offset or word.closes or contraction:
        word.plain = False
    return word


def _special(name: str, bare: str, dot: str) -> tuple[str, Cuts]:
    """What a word is to the run it stands in, and which it cuts."""
    special = SPECIAL[name]
    cuts = (DOTTED_CUTS if dot else CUTS).get(special, NO_CUTS)
    if special == "short title" and len(name) == 1:
        cuts = (cuts[0], "")
    stays = special == "generation" or (special == "small" and name == bare)
    return special if stays else "", cuts


def _bare(raw: str) -> tuple[str, str]:
    """A word without what is written at its end, and the contraction it ends in."""
    word, _, ending = raw.replace("’", "'").rpartition("'")
    return (word, ending) if word and ending in CONTRACTIONS else (raw.rstrip("'’-"), "")


def _shape(word: str, dot: str) -> str:
    if word[1:].islower():
        return "lower" if word.islower() else "title"
    if len(word) == 1:
        return "initial" if dot else "letter"
    return "upper" if word.isupper() else "mixed"


def _digits(name: str) -> str:
    """The digits of a word that the gazetteer has not; of Jean-Luc and Smith-Jones, what its parts are."""
    if "-" not in name:
        return UNKNOWN
    parts = [levels().get(part, UNKNOWN) for part in name.split("-")]
    return "".join(max(column) for column in zip(*parts, strict=True))


def _listed(name: str) -> str:
    """The list of a word that is on none; of Karl-Marx-Strasse and Hauptstrasse, what they end in."""
    return "street" if name.endswith(STREET_ENDS) else ""
