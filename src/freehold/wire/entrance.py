"""Entrances: the ways into a cloud, and what each means for those who come by it.

One idea: where a request comes from is known by the socket it came in on, never by what it says of itself. It may not
know sockets: whoever listens says which entrance his are.
"""

from typing import NamedTuple


class Entrance(NamedTuple):
    """A way in.

    `lenient`: keys that this cloud did not make stand for an account's root. `address` stands for the caller's own,
    where that says nothing. `scheme` is how the caller writes this cloud's addresses, http or https; if empty, http
    unless a proxy in front says otherwise. `sealed`: no network lies on the way, so that plain HTTP is secure.
    """

    lenient: bool
    address: str = ""
    scheme: str = ""
    sealed: bool = False
