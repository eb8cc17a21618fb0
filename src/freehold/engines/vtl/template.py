"""Template: a tree ready to be rendered."""

from dataclasses import dataclass, field
from typing import Any

from freehold.engines.vtl.errors import VtlError
from freehold.engines.vtl.parser import parse
from freehold.engines.vtl.render import APACHE, Dialect, Rendering
from freehold.engines.vtl.syntax import Block


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled template. It keeps nothing from one rendering to the next and may be rendered by many at once."""

    block: Block = field(repr=False)

    def render(self, context: dict[str, Any], dialect: Dialect = APACHE) -> str:
        """The text this template makes of `context`: names (without `$`) and their values.

        As in Velocity, `context` is the template's memory: what #set, put and add change is changed in it, and the
        caller finds it there afterwards. Raises VtlError, and nothing else, for what cannot be rendered.
        """
        try:
            return Rendering(context, dialect).text(self.block)
        except RecursionError as error:
            raise VtlError("The template, or a value it makes, is nested too deeply") from error


def compile(text: str) -> Template:
    """Read a template. Raises VtlError with line and column when it is not VTL or larger than 300 KB."""
    return Template(parse(text))
