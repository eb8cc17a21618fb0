"""States in JSONata: how their data flows, and how their fields are compiled.

One idea: a string `{% … %}` anywhere in a field is a query, and whatever is no query stands for itself. It knows fields
and frames, and nothing of threads. Failures are worded as Step Functions words them.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

import re
from functools import partial
from typing import Final, NamedTuple

from freehold.engines import jsonata
from freehold.engines.jsonpath import Json
from freehold.engines.jsonpath.values import is_number

from . import errors, toplevel, values
from .errors import Unevaluated
from .frame import Expression, Frame, constant
from .language import (
    ERROR_OUTPUT,
    NO_WORK,
    RESULT,
    Condition,
    Fields,
    Language,
    Unclear,
    Until,
    together,
)
from .numbers import NUMBERS, base
from .waits import bounded

OPEN, CLOSE = "{%", "%}"
NO_INPUT: Final = "Reference to '{name}' at the top level is not supported."
NO_ERROR: Final = "Reference to '$states.errorOutput' is not supported outside of a Catch."
MEMBERS: Final = re.compile(r"\$states\b(?:\s*\.\s*(\w+))?")
CHEAP: Final = {"input", RESULT, ERROR_OUTPUT}  # members of $states that cost nothing to make


class JsonataFlow(NamedTuple):
    """Arguments → work → Output, with Assign beside it; `called` is what `$states` calls the outcome of the work."""

    given: Expression | None
    output: Expression | None
    variables: Expression | None
    called: str

    def enter(self, frame: Frame) -> Json:
        """The raw input: JSONata states have no other."""
        return frame.input

    def arguments(self, frame: Frame) -> Json:
        """Arguments, or the input."""
        return frame.noted("afterArguments", self.given(frame) if self.given else frame.input)

    def leave(self, frame: Frame, result: Json) -> Json:
        """Output, or the outcome of the work."""
        return self.output(self._after(frame, result)) if self.output else result

    def assign(self, frame: Frame, result: Json) -> dict[str, Json]:
        """Assign, or nothing."""
        return self.variables(self._after(frame, result)) if self.variables else {}

    def _after(self, frame: Frame, result: Json) -> Frame:
        return frame.after(self.called, result) if self.called else frame


def flow(fields: Fields, called: str = NO_WORK, at: str = "") -> JsonataFlow:
    """The flow that a state's fields declare."""
    return JsonataFlow(
        given=payload(fields, "Arguments"),
        output=payload(fields, "Output", at),
        variables=payload(fields, "Assign", at),
        called=called,
    )


# Queries


def is_query(value: Json) -> bool:
    """Whether the value is a string that is to be evaluated."""
    return isinstance(value, str) and value.startswith(OPEN) and value.endswith(CLOSE) and len(value) >= 4


def source(query: str) -> str:
    """The expression inside `{% … %}`, as text."""
    return query[len(OPEN) : -len(CLOSE)].strip()


def query(text: str, where: str) -> Expression:
    """The expression inside `{% … %}`. Raises Unclear."""
    words = source(text)
    try:
        compiled = jsonata.compile(words)
    except jsonata.InvalidExpression as wrong:
        raise Unclear(wrong.message, where, "INVALID_JSONATA_EXPRESSION") from wrong
    _check_references(words, where)
    field, whole = where.lstrip("/"), not set(MEMBERS.findall(words)) <= CHEAP

    def evaluate(frame: Frame) -> Json:
        bindings = dict(frame.variables)  # all of them: one may have the name of a function
        if "states" in compiled.variables:
            bindings["states"] = frame.states(whole)
        try:
            value = compiled.evaluate(jsonata.UNDEFINED, bindings, frame.setting())
        except jsonata.EvaluationFailed as failed:
            reason = f"{failed.code}: {failed.message}"
            raise Unevaluated(errors.QUERY_THREW.format(query=words, field=field, reason=reason), field) from None
        if value is jsonata.UNDEFINED:
            raise Unevaluated(errors.QUERY_UNDEFINED.format(query=words, field=field), field)
        if jsonata.is_function(value):
            raise Unevaluated(errors.QUERY_UNSUPPORTED.format(query=words, field=field), field)
        return value

    return evaluate


