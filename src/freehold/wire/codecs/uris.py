"""Which operation a method and a path mean, in protocols where the address says it.

One idea: all of a service's request URIs make one tree of path segments; a literal segment is preferred to a label, a
label to a greedy one. Operations that share a place are told apart by what each demands of the query string and
headers. It may not know any service's rules.
"""

import re
from collections.abc import Callable, Iterable, Sequence, Set
from typing import NamedTuple

from freehold.wire.http import Headers, HttpRequest, pairs
from freehold.wire.models import Operation

LABEL = re.compile(r"\{([^}+]+)(\+?)\}")


class Place(NamedTuple):
    """An operation at its address: constants of its query string, and the query members and headers it requires. Of
    equals, the one that comes first in `order` is meant."""

    operation: Operation
    constants: tuple[tuple[str, str], ...]
    demands: frozenset[str]
    order: int

    def fits(self, arguments: Sequence[tuple[str, str]]) -> bool:
        """Whether a request with these arguments has this place's constants."""
        return all(
            (key, value) in arguments if value else any(name == key for name, _ in arguments)
            for key, value in self.constants
        )

    def rank(self, said: Set[str], hint: str) -> tuple[bool, int, int, bool, int]:
        """How well it suits a request that says this; the greater, the better."""
        met, named = self.demands <= said, self.operation.name == hint
        return met, len(self.constants), len(self.demands), named, -self.order


class Here:
    """The operations of one method at one address: those without constants, the most demanding first, and the others by
    the name of their first."""

    __slots__ = ("by_constant", "plain")

    def __init__(self) -> None:
        self.by_constant: dict[str, list[Place]] = {}
        self.plain: list[Place] = []

    def add(self, place: Place) -> None:
        if place.constants:
            self.by_constant.setdefault(place.constants[0][0], []).append(place)
        else:
            self.plain = sorted([*self.plain, place], key=lambda place: -len(place.demands))

    def meant(self, arguments: Sequence[tuple[str, str]], headers: Headers) -> Operation | None:
        """The operation that a request with these arguments means."""
        told = {name for name, _ in arguments}
        named = [place for name in told & self.by_constant.keys() for place in self.by_constant[name]]
        fitting = self.plain + [place for place in named if place.fits(arguments)]
        if len(fitting) < 2:
            return fitting[0].operation if fitting else None
        said, hint = told | headers.names, next((value for name, value in arguments if name == "x-id"), "")
        return max(fitting, key=lambda place: place.rank(said, hint)).operation

    def meant_plainly(self, headers: Headers) -> Operation | None:
        """The same, of one without arguments."""
        said = headers.names
        for operation, _, demands, _ in self.plain:
            if demands <= said:
                return operation
        return self.plain[0].operation if self.plain else None


Ends = dict[str, Here]


class Node:
    """A point in the tree of paths: literal segments, a label, what ends here, and what takes all the rest."""

    __slots__ = ("ends", "greedy", "label", "literals")

    def __init__(self) -> None:
        self.literals: dict[str, Node] = {}
        self.label: Node | None = None
        self.ends: Ends = {}
        self.greedy: Ends = {}

    def reached(self, segments: list[str], at: int) -> list[Ends]:
        """The ends that a path comes to from here, best first. A trailing slash is of no account."""
        left = len(segments) - at
        segment = segments[at] if left else ""
        if left < 2 and not segment:
            return [self.ends]
        literal = self.literals.get(segment)
        found = literal.reached(segments, at + 1) if literal else []
        if self.label and segment:
            found += self.label.reached(segments, at + 1)
        if self.greedy:
            found.append(self.greedy)
        return found


def tree(operations: Iterable[Operation]) -> Node:
    """The tree of all operations' request URIs."""
    root = Node()
    for order, operation in enumerate(sorted(operations, key=lambda operation: operation.deprecated)):
        path, _, query = operation.http.request_uri.partition("?")
        node, ends = root, root.ends
        for segment in path.strip("/").split("/") if path.strip("/") else ():
            label = LABEL.fullmatch(segment)
            if label and label[2]:
                ends = node.greedy
                break
            if label:
                node.label = node.label or Node()
                node = node.label
            else:
                node = node.literals.setdefault(segment, Node())
            ends = node.ends
        place = Place(operation, tuple(pairs(query)), _demands(operation), order)
        ends.setdefault(operation.http.method, Here()).add(place)
    return root


def _demands(operation: Operation) -> frozenset[str]:
    if operation.input is None:
        return frozenset()
    shape = operation.input.target
    required = ((shape.members[name], name) for name in shape.required)
    return frozenset(
        (use.location_name or name) if use.location == "querystring" else (use.location_name or name).lower()
        for use, name in required
        if use.location in ("querystring", "header")
    )


def find(root: Node, http: HttpRequest) -> Operation | None:
    """The operation a request means; None if there is none.

    Of operations in one place, the one with the most constants that fit wins, then the one with the most demands met.
    One whose demands are not met is chosen only if there is no other. An `x-id` argument breaks ties.
    """
    arguments = http.arguments if http.query else ()
    for ends in root.reached(http.path.lstrip("/").split("/"), 0):
        here = ends.get(http.method)
        if here:
            found = here.meant(arguments, http.headers) if arguments else here.meant_plainly(http.headers)
            if found:
                return found
    return None


def labels(uri: str) -> tuple[list[str], Callable[[str], re.Match[str] | None]]:
    """The labels of a request URI, and what finds their texts, as groups, in a raw path that matches it."""
    path = uri.partition("?")[0]
    pattern, names, at = "", [], 0
    for label in LABEL.finditer(path):
        names.append(label[1])
        pattern += re.escape(path[at : label.start()]) + ("(.+)" if label[2] else "([^/]*)")
        at = label.end()
    return names, re.compile(pattern + re.escape(path[at:].rstrip("/")) + "/?", re.DOTALL).fullmatch
