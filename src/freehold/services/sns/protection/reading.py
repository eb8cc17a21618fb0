"""Reading: what of a policy's identifiers stands in the texts of a message.

One idea: a text is scanned once, whoever asks, and not before somebody does. It may not know statements' principals.
"""

from collections.abc import Collection, Iterable

from freehold.engines import pii
from freehold.engines.protection import Deidentify, Deny, Statement


class Reading:
    """What one message says, as far as a policy's scanner knows it."""

    def __init__(self, scanner: pii.Scanner):
        self._scanner = scanner
        self._found: dict[str, list[pii.Finding]] = {}

    def find(self, text: str, identifiers: Collection[str]) -> list[pii.Finding]:
        """The findings of some identifiers in a text, in its order."""
        found = self._found.get(text)
        if found is None:
            found = self._found[text] = self._scanner.find(text)
        return [one for one in found if one.name in identifiers]

    def denied(self, text: str, statements: Iterable[Statement]) -> bool:
        """Whether one of the statements lets no such text pass."""
        return any(isinstance(one.operation, Deny) and self.find(text, one.identifiers) for one in statements)

    def deidentified(self, text: str, statements: Iterable[Statement]) -> str:
        """The text as the statements leave it: what one removes is gone, though another would mask it. Nothing is left
        of a text that is sensitive as a whole, even if it were masked."""
        hidden = [
            (one.operation.character, found)
            for one in statements
            if isinstance(one.operation, Deidentify)
            for found in self.find(text, one.identifiers)
        ]
        if not hidden:
            return text
        letters = list(text)
        for character, found in sorted(hidden, key=lambda one: not one[0]):
            letters[found.start : found.end] = [character] * (found.end - found.start)
        return "".join(letters) if pii.redacted(text, [found for _, found in hidden]).strip() else ""
