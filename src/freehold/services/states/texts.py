"""JSON texts that callers send: checked, and refused in the words of the parser behind AWS's service."""

from freehold.engines.jackson import fault

__all__ = ["fault"]
