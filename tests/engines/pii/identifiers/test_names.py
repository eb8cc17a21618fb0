"""The names are those that AWS lists: «Data identifier ARNs for personally identifiable information (PII)».

DateOfBirth stands in AWS's table of types but not in its list of ARNs; policies name it all the same.
"""

from freehold.engines.pii.identifiers import (
    licences,
    national,
    passports,
    people,
    phones,
    places,
    states,
    taxes,
    vehicles,
)

TABLES = (licences, national, passports, people, phones, places, states, taxes, vehicles)

AWS = """
CepCode-BR Cnpj-BR CpfCode-BR DateOfBirth DriversLicense-AT DriversLicense-AU DriversLicense-BE DriversLicense-BG
DriversLicense-CA DriversLicense-CY DriversLicense-CZ DriversLicense-DE DriversLicense-DK DriversLicense-EE
DriversLicense-ES DriversLicense-FI DriversLicense-FR DriversLicense-GB DriversLicense-GR DriversLicense-HR
DriversLicense-HU DriversLicense-IE DriversLicense-IT DriversLicense-LT DriversLicense-LU DriversLicense-LV
DriversLicense-MT DriversLicense-NL DriversLicense-PL DriversLicense-PT DriversLicense-RO DriversLicense-SE
DriversLicense-SI DriversLicense-SK DriversLicense-US ElectoralRollNumber-GB EmailAddress
IndividualTaxIdentificationNumber-US InseeCode-FR LatLong NationalIdentificationNumber-DE
NationalIdentificationNumber-ES NationalIdentificationNumber-IT NieNumber-ES NifNumber-ES PassportNumber-CA
PassportNumber-DE PassportNumber-ES PassportNumber-FR PassportNumber-GB PassportNumber-IT PassportNumber-US
PermanentResidenceNumber-CA PhoneNumber PhoneNumber-BR PhoneNumber-DE PhoneNumber-ES PhoneNumber-FR PhoneNumber-GB
PhoneNumber-IT PhoneNumber-US PostalCode-CA RgNumber-BR SocialInsuranceNumber-CA Ssn-ES Ssn-US TaxId-DE TaxId-ES
TaxId-FR TaxId-GB VehicleIdentificationNumber ZipCode-US
"""


def test_every_identifier_of_persons_that_aws_lists_has_its_rows_and_none_has_other():
    assert {row.name for table in TABLES for row in table.TABLE} == set(AWS.split())
