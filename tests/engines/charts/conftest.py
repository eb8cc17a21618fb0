"""Real histories to draw: the world around the language's machine."""

from tests.engines.asl.conftest import play, start

__all__ = ["play", "start"]
