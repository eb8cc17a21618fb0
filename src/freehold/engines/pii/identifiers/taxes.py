"""Taxpayers' numbers. It may not know how texts are searched.

Keywords: AWS, «Keywords for taxpayer identification and reference numbers».
"""

from freehold.engines.pii.grammar import Identifier
from freehold.engines.pii.issued.registers import cnpj, cpf, itin, nif, spif, standard, steuer_id, utr
from freehold.engines.pii.writing import shape, words

SPANISH = words(
    "cif, cif número, cifnúmero#, nie, nif, número de contribuyente, número de identidad de extranjero",
    "número de identificación de extranjero",
    "número de identificación fiscal, número de impuesto corporativo, personal tax number, tax id",
    "tax identification number, tax number, tin, tin#",
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

_CNPJ = "[0-9A-Za-z]"

TABLE = (
    Identifier(
        "CpfCode-BR",
        r"\d{3}\.?\d{3}\.?\d{3}[-/]?\d{2}",
        words(
            "cadastro de pessoas fisicas, cadastro de pessoas físicas, cadastro de pessoa física",
            "cadastro de pessoa fisica, cpf",
        ),
        cpf,
    ),
    Identifier(
        "Cnpj-BR",
        rf"\d{{2}}\.?\d{{3}}\.?\d{{3}}/?\d{{4}}-?\d{{2}}|{_CNPJ}{{2}}\.?{_CNPJ}{{3}}\.?{_CNPJ}{{3}}/?{_CNPJ}{{4}}-?\d{{2}}",
        words("cadastro nacional da pessoa jurídica, cadastro nacional da pessoa juridica, cnpj"),
        cnpj,
    ),
    Identifier("NieNumber-ES", shape("x-9999999-A", "y-9999999-A", "z-9999999-A"), SPANISH, standard("es.nie")),
    # Of persons: that of a DNI, and K, L and M for those who have none.
    Identifier(
        "NifNumber-ES",
        shape("9999999-A", "99999999-A", "k-9999999-A", "l-9999999-A", "m-9999999-A"),
        SPANISH,
        nif,
    ),
    # Of bodies, once called CIF.
    Identifier("TaxId-ES", shape("A-9999999-X"), SPANISH, standard("es.cif")),
    Identifier("TaxId-DE", shape("99-999-999-999"), GERMAN, steuer_id),
    # Steuernummer: tax office, district, number; written with slashes, each Land in its own lengths.
    Identifier("TaxId-DE", r"\d{2,3}/\d{3,4}/\d{4,5}", GERMAN, standard("de.stnr")),
    Identifier(
        "TaxId-FR",
        shape("99-99-999-999-999"),
        words("numéro d'identification fiscale, tax id, tax identification number, tax number, tin, tin#"),
        spif,
    ),
    Identifier("TaxId-GB", r"\d{5} ?\d{5}[Kk]?", BRITISH, utr),
    # Temporary reference numbers: two digits, a letter, five digits.
    Identifier("TaxId-GB", shape("99-A-99999"), BRITISH),
    Identifier(
        "IndividualTaxIdentificationNumber-US",
        shape("999-99-9999"),
        words("individual taxpayer identification number, itin, i.t.i.n."),
        itin,
    ),
)
