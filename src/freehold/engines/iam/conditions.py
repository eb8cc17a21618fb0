"""Conditions: what must hold of a request's context.

One idea: an operator is one row of a table: how it reads a policy's value into a test of a request's value, and whether
it is a negation. Missing keys, several values, IfExists and the two set qualifiers are then the same for all.
It may not know statements or policies. Follows "IAM JSON policy elements: Condition operators".
"""

import operator
import re
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any

from freehold.engines.iam.request import Request
from freehold.engines.iam.texts import Text, complete, fixed, read
from freehold.engines.patterns.globs import Part, Wild, as_text, glob

Test = Callable[[str], bool]  # of one value of the request
Clause = Callable[[Request], bool]  # one operator on one key

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_SECONDS = re.compile(r"-?\d{1,19}")


@dataclass(frozen=True)
class Operator:
    """How a policy's value becomes a test, and whether the condition holds when no test does."""

    test: Callable[[tuple[Part, ...]], Test]
    negated: bool = False


def _never(value: str) -> bool:
    return False


def _equals(parts: tuple[Part, ...]) -> Test:
    return as_text(parts).__eq__


def _equals_ignoring_case(parts: tuple[Part, ...]) -> Test:
    text = as_text(parts).lower()
    return lambda value: value.lower() == text


def _arn(parts: tuple[Part, ...]) -> Test:
    """Six components, each with its own wildcards, so that none reaches past a colon before the sixth."""
    components = _components(parts)
    if len(components) < 6 and components[-1][-1:] == (Wild.RUN,):
        components += [(Wild.RUN,)] * (6 - len(components))
    tests = [glob(component) for component in components]

    def test(value: str) -> bool:
        found = value.split(":", 5)
        return len(found) == len(tests) and all(fits(part) for fits, part in zip(tests, found))

    return test


def _components(parts: tuple[Part, ...]) -> list[tuple[Part, ...]]:
    components: list[list[Part]] = [[]]
    for part in parts:
        pieces = part.split(":", 6 - len(components)) if isinstance(part, str) else [part]
        components[-1].append(pieces[0])
        components += [[piece] for piece in pieces[1:]]
    return [tuple(part for part in component if part != "") for component in components]


def number(text: str) -> float | None:
    """A number, or None."""
    return float(text) if _NUMBER.fullmatch(text) else None


def moment(text: str) -> float | None:
    """Epoch seconds of an ISO 8601 date or of a count of seconds, or None. Without a zone it is UTC."""
    if _SECONDS.fullmatch(text):
        return float(text) if abs(int(text)) < 2**63 else None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


def _ordered(
    measure: Callable[[str], float | None], compare: Callable[[float, float], bool]
) -> Callable[[tuple[Part, ...]], Test]:
    def prepare(parts: tuple[Part, ...]) -> Test:
        bound = measure(as_text(parts))
        if bound is None:
            return _never

        def test(value: str) -> bool:
            found = measure(value)
            return found is not None and compare(found, bound)

        return test

    return prepare


def _binary(parts: tuple[Part, ...]) -> Test:
    wanted = _octets(as_text(parts))
    return lambda value: wanted is not None and _octets(value) == wanted


def _octets(text: str) -> bytes | None:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        return None


def _ip(parts: tuple[Part, ...]) -> Test:
    try:
        network = ip_network(as_text(parts), strict=False)
    except ValueError:
        return _never

    def test(value: str) -> bool:
        try:
            return ip_address(value) in network
        except ValueError:
            return False

    return test


_ORDERS = {
    "Equals": (operator.eq, False),
    "NotEquals": (operator.eq, True),
    "LessThan": (operator.lt, False),
    "LessThanEquals": (operator.le, False),
    "GreaterThan": (operator.gt, False),
    "GreaterThanEquals": (operator.ge, False),
}

OPERATORS: dict[str, Operator] = {
    "StringEquals": Operator(_equals),
    "StringNotEquals": Operator(_equals, negated=True),
    "StringEqualsIgnoreCase": Operator(_equals_ignoring_case),
    "StringNotEqualsIgnoreCase": Operator(_equals_ignoring_case, negated=True),
    "StringLike": Operator(glob),
    "StringNotLike": Operator(glob, negated=True),
    **{f"Numeric{name}": Operator(_ordered(number, order), negated) for name, (order, negated) in _ORDERS.items()},
    **{f"Date{name}": Operator(_ordered(moment, order), negated) for name, (order, negated) in _ORDERS.items()},
    "Bool": Operator(_equals_ignoring_case),
    "BinaryEquals": Operator(_binary),
    "IpAddress": Operator(_ip),
    "NotIpAddress": Operator(_ip, negated=True),
    "ArnEquals": Operator(_arn),
    "ArnLike": Operator(_arn),
    "ArnNotEquals": Operator(_arn, negated=True),
    "ArnNotLike": Operator(_arn, negated=True),
    "Null": Operator(_equals_ignoring_case),
}
_FOLDED = {name.lower(): name for name in OPERATORS}


@dataclass(frozen=True)
class Form:
    """An operator as a policy writes it: its qualifier ("", "forallvalues", "foranyvalue"), name, and IfExists."""

    qualifier: str
    name: str
    if_exists: bool


def form(written: str) -> Form | None:
    """Read `ForAllValues:StringLikeIfExists` and the like, in any case; None if there is no such operator."""
    qualifier, colon, rest = written.lower().rpartition(":")
    name = rest.removesuffix("ifexists")
    if name not in _FOLDED or (colon and qualifier not in ("forallvalues", "foranyvalue")):
        return None
    if_exists = name != rest
    if name == "null" and (colon or if_exists):
        return None
    return Form(qualifier, _FOLDED[name], if_exists)


def compile_conditions(block: dict[str, dict[str, list[str]]], variables: bool) -> tuple[Clause, ...]:
    """The clauses of a Condition block, all of which must hold. Operators must be known and values in lists."""
    clauses = []
    for written, keys in block.items():
        known = form(written)
        for key, values in keys.items():
            assert known is not None, "the grammar lets no unknown operator with keys pass"
            clauses.append(_clause(known, key.lower(), [read(value, variables) for value in values]))
    return tuple(clauses)


def _clause(known: Form, key: str, values: list[Text]) -> Clause:
    test = _any_test(OPERATORS[known.name], values)
    if known.name == "Null":
        return lambda request: test("false" if request.facts.get(key) else "true", request)
    negated = OPERATORS[known.name].negated
    when_missing = known.if_exists or (negated if not known.qualifier else known.qualifier == "forallvalues")
    every = known.qualifier == "forallvalues" or (negated and not known.qualifier)

    def clause(request: Request) -> bool:
        found = request.facts.get(key)
        if not found:
            return when_missing
        holds = (test(value, request) != negated for value in found)
        return all(holds) if every else any(holds)

    return clause


def _any_test(row: Operator, values: list[Text]) -> Callable[[str, Request], bool]:
    """Whether a value passes the test of any of the policy's values, those with variables made up for each request."""
    plain = [row.test(parts) for value in values if (parts := fixed(value)) is not None]
    varying = [value for value in values if fixed(value) is None]
    made = lru_cache(maxsize=256)(row.test)

    def test(value: str, request: Request) -> bool:
        if any(fits(value) for fits in plain):
            return True
        completed: list[Any] = [complete(text, request) for text in varying]
        return any(made(parts)(value) for parts in completed if parts is not None)

    return test
