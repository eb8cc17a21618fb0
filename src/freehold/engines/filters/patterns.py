"""The three languages of filter patterns, and which a pattern is written in. It may not know their grammars."""

from collections.abc import Callable
from functools import lru_cache

from freehold.engines.filters.columns import compile_columns
from freehold.engines.filters.documents import compile_document
from freehold.engines.filters.errors import UnclosedPattern
from freehold.engines.filters.terms import compile_terms

Filter = Callable[[str], bool]

# How a pattern begins and ends, and what compiles that which stands between.
ENCLOSED: dict[str, tuple[str, Callable[[str], Filter]]] = {
    "{": ("}", compile_document),
    "[": ("]", compile_columns),
}
KEPT = 256


@lru_cache(KEPT)
def compile_filter(pattern: str) -> Filter:
    """The function that tells whether a message matches; the empty pattern matches all. Raises
    InvalidFilterPattern."""
    text = pattern.strip()
    enclosed = ENCLOSED.get(text[:1])
    if not enclosed:
        return compile_terms(text)
    closing, compile_inner = enclosed
    if len(text) < 2 or not text.endswith(closing):
        raise UnclosedPattern(opening=text[0], closing=closing)
    return compile_inner(text[1:-1])