def _check_references(words: str, where: str) -> None:
    """Refuse names that nothing is given for. Raises Unclear."""
    found = [NO_INPUT.format(name=name) for name in toplevel.names(words)]
    if toplevel.ERROR_OUTPUT.search(words) and not where.startswith("/Catch["):
        found.append(NO_ERROR)
    if found:
        first, *rest = [Unclear(message, where, "UNSUPPORTED_JSONATA_EXPRESSION") for message in found]
        first.others += rest
        raise first


def template(value: Json, where: str) -> Expression:
    """A value with queries anywhere in it. Raises Unclear."""
    if is_query(value):
        return query(value, where)
    if not _has_query(value):
        return constant(value)
    if isinstance(value, list):
        items = together(partial(template, item, f"{where}[{index}]") for index, item in enumerate(value))
        return lambda frame: [item(frame) for item in items]
    parts = together(partial(template, item, f"{where}/{key}") for key, item in value.items())
    members = list(zip(value, parts))
    return lambda frame: {key: part(frame) for key, part in members}


def _has_query(value: Json) -> bool:
    if isinstance(value, dict):
        return any(map(_has_query, value.values()))
    return any(map(_has_query, value)) if isinstance(value, list) else is_query(value)


def payload(fields: Fields, name: str, at: str = "") -> Expression | None:
    """A field that may be any value."""
    return template(fields[name], f"{at}/{name}") if name in fields else None


# Fields that must be of a kind


KINDS: dict[type, str] = {bool: "boolean", str: "string", list: "array", dict: "object", type(None): "null"}


def _kind(value: Json) -> str:
    return "number" if is_number(value) else KINDS[type(value)]


def _of_kind(fields: Fields, name: str, kind: str, at: str = "") -> Expression | None:
    """A field whose value must be of one JSON type."""
    compute = payload(fields, name, at)
    if compute is None or not is_query(fields[name]):
        return compute
    query, place = source(fields[name]), f"{at}/{name}".lstrip("/")

    def get(frame: Frame) -> Json:
        value = compute(frame)
        if _kind(value) != kind:
            words = {"query": query, "field": place, "expected": kind, "kind": _kind(value)}
            raise Unevaluated(errors.QUERY_KIND.format(**words, value=values.write(value)), place)
        return value

    return get


def number(fields: Fields, name: str) -> Expression | None:
    """A number, given or computed."""
    compute, kind = _of_kind(fields, name, "number"), NUMBERS[base(name)]
    if compute is None or not is_query(fields[name]):
        return compute

    def get(frame: Frame) -> Json:
        value = compute(frame)
        if not kind.fits(value):
            words = errors.NOT_A_NUMBER.format(field=base(name), kind=kind.kind, value=values.write(value))
            raise Unevaluated(words, name)
        if not kind.least <= value <= kind.most:
            raise Unevaluated(kind.words, name)
        return int(value) if kind.whole else value

    return get


def text(fields: Fields, name: str) -> Expression | None:
    """Error and Cause of a Fail state."""
    return _of_kind(fields, name, "string")


def items(fields: Fields) -> Expression:
    """What a Map state runs over: Items, or the input."""
    return _of_kind(fields, "Items", "array") or (lambda frame: frame.input)


def condition(fields: Fields, at: str) -> Condition:
    """The Condition of a choice rule."""
    holds = _of_kind(fields, "Condition", "boolean", at)
    if holds is None:
        raise Unclear("These fields are required: [Condition]", at)
    return lambda frame: bool(holds(frame))


def until(fields: Fields) -> Until:
    """The moment that a Wait state's Seconds or Timestamp names."""
    seconds = number(fields, "Seconds")
    if seconds is not None:
        return lambda frame, now: bounded(now + seconds(frame), now)
    at = _of_kind(fields, "Timestamp", "string") or constant(None)

    def moment(frame: Frame, now: float) -> float:
        value = at(frame)
        found = values.moment(value)
        if found is None:
            raise Unevaluated(errors.TIMESTAMP_UNPARSED.format(value=value), "Timestamp", found_after=True)
        return bounded(found, now)

    return moment


JSONATA = Language("JSONata", flow, number, text, payload, items, until, condition)
