"""Filter patterns of CloudWatch Logs: what a log event must say to be chosen.

One idea: a pattern's first character tells its language (terms, `{ JSON }`, `[columns]`), and each language compiles to
a function of the message. It may not know logs, streams or time.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from freehold.engines.filters.errors import InvalidFilterPattern
from freehold.engines.filters.patterns import Filter, compile_filter

__all__ = ["Filter", "InvalidFilterPattern", "compile_filter"]
