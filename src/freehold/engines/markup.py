"""XML as text: what its characters have to become, and elements that are written already.

One idea: where one answer has a thousand elements of one form, whoever knows that form writes them faster than what is
directed by shapes. It may not know shapes, nor what is told.

XML 1.0, 2.4; https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
"""

import re

UNSAFE = re.compile(r'[&<>"\x00-\x08\x0b-\x1f\x85\u2028]')
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


class Elements(str):
    """The elements of a list, in place of its values, in an answer that leaves as XML."""

    __slots__ = ()


def escape(text: str) -> str:
    """Text as character data; what XML cannot hold becomes a character reference, as AWS writes it."""
    if text.isprintable():
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return UNSAFE.sub(lambda odd: ENTITIES.get(odd[0]) or f"&#x{ord(odd[0]):X};", text)
