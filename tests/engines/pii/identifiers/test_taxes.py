import pytest
from tests.engines.pii.marking import cases, marks, unmarked

TEXTS = {
    "CpfCode-BR": (
        "CPF «111.444.777-35»",
        "cpf: «11144477735»",
        "Cadastro de Pessoas Físicas «529.982.247-25»",
        "cadastro_de_pessoa_fisica=«529982247-25»",
        "CPF 111.444.777-36",
        "CPF 111.111.111-11",
        "111.444.777-35",
    ),
    "Cnpj-BR": (
        "CNPJ «11.222.333/0001-81»",
        "cnpj «11222333000181»",
        "Cadastro Nacional da Pessoa Jurídica: «16.727.230/0001-97»",
        "CNPJ «12.ABC.345/01DE-35»",
        "cnpj «12ABC34501DE35»",
        "CNPJ 11.222.333/0001-82",
        "CNPJ 00.000.000/0000-00",
        "11.222.333/0001-81",
    ),
    "NieNumber-ES": (
        "NIE «X1234567L»",
        "nie: «x-1234567-l»",
        "número de identidad de extranjero «Y5277343F»",
        "NIE X1234567A",
        "NIE 12345678Z",
        "X1234567L",
        "niece X1234567L",
    ),
    "NifNumber-ES": (
        "NIF «12345678Z»",
        "número de identificación fiscal: «54362315-K»",
        "tax id «K1234567L»",
        "NIF 12345678A",
        "NIF X1234567L",
        "NIF A58818501",
        "12345678Z",
    ),
    "TaxId-ES": (
        "CIF «A58818501»",
        "cif número «J-99216582»",
        "número de impuesto corporativo «A-5881850-1»",
        "tax identification number «A58818501»",
        "CIF A58818502",
        "CIF X1234567L",
        "A58818501",
    ),
    "TaxId-DE": (
        "Steueridentifikationsnummer «36 574 261 809»",
        "steuer-id: «36574261809»",
        "Identifikationsnummer «36 574 261 809»",
        "Steuernummer «181/815/08155»",
        "Steuernummer «21/815/08150»",
        "steuer id 36574261808",
        "steuer id 11111111111",
        "tax id 12345678901",
        "36574261809",
    ),
    "TaxId-FR": (
        "numéro d'identification fiscale «30 23 217 600 053»",
        "tin «3023217600053»",
        "TIN# «0701987765493»",
        "tax number 3023217600054",
        "tin 0000000000000",
        "tin 4023217600053",
        "latin 3023217600053",
        "3023217600053",
    ),
    "TaxId-GB": (
        "UTR «1955839661»",
        "unique taxpayer reference: «19558 39661»",
        "tax reference «1955839661K»",
        "TRN «12A34567»",
        "temporary reference number «12 a 34567»",
        "UTR 2955839661",
        "UTR 0000000000",
        "1955839661",
    ),
    "IndividualTaxIdentificationNumber-US": (
        "ITIN «912-90-3456»",
        "individual taxpayer identification number: «912903456»",
        "i.t.i.n. «912 70 3456»",
        "ITIN «999-50-0001»",
        "ITIN 812-90-3456",
        "ITIN 912-93-3456",
        "ITIN 912-89-3456",
        "ITIN 912-49-3456",
        "912-90-3456",
    ),
}


@pytest.mark.parametrize(("name", "marked"), cases(TEXTS))
def test_taxpayers(name, marked):
    assert marks(name, unmarked(marked)) == marked
