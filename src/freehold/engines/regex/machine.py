"""The machine: runs a program over a string.

One idea: it backtracks, so that what it finds is what JavaScript finds, but it remembers at which place of the string
each fork was taken: what failed from there once fails again, so nothing is tried twice, not even from another
beginning. In a pattern that refers back a fork depends on more than the place: for such a one it remembers nothing and
lives from the purse.
"""

from typing import Any, Final

from freehold.engines.regex.errors import Spent
from freehold.engines.regex.program import (
    BACK,
    CHARACTER,
    CLEAR,
    DONE,
    EDGE,
    FORK,
    JUMP,
    LOOK,
    MOVED,
    SAVE,
    Program,
)

MEMORY_MAX: Final = 50_000_000  # bytes: one for each row of the program at each place of the string
STEPS_PER_PAYMENT: Final = 256

_LINE_ENDS: Final = "\n\r\u2028\u2029"


class Machine:
    """One search in one string."""

    def __init__(self, program: Program, subject: str, payer: Any):
        self.program = program
        self.subject = subject
        self.payer = payer
        self.width = len(subject) + 1
        memory = program.rows * self.width if program.remembers else 0
        if memory > MEMORY_MAX:
            raise Spent(MEMORY_MAX // program.rows)
        payer.spend(1 + memory // 1_000)
        self.seen = bytearray(memory)

    def search(self, start: int) -> list[int] | None:
        """The captures of the first match at or after `start`, two places each; -1 where a capture took no part."""
        for position in range(start, self.width):
            slots = [-1] * self.program.slots
            if self.match(0, position, slots, self.seen):
                return slots[: 2 * (self.program.groups + 1)]
        return None

    def match(self, pc: int, position: int, slots: list[int], seen: bytearray) -> bool:
        """Whether the program matches from an instruction and a position on; its captures are then in `slots`."""
        code, subject, width = self.program.code, self.subject, self.width
        trail: list[tuple[int, int, Any]] = []  # (instruction, position, None) to go back to, or (-1, slot, value)
        steps = 0
        while code[pc][0] != DONE:
            steps += 1
            if not steps % STEPS_PER_PAYMENT:
                self.payer.spend(STEPS_PER_PAYMENT)
            instruction = code[pc]
            operation = instruction[0]
            if operation == CHARACTER:
                at = position - 1 if instruction[2] else position
                going = 0 <= at < width - 1 and subject[at] in instruction[1]
                position, pc = at if instruction[2] else at + 1, pc + 1
            elif operation == FORK:
                going = self.fork(instruction, position, slots, seen)
                if going:
                    trail.append((instruction[2], position, None))
                pc = instruction[1]
            elif operation == BACK:
                length = self.repeated(instruction, position, slots)
                going = length is not None
                position, pc = position + (length or 0), pc + 1
            else:
                going = self.other(pc, instruction, position, slots, trail)
                pc = instruction[1] if operation in (JUMP, LOOK) else pc + 1
            while not going:
                if not trail:
                    self.payer.spend(1 + steps % STEPS_PER_PAYMENT)
                    return False
                pc, position, value = trail.pop()
                going = pc >= 0
                if not going:
                    slots[position] = value
        self.payer.spend(1 + steps % STEPS_PER_PAYMENT)
        return True

    def fork(self, instruction: list, position: int, slots: list[int], seen: bytearray) -> bool:
        """Whether a fork is worth being taken: it has not failed here before."""
        if not seen:
            return True
        row = instruction[3]
        for number, slot in enumerate(instruction[4]):
            row += (slots[slot] == position) << number
        if seen[row * self.width + position]:
            return False
        seen[row * self.width + position] = 1
        return True

    def other(self, pc: int, instruction: list, position: int, slots: list[int], trail: list) -> bool:
        """An instruction that reads no character. Whether it succeeds."""
        operation, argument = instruction[0], instruction[1]
        if operation == JUMP:
            return True
        if operation == SAVE:
            trail.append((-1, argument, slots[argument]))
            slots[argument] = position
            return True
        if operation == CLEAR:
            trail.extend([(-1, slot, slots[slot]) for slot in argument])
            slots[argument.start : argument.stop] = [-1] * len(argument)
            return True
        if operation == MOVED:
            return slots[argument] != position
        if operation == EDGE:
            return self.edge(argument, position)
        return self.look(pc + 1, instruction[2], position, slots, trail)

    def look(self, pc: int, negative: bool, position: int, slots: list[int], trail: list) -> bool:
        found = [*slots]
        self.payer.spend(1 + len(self.seen) // 1_000)
        if self.match(pc, position, found, bytearray(len(self.seen))) is negative:
            return False
        if not negative:
            trail.extend([(-1, slot, value) for slot, value in enumerate(slots) if value != found[slot]])
            slots[:] = found
        return True

    def edge(self, kind: str, position: int) -> bool:
        before = self.subject[position - 1] if position else ""
        after = self.subject[position] if position < self.width - 1 else ""
        if kind in ("^", "$"):
            return not (before if kind == "^" else after)
        if kind in ("^m", "$m"):
            return (before if kind == "^m" else after) in _LINE_ENDS  # nothing is in it, too
        return (_is_word(before) is not _is_word(after)) is (kind == "b")

    def repeated(self, instruction: list, position: int, slots: list[int]) -> int | None:
        """How far the text of a capture goes that stands here once more, or None. One that took no part is empty."""
        _, group, backwards = instruction
        start, end = slots[2 * group], slots[2 * group + 1]
        if start < 0 or end < 0:
            return 0
        length = end - start
        self.payer.spend(1 + length // 16)
        at = position - length if backwards else position
        if at < 0:
            return None
        one, other = self.subject[start:end], self.subject[at : at + length]
        if one == other or (self.program.ignore_case and one.lower() == other.lower()):
            return -length if backwards else length
        return None


def _is_word(character: str) -> bool:
    return character == "_" or (character.isascii() and character.isalnum())
