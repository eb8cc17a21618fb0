"""Checks of numbers: sums that tell a number from a row of digits. It may not know who gave the number."""


def luhn(text: str) -> bool:
    """ISO/IEC 7812-1 annex B, over the digits of the text."""
    digits = [int(character) for character in text if character.isdigit()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
