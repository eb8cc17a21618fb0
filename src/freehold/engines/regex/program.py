"""Programs: a regular expression as instructions for the machine.

One idea: repeats and choices are forks, of which the machine tries the first way first. A pattern to look behind with
is the same in reverse: its sequences run backwards and its characters are those before.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from freehold.engines.regex.errors import InvalidPattern
from freehold.engines.regex.tree import Back, Choice, Edge, Group, Look, Node, Repeat, Sequence, Set, nullable

SIZE_MAX: Final = 5_000
"""Instructions of one program: a counted repeat is written out as often as it counts."""

ROUNDS_MAX: Final = 6

CHARACTER, FORK, JUMP, SAVE, CLEAR, MOVED, EDGE, LOOK, BACK, DONE = range(10)
"""CHARACTER members backwards; FORK first second row rounds; JUMP to; SAVE slot; CLEAR slots; MOVED slot (fails where
the position is still the saved one); EDGE kind; LOOK program negative; BACK group backwards; DONE."""

Instruction = list[Any]


class Members:
    """The characters of a Set; what was asked once is remembered."""

    __slots__ = ("_known", "_node", "_ranges", "ignore_case")

    def __init__(self, node: Set, ignore_case: bool):
        self._node = node
        self._ranges = node.ranges
        self._known: dict[str, bool] = {}
        self.ignore_case = ignore_case

    def __contains__(self, character: str) -> bool:
        known = self._known.get(character)
        if known is None:
            forms = {character, character.lower(), character.upper()} if self.ignore_case else {character}
            inside = any(low <= ord(form) <= high for form in forms if len(form) == 1 for low, high in self._ranges)
            known = self._known[character] = inside is not self._node.negated
        return known


@dataclass(slots=True)
class Program:
    """`slots`: two for each capture (the whole match is capture 0), then one for each round that must move on.

    `rows`: how many things there are to remember at each place. A fork has one row, or two for each round around it
    that must move on, since it matters whether it has.
    """

    groups: int
    ignore_case: bool
    code: list[Instruction] = field(default_factory=list)
    slots: int = 0
    rows: int = 0
    remembers: bool = True  # what failed from a fork at a place fails there again


class Writer:
    """One program being written."""

    def __init__(self, groups: int, flags: str):
        self.program = Program(groups, "i" in flags, slots=2 * (groups + 1))
        self.lines = "m" in flags
        self.rounds: list[int] = []  # the slots of the rounds around that must move on

    def emit(self, *instruction: Any) -> Instruction:
        if len(self.program.code) >= SIZE_MAX:
            raise InvalidPattern("it is too large")
        made = list(instruction)
        self.program.code.append(made)
        return made

    @property
    def here(self) -> int:
        return len(self.program.code)

    def fork(self) -> Instruction:
        if len(self.rounds) > ROUNDS_MAX:
            raise InvalidPattern("repeats of what may be empty are nested too deeply")
        row = self.program.rows
        self.program.rows += 1 << len(self.rounds)
        return self.emit(FORK, self.here + 1, 0, row, tuple(self.rounds))

    def write(self, node: Node, backwards: bool) -> None:
        if isinstance(node, Set):
            self.emit(CHARACTER, Members(node, self.program.ignore_case), backwards)
        elif isinstance(node, Sequence):
            for item in reversed(node.items) if backwards else node.items:
                self.write(item, backwards)
        elif isinstance(node, Choice):
            self.choice(node, backwards)
        elif isinstance(node, Repeat):
            self.repeat(node, backwards)
        elif isinstance(node, Group):
            self.emit(SAVE, 2 * node.number + backwards)
            self.write(node.item, backwards)
            self.emit(SAVE, 2 * node.number + (not backwards))
        elif isinstance(node, Edge):
            self.emit(EDGE, node.kind + ("m" if self.lines and node.kind in "^$" else ""))
        elif isinstance(node, Look):
            self.look(node)
        elif isinstance(node, Back):
            self.program.remembers = False
            self.emit(BACK, node.number, backwards)

    def choice(self, node: Choice, backwards: bool) -> None:
        ends = []
        for option in node.options[:-1]:
            fork = self.fork()
            self.write(option, backwards)
            ends.append(self.emit(JUMP, 0))
            fork[2] = self.here
        self.write(node.options[-1], backwards)
        for end in ends:
            end[1] = self.here

    def repeat(self, node: Repeat, backwards: bool) -> None:
        for _ in range(node.least):
            self.round(node, backwards)
        if node.most is None:
            start = self.here
            fork = self.fork()
            self.moving_round(node, backwards)
            self.emit(JUMP, start)
            self.leave(fork, node.greedy)
            return
        forks = []
        for _ in range(node.most - node.least):
            forks.append(self.fork())
            self.moving_round(node, backwards)
        for fork in forks:
            self.leave(fork, node.greedy)

    def leave(self, fork: Instruction, greedy: bool) -> None:
        """Let a fork's other way be what comes next, and try it first unless the repeat is greedy."""
        fork[2] = self.here
        if not greedy:
            fork[1], fork[2] = fork[2], fork[1]

    def round(self, node: Repeat, backwards: bool) -> None:
        first, last = node.groups
        if first <= last:
            self.emit(CLEAR, range(2 * first, 2 * last + 2))
        self.write(node.item, backwards)

    def moving_round(self, node: Repeat, backwards: bool) -> None:
        """A round that is not one where it matches nothing."""
        if not nullable(node.item):
            self.round(node, backwards)
            return
        slot = self.program.slots
        self.program.slots += 1
        self.emit(SAVE, slot)
        self.rounds.append(slot)
        self.round(node, backwards)
        self.rounds.pop()
        self.emit(MOVED, slot)

    def look(self, node: Look) -> None:
        look = self.emit(LOOK, 0, node.negative)
        self.write(node.item, node.behind)
        self.emit(DONE)
        look[1] = self.here  # where it goes on


def write(node: Node, groups: int, flags: str) -> Program:
    """The program of a pattern. Raises InvalidPattern."""
    writer = Writer(groups, flags)
    writer.emit(SAVE, 0)
    writer.write(node, False)
    writer.emit(SAVE, 1)
    writer.emit(DONE)
    return writer.program
