"""Projections: ProjectionExpression and AttributesToGet, from text to a part of an item.

One idea: the paths asked for are one tree. It knows nothing of tables. Rules:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ProjectionExpressions.html
"""

from collections.abc import Iterable
from typing import NamedTuple

from freehold.engines.expressions.parser import parse_projection
from freehold.engines.expressions.paths import Leaf, Path, Tree, pick, plant
from freehold.engines.expressions.scope import Scope
from freehold.engines.expressions.values import Item


class Projection(NamedTuple):
    """The document paths asked for, as they stand in the request and as a tree."""

    paths: tuple[Path, ...]
    tree: Tree

    def of(self, item: Item) -> Item:
        """What of `item` was asked for; what it has not is left out."""
        return pick(item, self.tree)


def compile_projection(kind: str, text: str, scope: Scope) -> Projection:
    """The projection of `text`. Raises ValidationException."""
    return projection_of([scope.path(kind, path) for path in parse_projection(kind, text)], kind)


def projection_of(paths: Iterable[Path], kind: str = "ProjectionExpression") -> Projection:
    """The projection onto `paths`. Raises OverlappingPaths or ConflictingPaths."""
    paths = tuple(paths)
    return Projection(paths, plant(map(Leaf, paths), kind))
