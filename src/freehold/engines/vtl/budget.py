"""Budget: how much a template may do before it is stopped.

One idea: whatever costs time or memory is paid for before it is done, in steps; an empty purse is a VtlError. It knows
no clock: the same template with the same values always stops at the same place.
"""

from freehold.engines.vtl.errors import VtlError

STEPS_MAX = 1_000_000
"""Nodes evaluated in one rendering, about a second of work; a string costs one step for each CHARACTERS_PER_STEP."""

CHARACTERS_PER_STEP = 100

TEXT_MAX = 10 * 1024 * 1024
"""Characters in any one string: the largest payload API Gateway carries is 10 MB."""


class Budget:
    """The steps one rendering has left."""

    __slots__ = ("steps",)

    def __init__(self, steps: int = STEPS_MAX):
        self.steps = steps

    def spend(self, steps: int = 1) -> None:
        """Pay for work about to be done."""
        self.steps -= steps
        if self.steps < 0:
            raise VtlError(f"The template takes more than {STEPS_MAX} steps to render")

    def spend_text(self, length: int) -> None:
        """Pay for a string of `length` characters about to be made or read."""
        if length > TEXT_MAX:
            raise VtlError(f"The template makes a string longer than {TEXT_MAX} characters")
        self.spend(1 + length // CHARACTERS_PER_STEP)
