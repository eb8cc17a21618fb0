import pytest
from tests.engines.pii.marking import cases, marks, unmarked

TEXTS = {
    "VehicleIdentificationNumber": (
        "VIN «1HGCM82633A004352»",
        "vin: «1m8gdm9axkp042788»",
        "Fahrgestellnummer «WVWZZZ1JZXW000001»",
        "vehicle identification number «1HGCM82633A004352»",
        "Número de Identificação do Veículo «9BWZZZ377VT004251»",
        "numéro d'identification du véhicule «VF1BB05CF25736789»",
        "VIN numeris «WVWZZZ1JZXW000001»",
        "VIN 1HGCM82634A004352",
        "VIN 1HGCM82633A00435I",
        "VIN 0HGCM82633A004352",
        "VIN 11111111111111111",
        "VIN WVWZZZ1JZXW00000X",
        "1HGCM82633A004352",
        "vine 1HGCM82633A004352",
    ),
}


@pytest.mark.parametrize(("name", "marked"), cases(TEXTS))
def test_vehicles(name, marked):
    assert marks(name, unmarked(marked)) == marked
