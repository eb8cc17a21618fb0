"""Input templates: texts with <placeholders> that an event's values are put into, as EventBridge and Pipes write them.

One idea: a template is cut once into literal texts and names, each name knowing whether it stands within quotes; what
is put in its place follows from that alone. It may not know events: values are found by whoever fills a template in.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
import orjson

NAME = re.compile(r"<([A-Za-z0-9_.\-]+)>")
PIPES_NAME = re.compile(r"<(\$[^<>]*|aws\.pipes\.[a-z.\-]+)>")
QUOTES = re.compile(r'(?<!\\)"')
NOTHING = ""  # what stands for a value that is not there


class Unfit(ValueError):
    """A filled-in template that is no JSON though it had to be."""


class Place(NamedTuple):
    """A placeholder. `quoted` if it stands in a JSON string."""

    name: str
    quoted: bool


@dataclass(frozen=True)
class Template:
    """A template, cut. A `textual` one is a text, whose result need not be one JSON value. Where one `mends`, other
    values than strings lose their quotation marks within a JSON string; else they spoil it."""

    parts: tuple[str | Place, ...]
    textual: bool
    mends: bool = False

    @property
    def names(self) -> list[str]:
        """The names of the placeholders, in order."""
        return [part.name for part in self.parts if isinstance(part, Place)]

    @property
    def sole(self) -> str:
        """The name of the placeholder that is all there is; nothing if there is more."""
        told = [part for part in self.parts if isinstance(part, Place) or part.strip()]
        return told[0].name if len(told) == 1 and isinstance(told[0], Place) else ""

    def fill(self, find: Callable[[str], Any]) -> str:
        """The text with `find(name)`, a JSON value or None, for each placeholder. Raises Unfit."""
        put = _put_in_text if self.textual else _put_mended if self.mends else _put_in_json
        text = "".join(part if isinstance(part, str) else put(find(part.name), part.quoted) for part in self.parts)
        if not self.textual:
            try:
                orjson.loads(text)
            except orjson.JSONDecodeError:
                raise Unfit(text) from None
        return text


def _put_in_text(value: Any, quoted: bool) -> str:
    """A text shows strings as they are and other values without their quotation marks."""
    if isinstance(value, str) or value is None:
        return _escaped(value or NOTHING) if quoted else value or NOTHING
    return QUOTES.sub("", written(value))


def _put_mended(value: Any, quoted: bool) -> str:
    return _put_in_text(value, quoted) if quoted else _put_in_json(value, quoted)


def _put_in_json(value: Any, quoted: bool) -> str:
    if value is None:
        value = NOTHING
    return _escaped(value) if quoted and isinstance(value, str) else written(value)


def _escaped(text: str) -> str:
    return written(text)[1:-1]


def written(value: Any) -> str:
    """JSON as events have it: nothing between its parts, other letters than ASCII's as they are."""
    return msgspec.json.encode(value).decode()


def cut(text: str) -> Template:
    """The template that a text is for EventBridge: a text if it starts with a quotation mark."""
    return Template(_parts(text, NAME), text.lstrip().startswith('"'))


def cut_for_pipes(text: str) -> Template:
    """The template that a text is for Pipes: a text unless it starts as a JSON object or array.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html
    """
    return Template(_parts(text, PIPES_NAME), not text.lstrip().startswith(("{", "[")), mends=True)


def _parts(text: str, name: re.Pattern[str]) -> tuple[str | Place, ...]:
    """A text at its placeholders. Quotation marks behind a backslash end no string."""
    parts: list[str | Place] = []
    quoted, end = False, 0
    for found in name.finditer(text):
        literal = text[end : found.start()]
        quoted ^= len(QUOTES.findall(literal)) % 2 == 1
        parts += [literal, Place(found[1], quoted)]
        end = found.end()
    parts.append(text[end:])
    return tuple(parts)
