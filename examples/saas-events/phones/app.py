"""Stands for Amazon Pinpoint's PhoneNumberValidate: tells numbers by their look, and answers in the same shape.

Ten digits are a number of the US; of those that are kept for fiction, 555-0150 to 555-0199 stand for landlines here.
"""

import re

CODES = {"MOBILE": 0, "LANDLINE": 1, "VOIP": 2, "INVALID": 3, "OTHER": 4, "PREPAID": 5}
LANDLINE = re.compile(r"\d{3}55501[5-9]\d")
DIGITS = 10


def handler(event, context):
    asked = event["NumberValidateRequest"]
    own = re.sub(r"\D", "", asked["PhoneNumber"])[-DIGITS:]
    kind = "INVALID" if len(own) < DIGITS else "LANDLINE" if LANDLINE.fullmatch(own) else "MOBILE"
    told = {
        "OriginalPhoneNumber": asked["PhoneNumber"],
        "CleansedPhoneNumberE164": f"+1{own}" if kind != "INVALID" else "",
        "CountryCodeIso2": asked.get("IsoCountryCode", "US"),
        "PhoneType": kind,
        "PhoneTypeCode": CODES[kind],
    }
    return {"NumberValidateResponse": told}
