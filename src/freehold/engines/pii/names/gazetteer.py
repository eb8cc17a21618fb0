"""How common a word is as a given name, a family name, a word and a place.

One idea: four digits a word, 0 unknown to 3 common, read once. It may not know texts, nor what is made of the digits.
"""

from functools import cache
from importlib.resources import files


@cache
def levels() -> dict[str, str]:
    """Folded word → its digits, given, family, word, place; places of several words are joined by `_`."""
    found: dict[str, str] = {}
    text = files(__package__).joinpath("gazetteer.txt").read_text(encoding="utf-8")
    for block in text.split("\n\n"):
        digits, _, words = block.partition("\n")
        found.update(dict.fromkeys(words.split(), digits))
    return found


@cache
def openings() -> frozenset[str]:
    """The first words of the places of several words."""
    return frozenset(place.partition("_")[0] for place in levels() if "_" in place)
