"""Texts with what is to be found in them marked: «so».

One idea: a text without a mark holds nothing. It may not know how texts are searched.
"""

from freehold.engines import pii


def unmarked(marked: str) -> str:
    return marked.replace("«", "").replace("»", "")


def marks(name: str, text: str, *, keywords_optional: bool = False) -> str:
    """The text with every finding of one identifier marked."""
    for finding in reversed(pii.scanner([name], keywords_optional=keywords_optional).find(text)):
        text = f"{text[: finding.start]}«{text[finding.start : finding.end]}»{text[finding.end :]}"
    return text


def cases(table: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(name, marked) for name, texts in table.items() for marked in texts]
