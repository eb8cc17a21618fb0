"""Values as AWS's messages show them, which are Java's. It may not know messages."""

from typing import Any


def shown_as(value: Any) -> str:
    """A value as AWS's messages show it, which are Java's."""
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return f"[{', '.join(map(shown_as, value))}]"
        case dict():
            return f"{{{', '.join(f'{key}={shown_as(item)}' for key, item in value.items())}}}"
        case bytes():
            return f"java.nio.HeapByteBuffer[pos=0 lim={len(value)} cap={len(value)}]"
        case None:
            return "null"
    return str(value)
