"""RESULTS.md and its like: each table stands between marks of its own name. It may not know what the tables say."""

import re
from pathlib import Path

from bench.servers import HOME

RESULTS = HOME / "bench" / "RESULTS.md"


def write(table: str, text: str, results: Path = RESULTS) -> None:
    """Put a table in place of the one of that name."""
    marks = re.compile(rf"(<!-- {table}: begin -->\n).*(<!-- {table}: end -->)", re.DOTALL)
    results.write_text(marks.sub(lambda found: found[1] + text + found[2], results.read_text()))
