"""Event patterns: JSON that says which JSON it wants.

EventBridge rules, Lambda event filters and SNS filter policies speak dialects of one language. Its one idea: a pattern
is compiled once into a function of a value, by one table of operators; a dialect is a row that says which operators it
has, how it reads what it is given, and how it says no. It may not know rules, subscriptions, queues or deliveries.

    matches = compile({"detail": {"state": [{"prefix": "run"}]}}, EVENTBRIDGE)
    matches({"detail": {"state": "running"}})  # True
"""

from freehold.engines.patterns.compiler import compile
from freehold.engines.patterns.dialects import DIALECTS, EVENTBRIDGE, LAMBDA, SNS_ATTRIBUTES, SNS_BODY, Dialect
from freehold.engines.patterns.errors import (
    InvalidEventPattern,
    InvalidFilterPattern,
    InvalidFilterPolicy,
    NestedPolicy,
)
from freehold.engines.patterns.index import Index, held, places
from freehold.engines.patterns.sources import checked

__all__ = [
    "DIALECTS",
    "EVENTBRIDGE",
    "LAMBDA",
    "SNS_ATTRIBUTES",
    "SNS_BODY",
    "Dialect",
    "Index",
    "InvalidEventPattern",
    "InvalidFilterPattern",
    "InvalidFilterPolicy",
    "NestedPolicy",
    "checked",
    "compile",
    "held",
    "places",
]
