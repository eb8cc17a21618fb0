"""Sensitive data: personal, financial and health data, and credentials, found in text.

One idea: one table of identifiers, one pass over the text. It may not know policies, topics, log groups or what is done
with what is found.

    found = scanner(["CreditCardNumber"]).find("card 4539 1488 0343 6467")
    masked("card 4539 1488 0343 6467", found, "#")  # card ###################
"""

from freehold.engines.pii.grammar import BadPattern, Finding, Identifier
from freehold.engines.pii.masks import masked, redacted
from freehold.engines.pii.scanning import NAMES, Scanner, scanner

ARN = "arn:aws:dataprotection::aws:data-identifier/"

__all__ = ["ARN", "NAMES", "BadPattern", "Finding", "Identifier", "Scanner", "masked", "redacted", "scanner"]
