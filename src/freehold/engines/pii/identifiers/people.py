"""Persons themselves: how to write to them, when they were born. It may not know how texts are searched.

Keywords: AWS, «Sensitive data types: Personally identifiable information (PII)».
"""

from freehold.engines.pii.grammar import Identifier
from freehold.engines.pii.issued.days import birthday
from freehold.engines.pii.issued.mail import mailbox
from freehold.engines.pii.writing import words

_DAY = "(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH = "(?:0?[1-9]|1[0-2])"
_YEAR = "(?:19|20)[0-9]{2}"
_TIME = r"(?:T[0-2]\d:[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_NAMED = (
    "(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
_NTH = "(?:st|nd|rd|th)?"

_DATES = (
    f"{_YEAR}[-/. ]{_MONTH}[-/. ]{_DAY}{_TIME}",
    f"{_DAY}[-/. ]{_DAY}[-/. ](?:{_YEAR}|[0-9]{{2}})",
    f"{_DAY}{_NTH}(?:[-/. ]| of )?{_NAMED}[.,]?[-/ ]?(?:{_YEAR}|[0-9]{{2}})",
    f"{_NAMED}[-/. ]{{1,2}}{_DAY}{_NTH}(?:,? |[-/]){_YEAR}",
    f"{_YEAR}[-/ ]{_NAMED}[-/ ]{_DAY}",
    f"{_YEAR}[0-9]{{4}}",
    f"[0-3][0-9][0-3][0-9]{_YEAR}",
)

BIRTHDAY = words("dob, date of birth, birthdate, birth date, birthday, b-day, bday")

TABLE = (
    Identifier(
        "EmailAddress",
        r"[A-Za-z0-9_+%][A-Za-z0-9_.+%'-]*@(?:[A-Za-z0-9-]+\.)+(?:[A-Za-z]{2,24}|[Xx][Nn]--[A-Za-z0-9-]+)",
        check=mailbox,
        holds="@",
    ),
    *(Identifier("DateOfBirth", pattern, BIRTHDAY, birthday) for pattern in _DATES),
)
