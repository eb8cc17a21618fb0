"""Sums and structures that tell a number from a row of digits. It may not know which identifier asks.

All take the number as it is written, separators and all.
"""

import importlib
from collections.abc import Callable, Iterable
from functools import cache

Check = Callable[[str], bool]

_DOUBLED = str.maketrans("0123456789", "0246813579")  # the sum of the digits of twice the digit


def digits(text: str) -> list[int]:
    """The digits of a text."""
    return [ord(character) - 48 for character in text if character.isdigit()]


def compact(text: str) -> str:
    """The letters, in upper case, and digits of a text."""
    return "".join(filter(str.isalnum, text)).upper()


def luhn(text: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    number = "".join(filter(str.isdigit, text))
    return (sum(map(int, number[-1::-2])) + sum(map(int, number[-2::-2].translate(_DOUBLED)))) % 10 == 0


def luhn_after(prefix: str) -> Check:
    """The check of numbers whose check digit counts a prefix that is not written."""
    return lambda text: luhn(prefix + text)


def weighted(number: Iterable[int], weights: Iterable[int]) -> int:
    """The sum of digits, each times its weight."""
    return sum(digit * weight for digit, weight in zip(number, weights))


def mod_97(text: str) -> bool:
    """ISO/IEC 7064 MOD 97-10, as ISO 13616 has it: the first four characters are counted last."""
    number = compact(text)
    return int("".join(str(int(character, 36)) for character in number[4:] + number[:4])) % 97 == 1


def valid(module: str) -> Check:
    """The check of a module of python-stdnum, loaded when it is first needed."""
    return lambda text: _is_valid(module)(text)


@cache
def _is_valid(module: str) -> Check:
    known: Check = importlib.import_module(f"stdnum.{module}").is_valid
    return known
