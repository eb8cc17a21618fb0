"""Paths, compiled: a definite path finds one value, an indefinite one a list; a reference path also writes.

One idea: text becomes a tuple of steps, each a function from found nodes to found nodes. It may not know what the root
stands for: `$`, `$$` and `$name` are told apart by `Path.root`, and the caller brings the value.
"""

from dataclasses import dataclass

from .grammar import PathSyntaxError, Step, parse
from .values import MISSING, Json


class Unwritable(Exception):
    """A reference path that cannot be written into the document at hand."""


@dataclass(frozen=True, slots=True)
class Path:
    """A compiled path.

    `root` is `$`, `$$` or a variable such as `$orders`. A definite path consists of `keys` alone (names and indexes).
    `fold` is the function called at its end, if any: `$.items.length()`.
    """

    text: str
    root: str
    keys: tuple[str | int, ...] | None
    steps: tuple[Step, ...]
    fold: Step | None

    @property
    def definite(self) -> bool:
        """Whether the path finds one value (or MISSING) rather than a list."""
        return self.keys is not None or self.fold is not None

    def find(self, root: Json) -> Json:
        """The value at this path: MISSING where a definite path leads nowhere, a list (even empty) otherwise."""
        if self.fold is None and self.keys is not None:
            return _walk(root, self.keys)
        nodes = [root]
        for step in self.steps:
            nodes = step(nodes, root)
        if self.fold is None:
            return nodes
        # A function looks at the value of a definite path, and at the list that an indefinite one finds.
        found = self.fold(nodes if self.keys is not None else [nodes], root)
        return found[0] if found else MISSING

    def explain(self, root: Json) -> str:
        """Why `find` gave MISSING, as Step Functions words it."""
        keys = self.keys or ()
        for depth in range(1, len(keys)):
            if _walk(root, keys[:depth]) is MISSING:
                return f"Missing property in path {_bracketed(keys[:depth])}"
        return f"No results for path: {_bracketed(keys)}"


def _walk(node: Json, keys: tuple[str | int, ...]) -> Json:
    for key in keys:
        if isinstance(key, str):
            if not isinstance(node, dict) or key not in node:
                return MISSING
        elif not isinstance(node, list) or not -len(node) <= key < len(node):
            return MISSING
        node = node[key]
    return node


def _bracketed(keys: tuple[str | int, ...]) -> str:
    return "$" + "".join(f"['{key}']" if isinstance(key, str) else f"[{key}]" for key in keys)


def compile_path(text: str) -> Path:
    """The path that `text` spells. Raises PathSyntaxError."""
    parsed = parse(text)
    return Path(text, parsed.root, parsed.keys, parsed.steps, parsed.fold)


@dataclass(frozen=True, slots=True)
class ReferencePath:
    """A path that names exactly one place in a document, so that a value can be put there (ResultPath)."""

    text: str
    keys: tuple[str | int, ...]

    def put(self, document: Json, value: Json) -> Json:
        """A copy of the document with the value in its place; missing objects on the way are made.

        Raises Unwritable where the document has something else than an object (or that array element) on the way.
        """
        return _put(document, self.keys, value)


def _put(node: Json, keys: tuple[str | int, ...], value: Json) -> Json:
    if not keys:
        return value
    key, rest = keys[0], keys[1:]
    if isinstance(key, str) and isinstance(node, dict):
        return {**node, key: _put(node.get(key, {} if rest else None), rest, value)}
    if isinstance(key, int) and isinstance(node, list) and 0 <= key < len(node):
        return [*node[:key], _put(node[key], rest, value), *node[key + 1 :]]
    raise Unwritable(key)


def compile_reference(text: str) -> ReferencePath:
    """The reference path that `text` spells. Raises PathSyntaxError for anything that may find several values."""
    path = compile_path(text)
    if path.root != "$" or path.keys is None or path.fold is not None:
        raise PathSyntaxError(f"{text!r} is not a reference path")
    return ReferencePath(text, path.keys)


__all__ = ["Path", "PathSyntaxError", "ReferencePath", "Unwritable", "compile_path", "compile_reference"]
