"""All the expressions of one request at once, or the legacy parameters in their place.

One idea: a table says which parameters an operation has, and the steps below are AWS's order of complaint. What
expressions say follows from their texts, the names and the types of the values beside them, so it is planned once for
all requests that are alike in these. It knows a request only by the names of these parameters. Rules: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/
"""

from collections.abc import Callable, Hashable, KeysView, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from freehold.engines.expressions import legacy
from freehold.engines.expressions.conditions import Condition, PlannedCondition, plan_condition
from freehold.engines.expressions.errors import MixedParameters, NamesWithoutExpression, ValuesWithoutExpression
from freehold.engines.expressions.keyconditions import KeyTests, PlannedTests, bind_key_condition, plan_tests, tests_of
from freehold.engines.expressions.projections import Projection, compile_projection
from freehold.engines.expressions.scope import NAMES, VALUES, Look, Scope, admit_values
from freehold.engines.expressions.updates import Update, plan_update
from freehold.engines.expressions.values import Item, admit_item


class Parameters(NamedTuple):
    """An operation's expression parameters, and those they replaced, in AWS's order of naming them; `named` are all of
    these, and the placeholders': a request without one of them says nothing that has to be compiled."""

    expressions: tuple[str, ...]
    legacy: KeysView[str]
    named: frozenset[str]

    def given(self, request: Mapping[str, Any]) -> list[str]:
        """The expressions that a request has."""
        return [name for name in self.expressions if request.get(name) is not None]

    def replaced(self, request: Mapping[str, Any]) -> list[str]:
        """The parameters that a request has in place of expressions."""
        if self.legacy.isdisjoint(request):
            return []
        return [name for name in self.legacy if request.get(name) is not None]


def _parameters(*expressions: str, legacy: tuple[str, ...]) -> Parameters:
    return Parameters(expressions, dict.fromkeys(legacy).keys(), frozenset((*expressions, *legacy, NAMES, VALUES)))


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


class Planned(NamedTuple):
    """As Compiled, of expressions alone, for any values of the types they were planned for; `looks` is what has to be
    looked at in the values themselves."""

    update: Update | None = None
    condition: PlannedCondition | None = None
    keys: PlannedTests | None = None
    filter: PlannedCondition | None = None
    projection: Projection | None = None
    looks: tuple[Look, ...] = ()


# Parameter → the part of Planned it gives, and its compiler. In the order in which AWS reads them.
_COMPILERS: dict[str, tuple[str, Callable[[str, str, Scope], Any]]] = {
    "UpdateExpression": ("update", plan_update),
    "ConditionExpression": ("condition", plan_condition),
    "KeyConditionExpression": ("keys", bind_key_condition),
    "FilterExpression": ("filter", plan_condition),
    "ProjectionExpression": ("projection", compile_projection),
}
PLANS_MAX = 1_024
NAMES_SIZE_MAX = 4_096  # letters of the names in a request that is kept
_plans: dict[Hashable, Planned] = {}  # by all they follow from, the oldest first


def admit_request(operation: str, request: Mapping[str, Any]) -> Item:
    """The request's Item or Key in stored form ({} if it has none), which AWS looks at before it reads expressions.

    Raises ValidationException, also for parameters that do not go together.
    """
    named = OPERATIONS[operation].named
    if not named.isdisjoint(request):
        _check_together(operation, named.intersection([name for name in request if request[name] is not None]))
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
    old = _compile_legacy(request) if parameters.replaced(request) else {}
    if between:
        between()
    given = parameters.given(request)
    compiled = _compile_expressions(given, request) if given else NOTHING
    if request.get("KeyConditions") is not None:
        old["keys"] = legacy.compile_key_conditions(request["KeyConditions"])
    return compiled._replace(**old) if old else compiled


def _compile_expressions(given: list[str], request: Mapping[str, Any]) -> Compiled:
    names, values = request.get(NAMES), request.get(VALUES)
    shape = (
        *[(name, request[name]) for name in given],
        tuple(names.items()) if names else names is None,
        tuple([(name, *value) for name, value in values.items()]) if values else values is None,
    )
    planned = _plans.get(shape)
    if planned:  # all that can be wrong with such a request is in its values
        held = admit_values(values) if values else {}
        for look in planned.looks:
            look(held)
    else:
        scope = Scope(names, values)
        planned, held = _plan(given, request, scope), scope.values
        if sum(map(len, names.values() if names else ())) <= NAMES_SIZE_MAX:
            _keep(shape, planned)
    update, condition, keys, filter, projection, _ = planned
    return Compiled(
        update and update.of(held), condition and condition.of(held), tests_of(keys, held) if keys else None,
        filter and filter.of(held), projection,
    )  # fmt: skip


def _keep(shape: Hashable, planned: Planned) -> None:
    if len(_plans) >= PLANS_MAX:
        del _plans[next(iter(_plans))]
    _plans[shape] = planned


def _plan(given: list[str], request: Mapping[str, Any], scope: Scope) -> Planned:
    parts = {
        part: compiler(name, request[name], scope) for name, (part, compiler) in _COMPILERS.items() if name in given
    }
    scope.check_all_used()
    if "keys" in parts:
        parts["keys"] = plan_tests(parts["keys"])
    return Planned(**parts, looks=tuple(scope.looks))


@lru_cache(maxsize=512)
def _check_together(operation: str, members: frozenset[str]) -> None:
    """Refuse expressions beside what they replaced, and placeholders without expressions."""
    parameters = OPERATIONS[operation]
    given = [name for name in parameters.expressions if name in members]
    if given:
        # KeyConditions alone may stand beside expressions, in the place of its own.
        allowed = () if "KeyConditionExpression" in given else ("KeyConditions",)
        old = [name for name in parameters.legacy if name in members and name not in allowed]
        if old:
            raise MixedParameters(legacy=", ".join(old), expressions=", ".join(given))
    elif NAMES in members:
        raise NamesWithoutExpression()
    valued = [name for name in parameters.expressions if name != "ProjectionExpression"]
    if VALUES in members and valued and not set(valued) & set(given):
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
