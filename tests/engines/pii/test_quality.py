"""How well all identifiers are found, on a seeded sample of the bench's texts: floors, which may only go up."""

import statistics

import pytest
from bench.pii.scores import scores
from bench.pii.texts import Label, texts

from freehold.engines import pii

SEED, EACH = 3, 4
GIVEN = (
    "Olivia Noah Emma Liam Charlotte Oliver Amelia Henry Sophie Lukas Hannah Jonas Camille Hugo Manon Lucía Martín"
    " Carmen Giulia Lorenzo Chiara Wiktoria Jakub Ingrid Søren Aino Mehmet Priya Rahul Yuki Fatima Omar"
    " Chidi Tomasz Zsófia"
)
FAMILY = (
    "Walker Bennett Fitzgerald O'Connor Whitfield Nakamura Schneider Hoffmann Krämer Lefèvre Moreau Beaumont"
    " Fernández Navarro Castillo Esposito Bianchi Marchetti Kowalski Nowak Lindqvist Sørensen Virtanen Yılmaz"
    " Sharma Okafor Horvath"
)
STREETS = {
    "en": "Maple,Oak Ridge,Church,Victoria,Mill,King,Station,Park,Elm Grove,Highland",
    "de": "Goethestraße,Am Stadtpark,Berliner Allee,Lindenweg,Bahnhofstraße,Schillerplatz",
    "fr": "Victor Hugo,de la République,Jean Jaurès,du Moulin,des Lilas",
    "es": "Mayor,de la Paz,San Miguel,del Carmen,Cervantes",
    "it": "Garibaldi,Dante Alighieri,della Repubblica,Mazzini,San Marco",
}
TOWNS = {
    "en": "Springfield,Portland,Cambridge,Bristol,Newcastle,Richmond,Kingston,Geelong",
    "de": "Hamburg,Freiburg im Breisgau,Leipzig,Bad Homburg,Mainz",
    "fr": "Lyon,Aix-en-Provence,La Rochelle,Nantes,Saint-Étienne",
    "es": "Sevilla,Las Palmas,Alcalá de Henares,Bilbao,Valencia",
    "it": "Torino,Reggio Emilia,La Spezia,Napoli,Bergamo",
}


class Few:
    """People, streets and towns in the place of the bench's lists."""

    def get(self, locale: str, topic: str, *keys: str) -> list[str]:
        language = locale.split("-")[0]
        if topic == "person":
            return (GIVEN if keys[0] == "names" else FAMILY).split(" ")
        return (STREETS if keys[0] == "street" else TOWNS)[language].split(",")


@pytest.fixture(scope="module")
def found():
    cases = texts(SEED, Few(), EACH)
    scanner = pii.scanner(pii.NAMES)
    return scores(cases, [[Label(*finding) for finding in scanner.find(case.text)] for case in cases])[0]


@pytest.mark.parametrize(("name", "floor", "spans"), [("Name", 0.9, 0.97), ("Address", 0.98, 0.97)])
def test_names_and_addresses_are_found(found, name, floor, spans):
    assert found[name].f1 >= floor, found[name]
    assert found[name].spans >= spans, found[name]


def test_every_identifier_is_found(found):
    """What is drawn validly and announced by a keyword is found but for very few."""
    labelled = {name: score for name, score in found.items() if score.right + score.missed}
    assert statistics.mean(score.recall for score in labelled.values()) >= 0.99
    assert statistics.mean(score.f1 for score in labelled.values()) >= 0.95
    assert not [name for name, score in labelled.items() if score.recall < 0.5]


def test_the_sample_covers_every_identifier(found):
    assert not pii.NAMES - {name for name, score in found.items() if score.right + score.missed} - {"PhoneNumber"}
