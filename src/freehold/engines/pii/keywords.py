"""Keywords: the words near a number that tell what it is.

One idea: a keyword is a pattern too; its spaces match a space, nothing, `_` or `-`. It may not know whose it is.
"""

import re


def pattern(keyword: str) -> str:
    """RE2 syntax of a keyword, whatever its case."""
    return "(?i)" + "[ _-]?".join(map(re.escape, keyword.split(" ")))
