"""Where a pattern went wrong, as EventBridge and SNS tell it: the place its reader had come to.

One idea: a reader that goes from token to token complains at the first after which nothing that may follow helps. So
the place is found by letting different things follow, and needs no second compiler. It may not know rules nor topics.
"""

from collections.abc import Callable
from typing import Any

from freehold.engines import jackson, jsontext
from freehold.engines.patterns.compiler import compile
from freehold.engines.patterns.dialects import Dialect
from freehold.engines.patterns.tokens import Token, tokens
from freehold.kernel.errors import AwsError

# What may follow in the innermost bracket: when it has just been opened, and behind a value in it.
OPENED = {
    "[": ('"x"]', "1]", '{"exists":true}]', '">",1]'),
    "{": ('"x":["x"]}', '"exists":true}', '"prefix":"x"}'),
}
BEHIND = {"[": ("]", ',"x"]', ",1]"), "{": ("}", ',"x":["x"]}')}
CLOSING = {"[": "]", "{": "}"}
OTHER_TEXTS = ('""', '"zz"')
PLACELESS = ("Malformed CIDR", "Nonstandard IP", "IPv", "Rule is too complex", "Filter policy")
READS_ON = "Unrecognized numeric range operator"  # said when what is compared with has been read as well
TWICE = "anything-but"  # a list under it is read by a reader of its own, which adds the place as well


def checked(text: str, dialect: Dialect) -> Callable[[Any], bool]:
    """As `compile`, of a text; the reason of a refusal says where the pattern went wrong."""
    try:
        return compile(text, dialect)
    except dialect.error as refusal:
        raise dialect.error(reason=located(text, refusal.values["reason"], dialect)) from None


def located(text: str, reason: str, dialect: Dialect) -> str:
    """A reason with the place where it arose."""
    if reason.startswith(PLACELESS) or jsontext.deep(text):
        return reason
    if stop := jackson.stopped(text):
        words, at = stop
        return reason if words == jackson.ENDED else words + _place(text, at)
    values = [token for token in tokens(text) if token.kind != "k"]
    low, high = 0, len(values) - 1
    while low < high:
        middle = (low + high) // 2
        if _lost(text, values[middle], reason, dialect):
            high = middle
        else:
            low = middle + 1
    token = values[low + reason.startswith(READS_ON)]
    told = _place(text, _reached(text, token, reason, dialect))
    return reason + told * (2 if TWICE in token.names and token.path.endswith("[") else 1)


def _lost(text: str, token: Token, reason: str, dialect: Dialect) -> bool:
    """Whether the pattern is refused for this reason whatever follows a token."""
    return all(_reason(text[: token.end] + rest, dialect) == reason for rest in _rests(token))


def _rests(token: Token) -> list[str]:
    """Things that may follow a token, each to the end of the pattern."""
    opened = token.kind in "[{"
    around = token.path + token.kind if opened else token.path
    if not around:
        return [""]
    outer = "".join(CLOSING[bracket] for bracket in reversed(around[:-1]))
    return [rest + outer for rest in (OPENED if opened else BEHIND)[around[-1]]]


def _reason(text: str, dialect: Dialect) -> str:
    try:
        compile(text, dialect)
    except AwsError as refusal:
        return str(refusal.values.get("reason", ""))
    return ""


def _reached(text: str, token: Token, reason: str, dialect: Dialect) -> int:
    """How many characters were read: of a string that is wrong whatever it says, its first quotation mark."""
    if token.kind != '"':
        return token.end
    rest = _rests(token)[0]
    same = (_reason(text[: token.start] + other + rest, dialect) == reason for other in OTHER_TEXTS)
    return token.start + 1 if all(same) else token.end


def _place(text: str, read: int) -> str:
    return f"\n at {jackson.standing(text, read)}"
