"""Reading: what of a policy's identifiers stands in the texts of a message.

One idea: a text is scanned once, whoever asks, and not before somebody does. It may not know statements' principals,
nor where texts are scanned.
"""

from collections.abc import Callable, Collection, Iterable

from freehold.engines import pii
from freehold.engines.protection import Deidentify, Deny, Statement

Find = Callable[[list[str]], list[list[pii.Finding]]]  # what stands in each of some texts


class Reading:
    """What messages say, as far as a policy wants to know."""

    def __init__(self, find: Find):
        self._find = find
        self._found: dict[str, list[pii.Finding]] = {}

    def know(self, texts: Iterable[str]) -> None:
        """Scan texts together."""
        unknown = [text for text in dict.fromkeys(texts) if text not in self._found]
        self._found |= zip(unknown, self._find(unknown), strict=True)

    def find(self, text: str, identifiers: Collection[str]) -> list[pii.Finding]:
        """The findings of some identifiers in a text, in its order."""
        if text not in self._found:
            self.know([text])
        return [one for one in self._found[text] if one.name in identifiers]

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
