"""The numbers that a definition may compute: what each field takes, as a table.

One idea: a number is refused in the same words whichever language it was spelled in. It knows no expressions.
"""

from typing import Final, NamedTuple

from freehold.engines.jsonpath import Json
from freehold.engines.jsonpath.values import is_number

SECONDS_MAX: Final = 99_999_999


class Number(NamedTuple):
    """Whether a field takes whole numbers only, its bounds, the words for a number beyond them, and whether it belongs
    to a Map, where a path to it may not look into the context object."""

    whole: bool
    least: float
    most: float
    words: str
    in_map: bool = True

    @property
    def kind(self) -> str:
        """As Step Functions names it."""
        return "integer" if self.whole else "float"

    def fits(self, value: Json) -> bool:
        """Whether the value is such a number, be it in bounds or not."""
        return is_number(value) and (not self.whole or value == int(value))

    def read(self, text: str) -> float | None:
        """The number that a text spells, be it in bounds or not: a path may well find "2" for 2."""
        try:
            return int(text) if self.whole else float(text)
        except ValueError:
            return None


def base(name: str) -> str:
    """The field's own name, where `name` also tells inside which it is."""
    return name.rpartition("/")[2]


def _not_negative(name: str) -> Number:
    return Number(True, 0, float("inf"), f"{name} cannot be negative.")


def _seconds(name: str, least: int = 1) -> Number:
    return Number(True, least, SECONDS_MAX, f"{name} must be between {least} and {SECONDS_MAX}.", in_map=False)


NUMBERS: dict[str, Number] = {
    "TimeoutSeconds": _seconds("TimeoutSeconds"),
    "HeartbeatSeconds": _seconds("HeartbeatSeconds"),
    "Seconds": _seconds("Seconds", 0),
    "MaxConcurrency": _not_negative("MaxConcurrency"),
    "ToleratedFailureCount": _not_negative("ToleratedFailureCount"),
    "ToleratedFailurePercentage": Number(False, 0, 100, "ToleratedFailurePercentage must be between 0 and 100."),
    "MaxItems": Number(True, float("-inf"), float("inf"), ""),  # the Map Run finds fault with it
    "MaxItemsPerBatch": _not_negative("MaxItemsPerBatch"),
    "MaxInputBytesPerBatch": _not_negative("MaxInputBytesPerBatch"),
}
