"""The rooms by name, each opened when it is first wanted.

One idea: a start's cost must not grow with the number of services, so of a room that nobody has asked for only its
signpost is known. It may not know which rooms there are: `app` puts up the signposts.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from freehold.kernel.resources import ResourceType
from freehold.kernel.service import Service


class Signpost(NamedTuple):
    """What is known of a room before it is opened: its folder, its name in credential scopes (`signs`) and before those
    of its tables (`keeps`), if not its own; the namespaces of its CloudFormation types; whether it has fronts. Where it
    signs with another room's name, `target` tells its requests: what stands before the operation in X-Amz-Target."""

    folder: str
    signs: str = ""
    keeps: str = ""
    makes: tuple[str, ...] = ()
    fronted: bool = False
    target: str = ""


class Rooms(Mapping[str, Service]):
    """`opened` holds those that are open; each of `on_open` is called with a room as it opens."""

    def __init__(self, signposts: dict[str, Signpost], open: Callable[[str], Service]):
        self.signposts, self._open = signposts, open
        self.opened: dict[str, Service] = {}
        self.on_open: list[Callable[[Service], None]] = []

    def __getitem__(self, name: str) -> Service:
        """The room, opened if it was not. KeyError if there is none of this name."""
        if name not in self.opened:
            room = self.opened[name] = self._open(name)
            for hear in self.on_open:
                hear(room)
        return self.opened[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.signposts)

    def __len__(self) -> int:
        return len(self.signposts)

    def __contains__(self, name: object) -> bool:
        return name in self.signposts

    def keeping(self, table: str) -> str:
        """The name of the room whose table this is, or nothing."""
        start = table.partition("_")[0]
        return next((name for name, post in self.signposts.items() if (post.keeps or name) == start), "")

    def resource(self, type_name: str) -> ResourceType | None:
        """The CloudFormation type of this name, if any room makes it."""
        namespace = type_name.rpartition("::")[0]
        maker = next((name for name, post in self.signposts.items() if namespace in post.makes), None)
        return self[maker].resources.get(type_name) if maker else None
