"""What of every identifier is put into the evaluation set: how it is announced, and how it looks.

One idea: a row an identifier. `phrases` hold `{}` where the value stands. It may not know what finds it.
"""

from typing import NamedTuple

from bench.pii import values
from bench.pii.values import Value, shape


class Kind(NamedTuple):
    phrases: tuple[str, ...]
    value: Value


LICENCE = ("My driver's license number is {}", "drivers license: {}", "Driver's licence {}")
NONE = ("{}", "see {}", "as follows: {} and so on", '"value": "{}"')
PHONE = ("call me at phone {}", "tel: {}", "mobile {}", "fax number {}")
ACCOUNT = ("IBAN {}", "account number: {}", "pay to iban {}", "customer account number {}")
KINDS = {
    "AwsSecretKey": Kind(("aws_secret_access_key={}", "secret key {}", '"SecretKey": "{}"'), values.secret),
    "OpenSshPrivateKey": Kind(NONE[:3], values.key("OPENSSH PRIVATE KEY")),
    "PgpPrivateKey": Kind(NONE[:3], values.key("PGP PRIVATE KEY BLOCK")),
    "PkcsPrivateKey": Kind(NONE[:3], values.key("RSA PRIVATE KEY")),
    "PuttyPrivateKey": Kind(NONE[:3], values.putty),
    "IpAddress": Kind(("from {}", "host {} refused", '"ip": "{}"', "ping {} failed"), values.address),
    "EmailAddress": Kind(("write to {}", "{} is taken", '"email": "{}"', "mailto:{}"), values.mail),
    "BankAccountNumber-DE": Kind((*ACCOUNT, "Kontonummer {}"), values.account("DE")),
    "BankAccountNumber-ES": Kind((*ACCOUNT, "código cuenta {}"), values.account("ES")),
    "BankAccountNumber-FR": Kind((*ACCOUNT, "numéro de compte {}"), values.account("FR")),
    "BankAccountNumber-GB": Kind(ACCOUNT, values.account("GB")),
    "BankAccountNumber-IT": Kind((*ACCOUNT, "conto bancario {}"), values.account("IT")),
    "BankAccountNumber-US": Kind(
        ("my bank account is {}", "checking account {}", "savings acct {}"), shape("8999999999", "899999999999")
    ),
    "CreditCardNumber": Kind(
        ("card number {}", "pay with visa {}", '"creditCard": "{}"', "PAN: {}"), values.credit_card
    ),
    "CreditCardExpiration": Kind(("exp date {}", "expires {}", "expiration: {}"), values.expiry),
    "CreditCardSecurityCode": Kind(("cvv {}", "CVC: {}", "card security code {}"), shape("999", "9999")),
    "CreditCardMagneticStripe": Kind(("card data {}", "swipe: {}"), values.stripe),
    "DrugEnforcementAgencyNumber-US": Kind(("DEA number {}", "dea registration {}"), values.dea),
    "HealthcareProcedureCode-US": Kind(("HCPCS {}", "cpt code {}"), shape("{J}9999", "{E}9999", "{G}9999", "{L}9999")),
    "HealthInsuranceCardNumber-EU": Kind(
        ("EHIC {}", "health insurance card {}"), shape("{80276}999999999999999", "{80724}999999999999999")
    ),
    "HealthInsuranceClaimNumber-US": Kind(
        ("HICN {}", "health insurance claim number {}"), shape("{123-45-}9999{A}", "{234-56-}9999{B1}")
    ),
    "HealthInsuranceNumber-FR": Kind(("carte vitale {}", "carte d'assuré social {}"), values.insee),
    "MedicareBeneficiaryNumber-US": Kind(("MBI {}", "medicare beneficiary {}"), values.mbi),
    "NationalDrugCode-US": Kind(
        ("NDC {}", "national drug code {}"), shape("9999-9999-99", "99999-999-99", "99999-9999-99")
    ),
    "NationalInsuranceNumber-GB": Kind(("national insurance number {}", "NINO: {}"), values.nino),
    "NationalProviderId-US": Kind(("NPI {}", "national provider {}"), values.npi),
    "NhsNumber-GB": Kind(("NHS {}", "nhs number {}"), values.nhs),
    "PersonalHealthNumber-CA": Kind(("PHN {}", "msp number {}", "personal healthcare number {}"), values.health_bc),
    "PostalCode-CA": Kind(("{}", "postal code {}"), shape("{K}9{A} 9{B}9", "{M}9{V} 9{L}9", "{V}9{B}9{W}9")),
    "CepCode-BR": Kind(
        ("CEP {}", "código de endereçamento postal {}"), shape("{01310}-999", "{20040}-999", "{70}999-999")
    ),
    "Cnpj-BR": Kind(("CNPJ {}", "cnpj: {}"), values.brazilian_company),
    "CpfCode-BR": Kind(("CPF {}", "cpf: {}"), values.brazilian_person),
    "RgNumber-BR": Kind(("RG {}", "registro geral {}"), values.rg),
    "DateOfBirth": Kind(("dob {}", "date of birth: {}", "birthday {}"), values.date),
    "DriversLicense-AT": Kind(("Führerschein {}",), shape("99999999")),
    "DriversLicense-AU": Kind(LICENCE, shape("99999999", "99 999 999")),
    "DriversLicense-BE": Kind(("rijbewijs {}", "permis de conduire {}"), shape("9999999999")),
    "DriversLicense-BG": Kind(("шофьорска книжка {}",), shape("999999999")),
    "DriversLicense-CA": Kind(LICENCE, values.ontario_licence),
    "DriversLicense-CY": Kind(("άδεια οδήγησης {}",), shape("999999999999")),
    "DriversLicense-CZ": Kind(("řidičský průkaz {}",), shape("{E}A 999999", "{E}A999999")),
    "DriversLicense-DE": Kind(("Führerschein {}", "Führerscheinnummer: {}"), shape("{B072RRE2I55}", "{J010000SD51}")),
    "DriversLicense-DK": Kind(("kørekort {}",), shape("99999999")),
    "DriversLicense-EE": Kind(("juhiluba {}",), shape("{E}A999999")),
    "DriversLicense-ES": Kind(("carnet de conducir {}", "permiso de conducción: {}"), values.dni),
    "DriversLicense-FI": Kind(("ajokortti {}",), values.finnish_person),
    "DriversLicense-FR": Kind(("permis de conduire {}",), shape("999999999999")),
    "DriversLicense-GB": Kind(LICENCE, values.british_licence),
    "DriversLicense-GR": Kind(("άδεια οδήγησης {}", "adeia odigisis {}"), shape("999999999")),
    "DriversLicense-HR": Kind(("vozačka dozvola {}",), shape("99999999")),
    "DriversLicense-HU": Kind(("jogosítvány {}",), shape("AA999999")),
    "DriversLicense-IE": Kind(("ceadúnas tiomána {}",), shape("999 999 999")),
    "DriversLicense-IT": Kind(("patente di guida {}",), shape("AA9999999A", "{U1}9999999A")),
    "DriversLicense-LT": Kind(("vairuotojo pažymėjimas {}",), shape("99999999")),
    "DriversLicense-LU": Kind(("Fahrerlaubnis {}",), shape("999999")),
    "DriversLicense-LV": Kind(("vadītāja apliecība {}",), shape("AA999999")),
    "DriversLicense-MT": Kind(("liċenzja tas-sewqan {}",), shape("AA 999 999")),
    "DriversLicense-NL": Kind(("rijbewijs {}",), shape("9999999999")),
    "DriversLicense-PL": Kind(("prawo jazdy {}",), shape("99999/99/9999")),
    "DriversLicense-PT": Kind(("carta de condução {}",), shape("{L}-999999 9", "AA-999999 9")),
    "DriversLicense-RO": Kind(("permis de conducere {}",), shape("A99999999", "A99999999A")),
    "DriversLicense-SE": Kind(("körkort {}", "körkort nummer {}"), values.swedish_person),
    "DriversLicense-SI": Kind(("vozniško dovoljenje {}",), shape("999999999")),
    "DriversLicense-SK": Kind(("vodičský preukaz {}",), shape("A9999999")),
    "DriversLicense-US": Kind(LICENCE, shape("A9999999", "A999-9999-9999", "A99999999999")),
    "ElectoralRollNumber-GB": Kind(("electoral roll number {}", "electoral number {}"), shape("AAA9999", "AA999/9")),
    "IndividualTaxIdentificationNumber-US": Kind(
        ("ITIN {}", "individual taxpayer identification number {}"), values.itin
    ),
    "InseeCode-FR": Kind(("INSEE {}", "numéro de sécurité sociale {}", "sécurité sociale: {}"), values.insee),
    "LatLong": Kind(("coordinates {}", "location: {}", "position {}"), values.place),
    "NationalIdentificationNumber-DE": Kind(
        ("Personalausweis {}", "Ausweisnummer: {}"), values.identity_card("LMNPRTVWXYZ")
    ),
    "NationalIdentificationNumber-ES": Kind(("DNI {}", "documento nacional de identidad {}"), values.dni),
    "NationalIdentificationNumber-IT": Kind(("codice fiscale {}", "Codice Fiscale: {}"), values.codice_fiscale),
    "NieNumber-ES": Kind(("NIE {}", "nie: {}"), values.nie),
    "NifNumber-ES": Kind(("NIF {}", "nif: {}"), values.nif),
    "PassportNumber-CA": Kind(("Canadian passport {}", "passport no {}"), shape("AA999999")),
    "PassportNumber-DE": Kind(("Reisepass {}", "Reisepassnummer: {}"), values.identity_card("CFGHJK")),
    "PassportNumber-ES": Kind(("pasaporte {}", "número de pasaporte {}"), shape("AAA999999", "AA999999")),
    "PassportNumber-FR": Kind(("passeport {}", "numéro de passeport {}"), shape("99AA99999")),
    "PassportNumber-GB": Kind(("passport number {}", "passport no {}"), shape("899999999")),
    "PassportNumber-IT": Kind(("passaporto {}", "passaporto numero {}"), shape("AA9999999")),
    "PassportNumber-US": Kind(("US passport {}", "passport: {}"), shape("899999999", "A99999999")),
    "PermanentResidenceNumber-CA": Kind(
        ("permanent resident card {}", "pr number {}"), shape("AA9999999", "AA9999999999")
    ),
    "PhoneNumber-US": Kind(
        PHONE, shape("({206}) {5}89-9999", "{415}-{689}-9999", "+{1 212 7}89 9999", "{312}.{489}.9999")
    ),
    "PhoneNumber-GB": Kind(
        PHONE, shape("+{44 20 7946 0}999", "{07700 900}999", "{020 7946 0}999", "+{44 7700 900}999")
    ),
    "PhoneNumber-DE": Kind(PHONE, shape("+{49 30} 89999999", "{030 8}9999999", "+{49 171} 8999999", "{0171}-8999999")),
    "PhoneNumber-FR": Kind(PHONE, shape("+{33 6 12} 99 99 99", "{01 42} 99 99 99", "{0612}999999")),
    "PhoneNumber-ES": Kind(PHONE, shape("+{34 612} 999 999", "{912} 999 999", "{612}999999")),
    "PhoneNumber-IT": Kind(PHONE, shape("+{39 06} 8999 9999", "{347} 899 9999", "+{39 333} 8999999")),
    "PhoneNumber-BR": Kind(PHONE, shape("+{55 11 98}999-9999", "({21}) {97}999-9999")),
    "SocialInsuranceNumber-CA": Kind(("SIN {}", "social insurance number {}"), values.sin),
    "Ssn-ES": Kind(("número de la seguridad social {}",), values.spanish_social),
    "Ssn-US": Kind(("SSN {}", "social security {}", '"ssn": "{}"'), values.ssn),
    "TaxId-DE": Kind(("Steuer ID {}", "Steueridentifikationsnummer: {}"), values.german_tax_id),
    "TaxId-ES": Kind(("CIF {}", "número de identificación fiscal {}"), values.company),
    "TaxId-FR": Kind(("numéro d'identification fiscale {}",), values.french_tax),
    "TaxId-GB": Kind(("UTR {}", "unique taxpayer reference {}"), values.utr),
    "VehicleIdentificationNumber": Kind(("VIN {}", "vehicle identification number: {}"), values.vehicle),
    "ZipCode-US": Kind(("zip code {}", "zip: {}"), shape("{98109}", "{1}9999", "{6}9999-9999")),
}
