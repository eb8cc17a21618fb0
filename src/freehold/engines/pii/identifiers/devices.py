"""Devices: the addresses by which they are reached. It may not know how texts are searched.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-sensitive-data-types-devices.html; RFC 4291 2.2.
"""

from freehold.engines.pii.grammar import Identifier

_BYTE = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_V4 = rf"{_BYTE}(?:\.{_BYTE}){{3}}"
_HEX = "[0-9A-Fa-f]"

# What also has four numbers with dots between.
_VERSIONS = ("build", "chapter", "firmware", "release", "rev", "revision", "section", "v", "ver", "version")


def _v6(text: str) -> bool:
    """Whether it is an address and neither a time nor code: `a::b` is both."""
    if "::" not in text and text.count(":") < 6:
        return False
    import ipaddress

    try:
        return any(map(str.isdigit, text)) and bool(ipaddress.IPv6Address(text))
    except ValueError:
        return False


TABLE = (
    Identifier("IpAddress", _V4, unless=_VERSIONS, holds="0"),
    Identifier("IpAddress", rf"(?:{_HEX}{{0,4}}:){{2,7}}(?:{_HEX}{{1,4}}|{_V4})?", check=_v6, holds="0"),
)
