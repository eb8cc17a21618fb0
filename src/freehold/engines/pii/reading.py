"""A text as the patterns read it: one byte a character, whatever script it is written in.

One idea: the patterns need not know the ways to write a character. Digits of all scripts are ASCII digits here, dashes
are hyphens, letters have lost their accents and full width; characters nobody sees are left out, JSON's escapes undone.
Where that moved the rest the places are kept, so that what is found is told by code points of the text as it was given.
It may not know what is looked for.

Read as they stand: look-alike letters (a Cyrillic А is no A, the letter O no zero), superscripts, `\\"`. Not undone:
base64, percent and HTML encoding, compression.
"""

import codecs
import re
import unicodedata
from bisect import bisect_right
from typing import NamedTuple

HYPHEN, SPACE, APOSTROPHE, QUOTE = b"- '\""
LETTER, UNSEEN, OTHER = 0xEF, 0xFE, 0xFF  # a letter of no script below; what nobody sees; anything else
WORD = rb"0-9A-Za-z\x80-\xef"  # the bytes that words are made of, as a class of a pattern

GREEK, CYRILLIC = 0x80, 0xA0  # the first letters of two scripts that keywords are written in
FOLDED = dict(zip("ßøłđæœıþðŋħ’‘ʼ′‛“”„‟«»−⁃", b'soldaoitdnh\'\'\'\'\'""""""--'))
KEPT_TAGS = ("<wide>", "<narrow>", "<font>", "<small>", "<noBreak>", "<compat>")

MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"  # on the letter before
IGNORED = (  # what Unicode's DerivedCoreProperties.txt calls Default_Ignorable_Code_Point
    "\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
INVISIBLE = IGNORED + MARKS
_PAIR = (
    r"u([dD][89abAB][0-9a-fA-F]{2})\\+u([dD][c-fC-F][0-9a-fA-F]{2})"  # of surrogates; in JSON in JSON more backslashes
)
_ESCAPE = rf"\\(?:{_PAIR}|u([0-9a-fA-F]{{4}})|([bfnrt/]))"
_ESCAPED = re.compile(_ESCAPE)
_UNSEEN = re.compile(rf"{_ESCAPE}|[\ud800-\udfff]|[{INVISIBLE}]+")
_INVISIBLE = re.compile(f"[{INVISIBLE}]+")
_SEEN = {"/": "/", "n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


class Reading(NamedTuple):
    """A text as it is read (`text`), its bytes, and where its stretches stand in the text as given.

    The characters from `at[k]` on stand at `origins[k]` on.
    """

    text: str
    data: bytes
    at: tuple[int, ...] | list[int] = (0,)
    origins: tuple[int, ...] | list[int] = (0,)

    def origin(self, place: int) -> int:
        """Where a place of the reading is in the text as given."""
        stretch = bisect_right(self.at, place) - 1
        return self.origins[stretch] + place - self.at[stretch]


def read(text: str) -> Reading:
    """Read a text; linear in its length."""
    data = _bytes(text)
    unseen_in = UNSEEN in data
    if not unseen_in and ("\\" not in text or not _ESCAPED.search(text)):
        return Reading(text, data)
    parts: list[str] = []
    at, origins, length, end = [0], [0], 0, 0
    for unseen in (_UNSEEN if unseen_in else _ESCAPED).finditer(text):  # the second is many times as fast
        parts += text[end : unseen.start()], _said(unseen)
        length += unseen.start() - end + len(parts[-1])
        end = unseen.end()
        at.append(length)
        origins.append(end)
    plain = "".join((*parts, text[end:]))
    return Reading(plain, _bytes(plain), at, origins)


def _said(unseen: re.Match[str]) -> str:
    """What an escape stands for; nothing, for characters that nobody sees."""
    high, low, code, letter = unseen.groups()
    if letter:
        return _SEEN[letter]
    if high:
        character = bytes.fromhex(high + low).decode("utf-16-be")
    else:
        character = chr(int(code, 16)) if code else unseen[0]
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    return "" if _INVISIBLE.fullmatch(character) else character


def _fold(character: str) -> int:
    """The byte of a character outside ASCII."""
    if _UNSEEN.match(character):
        return UNSEEN
    if (digit := unicodedata.decimal(character, None)) is not None:
        return ord("0") + digit
    if fold := FOLDED.get(character.lower()):
        return fold
    kind, tag = unicodedata.category(character), unicodedata.decomposition(character).partition(" ")[0]
    if kind[0] == "Z":
        return SPACE
    if kind == "Pd":
        return HYPHEN
    if tag.startswith("<") and tag not in KEPT_TAGS:
        return OTHER
    first = unicodedata.normalize("NFKD", character)[0]
    if first.isascii():
        return ord(first)
    return _letter(first.lower()[0], kind)


def _letter(letter: str, kind: str) -> int:
    """The byte of a letter that is not Latin."""
    if letter == "ς":  # Σ in small letters is so only at the end of a word
        letter = "σ"
    if "α" <= letter <= "ω":
        return GREEK + ord(letter) - ord("α")
    if "а" <= letter <= "џ":
        return CYRILLIC + ord(letter) - ord("а")
    return LETTER if kind in ("Lu", "Ll", "Lt") else OTHER  # scripts without case are also without spaces


class _Folds(dict[int, int]):
    """The byte of each character, by code point, as far as one was needed."""

    def __missing__(self, character: int) -> int:
        fold = self[character] = _fold(chr(character))
        return fold


_FOLDS = _Folds((byte, byte) for byte in range(128))


_LATIN = bytes(_FOLDS[character] for character in range(256))


def _bytes(text: str) -> bytes:
    """One byte a character: for each by itself if many are not Latin, else only for those."""
    if text.isascii():
        return text.encode()
    try:
        return text.encode("latin-1").translate(_LATIN)
    except UnicodeEncodeError:
        pass
    if len(text.encode("utf-8", "replace")) > len(text) * 9 // 8:
        return text.translate(_FOLDS).encode("latin-1")
    return text.encode("ascii", "freehold-fold")


def _folded(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    return bytes(map(_FOLDS.__getitem__, map(ord, error.object[error.start : error.end]))), error.end


codecs.register_error("freehold-fold", _folded)
