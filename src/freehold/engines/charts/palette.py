"""The colours of outcomes, the same in every drawing. It may not know shapes."""

from typing import NamedTuple

from .ways import ABORTED, CAUGHT, FAILED, RUNNING, SUCCEEDED


class Colour(NamedTuple):
    """What fills a shape, what draws its outline, what writes in it."""

    fill: str
    line: str
    ink: str


PALETTE = {
    SUCCEEDED: Colour("#d8f3dc", "#2d6a4f", "#1b4332"),
    RUNNING: Colour("#d7e8ff", "#1d5fbf", "#0b3a80"),
    CAUGHT: Colour("#ffe8c7", "#b8690f", "#6b3b05"),
    FAILED: Colour("#ffd9d9", "#b3261e", "#7a120c"),
    ABORTED: Colour("#e6e6e6", "#666666", "#333333"),
}
PLAIN = Colour("#ffffff", "#7a8699", "#1f2733")
