"""Money: cards and bank accounts. It may not know how texts are searched."""

from freehold.engines.pii.checks import luhn
from freehold.engines.pii.grammar import Identifier

TABLE = (
    Identifier(
        "CreditCardNumber",
        r"\d(?:[ -]?\d){12,18}",
        ("account number", "card", "card number", "card num", "ccn", "credit card", "debit card", "pan", "visa"),
        luhn,
    ),
)
