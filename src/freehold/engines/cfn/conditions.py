"""Conditions and rules: what parameters alone decide.

One idea: conditions are decided in the order of their own references, rules after them; both see parameters, pseudo
parameters and mappings only. They may not know resources.

AWS CloudFormation User Guide, "CloudFormation template Conditions syntax" and "… Rules syntax".
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import Any

from freehold.engines import coerce
from freehold.engines.cfn.environment import Environment, Known
from freehold.engines.cfn.errors import InvalidTemplate, bracketed
from freehold.engines.cfn.evaluate import evaluate
from freehold.engines.cfn.functions import CONDITIONS, FUNCTIONS, Function
from freehold.engines.cfn.template import Template


def environment(
    template: Template,
    parameters: Mapping[str, Any],
    pseudo: Mapping[str, Any],
    resources: Mapping[str, Known] | None = None,
    exports: Mapping[str, str] | None = None,
) -> Environment:
    """Where a template is evaluated: its mappings, the values given and, when no transform is left, its conditions.

    `parameters` are resolved (`cfn.resolved`); `pseudo` has AWS::Region and its kin.
    """
    env = Environment(
        parameters=parameters,
        pseudo=pseudo,
        mappings=template.mappings,
        resources=resources or {},
        exports=exports or {},
    )
    return env if template.transforms else replace(env, conditions=decide(template.conditions, env))


def decide(conditions: Mapping[str, Any], env: Environment) -> dict[str, bool]:
    """Each named condition's truth. Raises InvalidTemplate when they go round in a circle."""
    needs = {name: set(_condition_names(body)) & set(conditions) for name, body in conditions.items()}
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as cycle:
        raise InvalidTemplate(
            message=f"Template error: Found circular condition dependency: {bracketed(cycle.args[1])}"
        ) from None
    decided: dict[str, bool] = {}
    for name in order:
        truth = evaluate(conditions[name], replace(env, conditions=decided), FUNCTIONS | CONDITIONS)
        decided[name] = coerce.boolean(truth, name)
    return {name: decided[name] for name in conditions}


def _condition_names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, child in value.items():
            if key == "Condition" and isinstance(child, str):
                yield child
            elif key == "Fn::If" and isinstance(child, list) and child and isinstance(child[0], str):
                yield child[0]
            yield from _condition_names(child)
    elif isinstance(value, list):
        for child in value:
            yield from _condition_names(child)


def check_rules(template: Template, env: Environment) -> None:
    """Raise InvalidTemplate with the first failed assertion's description."""
    for name, rule in template.rules.items():
        if "RuleCondition" in rule and not _holds(rule["RuleCondition"], env):
            continue
        for assertion in rule.get("Assertions", []):
            if not _holds(assertion["Assert"], env):
                raise InvalidTemplate(message=assertion.get("AssertDescription") or f"Rule {name} failed.")


def _holds(value: Any, env: Environment) -> bool:
    return coerce.boolean(evaluate(value, env, RULES), "Assert")


def _contains(argument: Any, env: Environment) -> bool:
    values, wanted = _pair("Fn::Contains", argument)
    return coerce.text(wanted) in [coerce.text(value) for value in values]


def _each_member_equals(argument: Any, env: Environment) -> bool:
    values, wanted = _pair("Fn::EachMemberEquals", argument)
    return all(coerce.text(value) == coerce.text(wanted) for value in values)


def _each_member_in(argument: Any, env: Environment) -> bool:
    values, allowed = _pair("Fn::EachMemberIn", argument)
    return {coerce.text(value) for value in values} <= {coerce.text(value) for value in allowed}


def _pair(name: str, argument: Any) -> tuple[list[Any], Any]:
    if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], list):
        raise InvalidTemplate(message=f"Template error: every {name} object requires a list of strings and a value.")
    return argument[0], argument[1]


# Fn::RefAll, Fn::ValueOf and Fn::ValueOfAll ask about the account's own VPCs and the like, which rules here do not see.
RULES: dict[str, Function] = (
    FUNCTIONS
    | CONDITIONS
    | {
        "Fn::Contains": _contains,
        "Fn::EachMemberEquals": _each_member_equals,
        "Fn::EachMemberIn": _each_member_in,
    }
)
