"""All the expressions of one request at once, or the legacy parameters in their place.

One idea: a table says which parameters an operation has, and the steps below are AWS's order of complaint. It knows a
request only by the names of these parameters. Rules: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from freehold.engines.expressions import legacy
from freehold.engines.expressions.conditions import Condition, compile_condition
from freehold.engines.expressions.errors import MixedParameters, NamesWithoutExpression, ValuesWithoutExpression
from freehold.engines.expressions.keyconditions import KeyTests, bind_key_condition, key_tests
from freehold.engines.expressions.projections import Projection, compile_projection
from freehold.engines.expressions.scope import NAMES, VALUES, Scope
from freehold.engines.expressions.updates import Update, compile_update
from freehold.engines.expressions.values import Item, admit_item


class Parameters(NamedTuple):
    """An operation's expression parameters, and those they replaced, in AWS's order of naming them; `named` are all of
    these, and the placeholders': a request without one of them says nothing that has to be compiled."""

    expressions: tuple[str, ...]
    legacy: tuple[str, ...]
    named: frozenset[str]


def _parameters(*expressions: str, legacy: tuple[str, ...]) -> Parameters:
    return Parameters(expressions, legacy, frozenset((*expressions, *legacy, NAMES, VALUES)))


_WRITE = _parameters("ConditionExpression", legacy=("Expected", "ConditionalOperator"))
OPERATIONS: dict[str, Parameters] = {
    "GetItem": _parameters("ProjectionExpression", legacy=("AttributesToGet",)),
    "PutItem": _WRITE,
    "DeleteItem": _WRITE,
    "UpdateItem": _parameters(
        *("UpdateExpression", "ConditionExpression"),
        legacy=("AttributeUpdates", "Expected", "ConditionalOperator"),
    ),
    "Query": _parameters(
        *("ProjectionExpression", "FilterExpression", "KeyConditionExpression"),
        legacy=("AttributesToGet", "QueryFilter", "ConditionalOperator", "KeyConditions"),
    ),
    "Scan": _parameters(
        *("ProjectionExpression", "FilterExpression"),
        legacy=("AttributesToGet", "ScanFilter", "ConditionalOperator"),
    ),
}


class Compiled(NamedTuple):
    """What a request's expressions say; None for what it has not."""

    update: Update | None = None
    condition: Condition | None = None
    keys: KeyTests | None = None
    filter: Condition | None = None
    projection: Projection | None = None


NOTHING = Compiled()

# Parameter → the part of Compiled it gives, and its compiler. In the order in which AWS reads them.
_COMPILERS: dict[str, tuple[str, Callable[[str, str, Scope], Any]]] = {
    "UpdateExpression": ("update", compile_update),
    "ConditionExpression": ("condition", compile_condition),
    "KeyConditionExpression": ("keys", bind_key_condition),
    "FilterExpression": ("filter", compile_condition),
    "ProjectionExpression": ("projection", compile_projection),
}


def admit_request(operation: str, request: Mapping[str, Any]) -> Item:
    """The request's Item or Key in stored form ({} if it has none), which AWS looks at before it reads expressions.

    Raises ValidationException, also for parameters that do not go together.
    """
    parameters = OPERATIONS[operation]
    if not parameters.named.isdisjoint(request):
        _check_parameters(parameters, _given(parameters, request), request)
    return admit_item(request.get("Item") or request.get("Key") or {})


def compile_request(operation: str, request: Mapping[str, Any], between: Callable[[], None] | None = None) -> Compiled:
    """The compiled expressions of a request of `operation` (for parts of a transaction, of the operation they are).

    Raises ValidationException at the first fault, in AWS's order. What `between` looks at comes after the parameters
    that expressions replaced and before the expressions.
    """
    parameters = OPERATIONS[operation]
    if parameters.named.isdisjoint(request):
        if between:
            between()
        return NOTHING
    given = _given(parameters, request)
    compiled = _compile_legacy(request) if any(request.get(name) is not None for name in parameters.legacy) else {}
    if between:
        between()
    if given:
        _compile_expressions(given, request, compiled)
    if request.get("KeyConditions") is not None:
        compiled["keys"] = legacy.compile_key_conditions(request["KeyConditions"])
    return Compiled(**compiled)


def _given(parameters: Parameters, request: Mapping[str, Any]) -> list[str]:
    return [name for name in parameters.expressions if request.get(name) is not None]


def _compile_expressions(given: list[str], request: Mapping[str, Any], compiled: dict[str, Any]) -> None:
    scope = Scope(request.get("ExpressionAttributeNames"), request.get("ExpressionAttributeValues"))
    for name, (part, compiler) in _COMPILERS.items():
        if name in given:
            compiled[part] = compiler(name, request[name], scope)
    scope.check_all_used()
    if "KeyConditionExpression" in given:
        compiled["keys"] = key_tests(compiled["keys"])


def _check_parameters(parameters: Parameters, given: list[str], request: Mapping[str, Any]) -> None:
    """Refuse expressions beside what they replaced, and placeholders without expressions."""
    if given:
        # KeyConditions alone may stand beside expressions, in the place of its own.
        allowed = () if "KeyConditionExpression" in given else ("KeyConditions",)
        old = [name for name in parameters.legacy if request.get(name) is not None and name not in allowed]
        if old:
            raise MixedParameters(legacy=", ".join(old), expressions=", ".join(given))
    elif request.get("ExpressionAttributeNames") is not None:
        raise NamesWithoutExpression()
    valued = [name for name in parameters.expressions if name != "ProjectionExpression"]
    if request.get("ExpressionAttributeValues") is not None and valued and not set(valued) & set(given):
        verb = "are" if len(valued) > 1 else "is"
        raise ValuesWithoutExpression(parameters=f"{' and '.join(valued)} {verb}")


def _compile_legacy(request: Mapping[str, Any]) -> dict[str, Any]:
    compiled: dict[str, Any] = {}
    if request.get("AttributeUpdates") is not None:
        compiled["update"] = legacy.compile_attribute_updates(request["AttributeUpdates"])
    joint = request.get("ConditionalOperator")
    filters = request.get("QueryFilter", request.get("ScanFilter"))
    if request.get("Expected") is not None:
        compiled["condition"] = legacy.compile_expected(request["Expected"], joint)
    elif filters is not None:
        if "QueryFilter" in request:  # A scan's filter is read after the attributes to get, a query's before.
            compiled["filter"] = legacy.compile_filter(filters, joint)
    elif joint:
        raise legacy.OperatorWithoutConditions()
    if request.get("AttributesToGet") is not None:
        compiled["projection"] = legacy.compile_attributes_to_get(request["AttributesToGet"])
    if filters is not None and "filter" not in compiled:
        compiled["filter"] = legacy.compile_filter(filters, joint)
    return compiled
