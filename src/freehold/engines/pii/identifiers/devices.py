"""Devices: the addresses by which they are reached. It may not know how texts are searched."""

from freehold.engines.pii.grammar import Identifier

_BYTE = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"

TABLE = (Identifier("IpAddress", rf"{_BYTE}(?:\.{_BYTE}){{3}}"),)
