"""RESULTS.md: each of its tables stands between marks of its own name. It may not know what the tables say."""

import re

from bench.servers import HOME

RESULTS = HOME / "bench" / "RESULTS.md"


def write(table: str, text: str) -> None:
    """Put a table in place of the one of that name."""
    marks = re.compile(rf"(<!-- {table}: begin -->\n).*(<!-- {table}: end -->)", re.DOTALL)
    RESULTS.write_text(marks.sub(lambda found: found[1] + text + found[2], RESULTS.read_text()))
