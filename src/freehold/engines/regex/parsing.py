"""The parser of regular expressions.

One idea: the grammar of ECMAScript's patterns without the `u` flag, one method a rule. What that grammar forgives (a
lone brace, an escaped letter) is forgiven.
"""

import re
from typing import Final

from freehold.engines.regex.errors import InvalidPattern
from freehold.engines.regex.tree import (
    DIGITS,
    LINE_ENDS,
    SPACES,
    WORD,
    Back,
    Choice,
    Edge,
    Group,
    Look,
    Node,
    Range,
    Repeat,
    Sequence,
    Set,
    inverse,
)

NESTING_MAX: Final = 50
REPEAT_MAX: Final = 1_000

_CLASSES: Final = {
    "d": DIGITS,
    "D": inverse(DIGITS),
    "w": WORD,
    "W": inverse(WORD),
    "s": SPACES,
    "S": inverse(SPACES),
}
_CONTROLS: Final = {"t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "0": "\0"}
_LOOKS: Final = {"(?=": (False, False), "(?!": (False, True), "(?<=": (True, False), "(?<!": (True, True)}
_COUNT = re.compile(r"\{(\d+)(,(\d*))?\}", re.ASCII)
_QUANTIFIERS: Final = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_CODE = re.compile(r"x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|c([A-Za-z])")
_NAME = re.compile(r"\(\?<([A-Za-z_$][\w$]*)>", re.ASCII)


class Parser:
    """One reading of a pattern; `groups` is how many captures it has. `dot_is_all`: a dot is also a line's end."""

    def __init__(self, source: str, dot_is_all: bool = False):
        self.source = source
        self.dot = () if dot_is_all else LINE_ENDS
        self.position = 0
        self.groups = 0
        self.depth = 0
        self.names: dict[str, int] = {}
        self.backs: list[tuple[Back, str]] = []  # captures referred to, by number or name

    def whole(self) -> Node:
        node = self.choice()
        if self.position < len(self.source):
            raise InvalidPattern("a bracket is closed that is not open")
        for back, name in self.backs:
            back.number = self.names.get(name, 0) if name else back.number
            if not 1 <= back.number <= self.groups:
                raise InvalidPattern("a group is referred to that does not exist")
        return node

    def at(self, text: str) -> bool:
        return self.source.startswith(text, self.position)

    def choice(self) -> Node:
        self.depth += 1
        if self.depth > NESTING_MAX:
            raise InvalidPattern("groups are nested too deeply")
        options = [self.sequence()]
        while self.at("|"):
            self.position += 1
            options.append(self.sequence())
        self.depth -= 1
        return options[0] if len(options) == 1 else Choice(options)

    def sequence(self) -> Node:
        items: list[Node] = []
        while self.position < len(self.source) and not self.at("|") and not self.at(")"):
            first_group = self.groups + 1
            item = self.atom()
            items.append(self.quantified(item, first_group))
        return items[0] if len(items) == 1 else Sequence(items)

    def quantified(self, item: Node, first_group: int) -> Node:
        least, most = 1, 1
        counted = _COUNT.match(self.source, self.position)
        mark = self.source[self.position : self.position + 1]
        if mark in _QUANTIFIERS:
            least, most = _QUANTIFIERS[mark]  # type: ignore[assignment]  # None is without end
            self.position += 1
        elif counted:
            least = int(counted[1])
            most = least if counted[2] is None else int(counted[3]) if counted[3] else None  # type: ignore[assignment]
            self.position = counted.end()
        else:
            return item
        if isinstance(item, Edge) or (isinstance(item, Look) and item.behind):
            raise InvalidPattern("nothing to repeat")
        if max(least, most or 0) > REPEAT_MAX or (most is not None and most < least):
            raise InvalidPattern(f"a repeat is out of order, or above {REPEAT_MAX}")
        greedy = not self.at("?")
        self.position += not greedy
        return Repeat(item, least, most, greedy, (first_group, self.groups))

    def atom(self) -> Node:
        character = self.source[self.position]
        if character == "(":
            return self.group()
        if character == "[":
            return self.character_class()
        if character == "\\":
            return self.escape()
        if character in "*+?" or _COUNT.match(self.source, self.position):
            raise InvalidPattern("nothing to repeat")
        self.position += 1
        if character in "^$":
            return Edge(character)
        if character == ".":
            return Set(self.dot, negated=True)
        return Set(((ord(character), ord(character)),))

    def group(self) -> Node:
        for opening, (behind, negative) in _LOOKS.items():
            if self.at(opening):
                return Look(self.inside(len(opening)), behind, negative)
        if self.at("(?:"):
            return self.inside(3)
        named = _NAME.match(self.source, self.position)
        if self.at("(?") and named is None:
            raise InvalidPattern("a group begins with what is no kind of group")
        self.groups += 1
        number = self.groups
        if named is not None:
            if named[1] in self.names:
                raise InvalidPattern("two groups have the same name")
            self.names[named[1]] = number
        return Group(self.inside(len(named[0]) if named else 1), number)

    def inside(self, opening: int) -> Node:
        self.position += opening
        node = self.choice()
        if not self.at(")"):
            raise InvalidPattern("a group is not closed")
        self.position += 1
        return node

    def escape(self) -> Node:
        """What a backslash begins, outside a class."""
        letter = self.source[self.position + 1 : self.position + 2]
        if letter in ("b", "B"):
            self.position += 2
            return Edge(letter)
        if letter in "123456789" and letter:
            number = re.match(r"\d{1,3}", self.source[self.position + 1 :], re.ASCII)
            assert number is not None  # it begins with a digit
            self.position += 1 + number.end()
            return self.back(int(number[0]), "")
        if letter == "k" and (named := re.match(r"k<([\w$]+)>", self.source[self.position + 1 :], re.ASCII)):
            self.position += 1 + named.end()
            return self.back(0, named[1])
        return Set(self.escaped())

    def back(self, number: int, name: str) -> Node:
        node = Back(number)
        self.backs.append((node, name))
        return node

    def escaped(self) -> tuple[Range, ...]:
        """The characters of an escape that stands for some, in a class or outside."""
        letter = self.source[self.position + 1 : self.position + 2]
        if not letter:
            raise InvalidPattern("a backslash at the end")
        if letter in "pP" and self.source[self.position + 2 : self.position + 3] == "{":
            raise InvalidPattern("classes by Unicode property are not supported")
        self.position += 2
        if letter in _CLASSES:
            return _CLASSES[letter]
        if letter in _CONTROLS:
            code = ord(_CONTROLS[letter])
        elif found := _CODE.match(self.source, self.position - 1):
            self.position = found.end()
            code = ord(found[3]) % 32 if found[3] else int(found[1] or found[2], 16)
        else:
            code = ord(letter)
        return ((code, code),)

    def character_class(self) -> Node:
        self.position += 1
        negated = self.at("^")
        self.position += negated
        ranges: list[Range] = []
        while not self.at("]"):
            low = self.member()
            if self.at("-") and not self.at("-]"):
                self.position += 1
                high = self.member()
                if len(low) == len(high) == 1 and low[0][0] == low[0][1] and high[0][0] == high[0][1]:
                    if low[0][0] > high[0][0]:
                        raise InvalidPattern("a range of characters is out of order")
                    ranges.append((low[0][0], high[0][0]))
                    continue
                ranges += [*high, (0x2D, 0x2D)]
            ranges += low
        self.position += 1
        return Set(tuple(ranges), negated)

    def member(self) -> tuple[Range, ...]:
        """One character, or one class, within a class."""
        if self.position >= len(self.source):
            raise InvalidPattern("a class is not closed")
        if self.at("\\b"):
            self.position += 2
            return ((8, 8),)
        if self.at("\\"):
            return self.escaped()
        self.position += 1
        code = ord(self.source[self.position - 1])
        return ((code, code),)
