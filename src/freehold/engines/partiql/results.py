"""What a SELECT shows of an item: the values at its columns, each under the last name of its path."""

from typing import NamedTuple

from freehold.engines.expressions.paths import Path, read
from freehold.engines.expressions.values import Item


class Columns(NamedTuple):
    """The columns of a SELECT; none stands for the whole item."""

    paths: tuple[Path, ...]

    def of(self, item: Item) -> Item:
        """What of `item` was asked for; what it has not is left out."""
        if not self.paths:
            return item
        values = ((_name(path), read(item, path)) for path in self.paths)
        return {name: value for name, value in values if value is not None}


def _name(path: Path) -> str:
    """The last name of a path, and the places in lists that follow it: `a.b[0]` is b[0]."""
    last = max(place for place, part in enumerate(path) if isinstance(part, str))
    return str(path[last]) + "".join(f"[{place}]" for place in path[last + 1 :])
