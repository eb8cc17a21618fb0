import pytest
from tests.engines.pii.marking import cases, marks, unmarked

TEXTS = {
    "ZipCode-US": (
        "zip code «98109»",
        "ZIP Code: «98109-1234».",
        "zip+4 «02134-0001»",
        '{"zip": "«98109»", "n": 1}',
        "zipcode=«00501»",
        "zip_code «10001»",
        "zip code 00500",
        "zip code 98109-0000",
        "Seattle 98109",
        "zip code 981091",
        "archive.zip 98109 bytes",
        "zip code" + " " * 31 + "98109",
    ),
    "PostalCode-CA": (
        "Ottawa ON «K1A 0B1»",
        "«K1A0B1» Canada",
        "«H2X-1Y4»",
        "«v6b 4y8» vancouver",
        "D1A 0B1",
        "W1A 1AA London",
        "K1O 0B1",
        "k1a0b1",
        "color: #A1B2C3;",
        "XK1A 0B12",
    ),
    "CepCode-BR": (
        "CEP «01310-100»",
        "cep: «01310100»",
        "Código de Endereçamento Postal «20.040-020»",
        "codigo_de_enderecamento_postal «20040-020»",
        "cep 00999-999",
        "01310-100 São Paulo",
        "recepção 01310-100",
    ),
    "LatLong": (
        "coordinates: «41.948614,-87.655311»",
        "location «41.948614, -87.655311»",
        "position («-33.8568; 151.2153»)",
        "lat_long «+51.5007 -0.1246»",
        "coordinate «41.948614° N, 87.655311»° W",
        "location 91.123456, 10.123456",
        "location 41.948614, -181.655311",
        "location 41.9, -87.6",
        "41.948614,-87.655311",
        "coordinates 41°56.9168'N 87°39.3187'W",
        "coordinates 41°56'55.0104\"N 87°39'19.1196\"W",
    ),
}


@pytest.mark.parametrize(("name", "marked"), cases(TEXTS))
def test_places(name, marked):
    assert marks(name, unmarked(marked)) == marked
