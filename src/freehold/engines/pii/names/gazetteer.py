"""How common a word is as a given name, a family name, a word and a place.

One idea: four digits a word, 0 unknown to 3 common, read once. It may not know texts, nor what is made of the digits.
"""

from functools import cache
from importlib.resources import files


@cache
def levels() -> dict[str, str]:
    """Folded word → its digits, given, family, word, place; places of several words are joined by `_`."""
    found: dict[str, str] = {}
    for line in files(__package__).joinpath("gazetteer.txt").read_text(encoding="utf-8").splitlines():
        digits, *words = line.split(" ")
        found.update(dict.fromkeys(words, digits))
    return found
