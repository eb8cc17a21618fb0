"""People and addresses of the evaluation set, from lists that the gazetteer was not made of (mimesis, MIT).

One idea: a name and an address are drawn as people of eight countries write them. It may not know what finds them.
"""

import json
import random
import re
from pathlib import Path
from typing import Any

from bench.pii.digits import drawn

COUNTRIES = {"US": "en", "GB": "en-gb", "CA": "en-ca", "AU": "en-au", "DE": "de", "FR": "fr", "ES": "es", "IT": "it"}
MORE = ("nl", "pt", "pl", "sv", "da", "cs", "fi", "tr", "hr", "es-mx", "pt-br", "no", "hu")
STATES = {
    "US": ["WA", "CA", "TX", "NY", "OH", "FL", "IL", "PA", "GA", "MA"],
    "CA": ["ON", "BC", "QC", "AB"],
    "AU": ["NSW", "VIC", "QLD", "SA", "WA"],
}


WRITTEN_WELL = re.compile(r"[^\W\d_a-z](?:[^\W\d_]|['’ -](?! ))*")  # the lists hold some odd entries


class Lists:
    """mimesis' JSON by locale; what a locale lacks, its language has."""

    def __init__(self, datasets: Path):
        self.datasets = datasets
        self.read: dict[tuple[str, str], Any] = {}

    def get(self, locale: str, topic: str, *keys: str) -> list[str]:
        for name in dict.fromkeys((locale, locale.split("-")[0])):
            path = self.datasets / name / f"{topic}.json"
            if (name, topic) not in self.read:
                self.read[name, topic] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
            found = self.read[name, topic]
            for key in keys:
                found = found.get(key, {})
            if found:
                return (
                    found if isinstance(found, list) else sorted({word for words in found.values() for word in words})
                )
        raise KeyError((locale, topic, keys))


def name(chance: random.Random, lists: Lists) -> tuple[str, str]:
    """Given and family names, plainly or with a middle name, an initial, a second family name."""
    locale = chance.choice((*COUNTRIES.values(), *COUNTRIES.values(), *MORE))
    known, borne = lists.get(locale, "person", "names"), lists.get(locale, "person", "surnames")
    given, family = chance.choice(known), chance.choice(borne)
    if chance.random() < 0.15:
        given += " " + chance.choice((chance.choice(known), chance.choice("ABCDEFGHJKLMRST") + "."))
    if locale.startswith("es") and chance.random() < 0.6:
        family += " " + chance.choice(borne)
    return given, family


def formed(chance: random.Random, given: str, family: str) -> str:
    """A full name as people write it: some all in capitals, or the family name first."""
    shape = chance.random()
    if shape < 0.08:
        return f"{given} {family}".upper()
    return f"{family}, {given}" if shape < 0.16 else f"{given} {family}"


def address(chance: random.Random, lists: Lists) -> str:
    """A postal address of one of the eight countries, on one line or on two."""
    country = chance.choice(tuple(COUNTRIES))
    locale = COUNTRIES[country]
    street = chance.choice(lists.get(locale, "address", "street", "name"))
    town = chance.choice([town for town in lists.get(locale, "address", "city") if town.split()[-1] != "spain"])
    number = str(chance.randint(1, 300 if country not in ("US", "CA", "AU") else 9999))
    between = chance.choice((", ", ", ", "\n"))
    return WRITTEN[country](chance, number, street, town, between)


KINDS = ["Street", "Avenue", "Road", "Lane", "Drive", "Court", "Boulevard", "St", "Ave", "Rd", "Dr"]


def _us(chance: random.Random, number: str, street: str, town: str, between: str) -> str:
    unit = chance.choice(("", "", "", f" Apt {chance.randint(1, 40)}", f", Suite {chance.randint(100, 900)}"))
    code = f"{chance.randint(10000, 99950)}"
    if chance.random() < 0.15:
        code += f"-{chance.randint(1000, 9999)}"
    return f"{number} {street} {chance.choice(KINDS)}{unit}{between}{town}, {chance.choice(STATES['US'])} {code}"


def _ca(chance: random.Random, number: str, street: str, town: str, between: str) -> str:
    code = drawn(chance, chance.choice(("{K}8{A} 8{L}8", "{M}8{E} 8{R}8", "{V}8{B} 8{T}8")))
    return f"{number} {street} {chance.choice(KINDS)}{between}{town}, {chance.choice(STATES['CA'])} {code}"


def _au(chance: random.Random, number: str, street: str, town: str, between: str) -> str:
    unit = chance.choice(("", "", f"Unit {chance.randint(1, 20)}, ", f"{chance.randint(1, 20)}/"))
    region = f"{town} {chance.choice(STATES['AU'])} {chance.randint(2000, 7400)}"
    return f"{unit}{number} {street} {chance.choice(KINDS)}{between}{region}"


def _gb(chance: random.Random, number: str, street: str, town: str, between: str) -> str:
    area = chance.choice(["SW1A", "EC2", "N1", "M4", "B15", "LS6", "G12", "CF10", "OX1", "BS8", "E14"])
    code = f"{area} {chance.randint(1, 9)}{chance.choice('ABDEFGHJLN')}{chance.choice('ABDEFGHJLN')}"
    flat = chance.choice(("", "", f"Flat {chance.randint(1, 30)}, "))
    return f"{flat}{number} {street} {chance.choice(KINDS[:6])}{between}{town}{chance.choice((' ', ', '))}{code}"


def _de(chance: random.Random, number: str, street: str, town: str, between: str) -> str:
    return f"{street} {number}{chance.choice(('', '', 'a', 'b'))}{between}{chance.randint(10115, 99998)} {town}"


def _fr(chance: random.Random, number: str, street: str, town: str, between: str) -> str:
    kind = chance.choice(("rue", "avenue", "boulevard", "place", "rue"))
    if street.split(" ")[0].lower() in ("rue", "avenue", "boulevard", "place", "allée", "quai", "impasse", "passage"):
        kind = ""
    again = chance.choice(("", "", "", " bis"))
    comma = chance.choice((" ", ", ")) if not again else " "
    return (
        f"{number}{again}{comma}{f'{kind} ' if kind else ''}{street}{between}{chance.randint(10000, 95999):05} {town}"
    )


def _es(chance: random.Random, number: str, street: str, town: str, between: str) -> str:
    kind = chance.choice(("Calle", "C/", "Avenida", "Plaza", "Paseo"))
    if street.split(" ")[0].lower() in (
        "calle",
        "avenida",
        "plaza",
        "paseo",
        "camino",
        "ronda",
        "rúa",
        "rua",
        "travesía",
        "avinguda",
        "carrer",
    ):
        kind = ""
    floor = chance.choice(("", "", f", {chance.randint(1, 9)}º {chance.choice('ABCD')}"))
    house = f"{f'{kind} ' if kind else ''}{street}{chance.choice((' ', ', '))}{number}{floor}"
    return f"{house}{between}{chance.randint(1001, 52006):05} {town}"


def _it(chance: random.Random, number: str, street: str, town: str, between: str) -> str:
    kind = chance.choice(("Via", "Viale", "Piazza", "Corso"))
    if street.split(" ")[0].lower() in ("via", "viale", "piazza", "corso", "vicolo", "largo", "piazzale"):
        kind = ""
    house = f"{f'{kind} ' if kind else ''}{street}{chance.choice((' ', ', '))}{number}"
    return f"{house}{between}{chance.randint(10, 98168):05} {town}"


WRITTEN = {"US": _us, "CA": _ca, "AU": _au, "GB": _gb, "DE": _de, "FR": _fr, "ES": _es, "IT": _it}
