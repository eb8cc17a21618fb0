"""Taxpayers' numbers. It may not know how texts are searched.

Keywords: AWS, «Keywords for taxpayer identification and reference numbers».
"""

from freehold.engines.pii.grammar import Identifier
from freehold.engines.pii.issued.registers import cnpj, cpf, itin, nif, spif, standard, steuer_id, utr
from freehold.engines.pii.writing import words, written

SPANISH = words(
    "cif, cif número, cifnúmero#, nie, nif, número de contribuyente, número de identidad de extranjero",
    "número de identificación de extranjero, número de identificación fiscal, número de impuesto corporativo",
    "personal tax number, tax id, tax identification number, tax number, tin, tin#",
)

GERMAN = words(
    "identifikationsnummer, steuer id, steueridentifikationsnummer, steuernummer, tax id, tax identification number",
    "tax number",
)

BRITISH = words(
    "paye, tax id, tax id no., tax id number, tax identification, tax identification#, tax no., tax number",
    "tax reference, tax#, taxid#, temporary reference number, tin, trn, unique tax reference",
    "unique taxpayer reference, utr",
)

TABLE = (
    *written(
        "CpfCode-BR",
        ("999.999.999.99", "999999999-99"),
        words(
            "cadastro de pessoas fisicas, cadastro de pessoas físicas, cadastro de pessoa física",
            "cadastro de pessoa fisica, cpf",
        ),
        cpf,
    ),
    *written(
        "Cnpj-BR",
        ("99.999.999/9999-99", "99999999/9999-99", "XX.XXX.XXX/XXXX-99"),
        words("cadastro nacional da pessoa jurídica, cadastro nacional da pessoa juridica, cnpj"),
        cnpj,
    ),
    *written("NieNumber-ES", ("A-9999999-A", "A9999999-A"), SPANISH, standard("es.nie")),
    # Of persons: that of a DNI, and K, L and M for those who have none.
    *written("NifNumber-ES", ("9999999-A", "99999999-A", "A-9999999-A", "A9999999-A"), SPANISH, nif),
    # Of bodies, once called CIF.
    *written(
        "TaxId-ES",
        ("A-9999999-A", "A-9999999-9", "A9999999-A", "A9999999-9", "A-99999999"),
        SPANISH,
        standard("es.cif"),
    ),
    *written("TaxId-DE", ("99-999-999-999",), GERMAN, steuer_id),
    # Steuernummer: tax office, district, number; written with slashes, each Land in its own lengths.
    Identifier("TaxId-DE", r"\d{2,3}/\d{3,4}/\d{4,5}", GERMAN, standard("de.stnr")),
    *written(
        "TaxId-FR",
        ("99-99-999-999-999",),
        words("numéro d'identification fiscale, tax id, tax identification number, tax number, tin, tin#"),
        spif,
    ),
    *written("TaxId-GB", ("99999-99999", "9999999999k"), BRITISH, utr),
    # Temporary reference numbers: two digits, a letter, five digits.
    *written("TaxId-GB", ("99-A-99999",), BRITISH),
    *written(
        "IndividualTaxIdentificationNumber-US",
        ("999-99-9999",),
        words("individual taxpayer identification number, itin, i.t.i.n."),
        itin,
    ),
)
