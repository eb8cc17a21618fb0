import pytest
from tests.engines.pii.marking import cases, marks, unmarked

TEXTS = {
    "PassportNumber-CA": (
        "passport «AB123456»",
        "Passeport# «ga302922»",
        "passportNo: «A123456AA»",
        "passport AB12345",
        "passport AB1234567",
        "form AB123456",
    ),
    "PassportNumber-DE": (
        "Reisepass «C01X0006H»",
        "Reisepassnummer: «C01X0006H1»",
        "Reisepass-Nr «C01X00T47»",
        "passports «C84M58WT6»",
        "Reisepass C01X0006H2",
        "Reisepass CFGHJKLMN",
        "Reisepass L01X00T47",
        "Ausweis C01X0006H",
    ),
    "PassportNumber-ES": (
        "pasaporte «AAA123456»",
        "Número pasaporte: «XD123456»",
        "passport no «A1234567»",
        "passport 12345678",
        "AAA123456",
    ),
    "PassportNumber-FR": (
        "passeport «12AB34567»",
        "Numéro de passeport : «09FV12345»",
        "passeport# «12ab34567»",
        "passeport n ° «12AB34567»",
        "passeport 12A345678",
        "12AB34567",
    ),
    "PassportNumber-GB": (
        "passport number «123456789»",
        "passportId=«925665416»",
        "passport no: «107185703»",
        "passport # «107185703»",
        "passport number 12345678",
        "passport number 1234567890",
        "123456789",
    ),
    "PassportNumber-IT": (
        "passaporto «YA1234567»",
        "passaporto numero «AA7654321»",
        "passport number «YB1234567»",
        "passaporto YA123456",
        "YA1234567",
    ),
    "PassportNumber-US": (
        "passport «123456789»",
        "travel document «A12345678»",
        "US passport card «C12345678»",
        "passport 12345678",
        "passport " + "x" * 40 + " 123456789",
        "passporting 123456789",
        "A12345678",
    ),
}


@pytest.mark.parametrize(("name", "marked"), cases(TEXTS))
def test_passports(name, marked):
    assert marks(name, unmarked(marked)) == marked
