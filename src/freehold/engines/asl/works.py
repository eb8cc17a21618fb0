"""What each state type does, compiled: one function a type, in a table.

One idea: by the time a function here runs, the fields are known to be right one by one; what is left is to compile
their expressions and to check what only this type knows. It knows nothing of running.
"""

import re
from collections.abc import Callable
from typing import Protocol

from freehold.engines.jsonpath import Json

from . import errors
from .distribution import UNRECOGNIZED, distribution
from .fields import CATCHER_FIELDS, DISTRIBUTED_ONLY, RETRIER_FIELDS, RULE_FIELDS
from .frame import constant
from .language import ERROR_OUTPUT, NO_WORK, Fields, Language, Unclear
from .machine import (
    Catcher,
    Choice,
    Distribution,
    Fail,
    Map,
    Parallel,
    Pass,
    Retrier,
    Rule,
    Service,
    Succeed,
    Task,
    Wait,
    Work,
)

SERVICE = re.compile(
    r"arn:[\w-]+:states:[\w-]*:\d*:((?:aws-sdk:)?[\w-]+):([\w-]+(?:\.(sync(?::2)?|waitForTaskToken))?)"
)
LAMBDA = re.compile(r"arn:[\w-]+:lambda:[\w-]+:[\w-]+:function:.+")  # AWS takes examples as they are printed
ACTIVITY = re.compile(r"arn:[\w-]+:states:[\w-]+:\d+:activity:.+")


class Compiler(Protocol):
    """What the functions here ask of whoever compiles the definition."""

    @property
    def language(self) -> Language:
        """The query language of the state."""

    def check(self, fields: Fields, allowed: frozenset[str], required: tuple[str, ...], at: str) -> bool:
        """Note what is wrong with each field of an object; answers whether nothing is."""

    def wrong(self, message: str, at: str, code: str = ...) -> None:
        """Note a problem."""

    def unclear(self, wrong: Unclear, at: str) -> None:
        """Note what is unclear in the fields of the state at a place."""

    def inner(self, fields: Json, at: str, apart: bool = False) -> str:
        """Compile the scope of a branch or a processor; answers its location. `apart`: it sees no variables around."""


def service(resource: str) -> Service | None:
    """What a Resource ARN means, or None if it means nothing."""
    if LAMBDA.fullmatch(resource):
        return Service("LambdaFunction", "lambda", "", "")
    if ACTIVITY.fullmatch(resource):
        return Service("Activity", "", "", "")
    found = SERVICE.fullmatch(resource)
    return Service("Task", found.group(1), found.group(2), found.group(3) or "") if found else None


def _pass(_: Compiler, fields: Fields, _at: str) -> Work:
    return Pass(constant(fields["Result"]) if "Result" in fields else None)


def _task(compiler: Compiler, fields: Fields, at: str) -> Work:
    called = service(fields["Resource"])
    if called is None:
        compiler.wrong(UNRECOGNIZED.format(resource=fields["Resource"]), f"{at}/Resource")
        called = Service("Task", "", "", "")
    if "Credentials" in fields and not fields["Credentials"].keys() & {"RoleArn", "RoleArn.$"}:
        compiler.wrong("The field 'RoleArn' is required but was missing", f"{at}/Credentials")
    return Task(
        resource=fields["Resource"],
        service=called,
        credentials=compiler.language.template(fields, "Credentials"),
        timeout=compiler.language.number(fields, "TimeoutSeconds"),
        heartbeat=compiler.language.number(fields, "HeartbeatSeconds"),
    )


def _choice(compiler: Compiler, fields: Fields, at: str) -> Work:
    around = {name: fields[name] for name in ("InputPath", "OutputPath") if name in fields}
    rules = [_rule(compiler, rule, around, at, f"/Choices[{n}]") for n, rule in enumerate(fields["Choices"])]
    return Choice(tuple(rule for rule in rules if rule), fields.get("Default"))


def _rule(compiler: Compiler, fields: Json, around: Fields, at: str, place: str) -> Rule | None:
    if not isinstance(fields, dict):
        compiler.wrong("Expected value of type Object", at + place)
        return None
    if not compiler.check(fields, RULE_FIELDS, ("Next",), at + place):
        return None
    try:
        flow = compiler.language.flow({**around, **_flowing(fields)}, NO_WORK, place)
        return Rule(compiler.language.condition(fields, place), fields["Next"], flow)
    except Unclear as wrong:
        compiler.unclear(wrong, at)
    return None


def _flowing(fields: Fields) -> Fields:
    """Of a rule's or catcher's fields, those through which data flows."""
    return {name: fields[name] for name in ("Assign", "Output", "ResultPath") if name in fields}


def _wait(compiler: Compiler, fields: Fields, _at: str) -> Work:
    return Wait(compiler.language.until(fields))


def _succeed(_: Compiler, _fields: Fields, _at: str) -> Work:
    return Succeed()


def _fail(compiler: Compiler, fields: Fields, _at: str) -> Work:
    return Fail(compiler.language.text(fields, "Error"), compiler.language.text(fields, "Cause"))


def _parallel(compiler: Compiler, fields: Fields, at: str) -> Work:
    branches = enumerate(fields["Branches"])
    return Parallel(tuple(compiler.inner(branch, f"{at}/Branches[{index}]") for index, branch in branches))


def _map(compiler: Compiler, fields: Fields, at: str) -> Work:
    name = "ItemProcessor" if "ItemProcessor" in fields else "Iterator"
    config = fields[name].get("ProcessorConfig")
    shared: Distribution | None = None
    if isinstance(config, dict) and config.get("Mode") == "DISTRIBUTED":
        shared = distribution(compiler, fields, config, at, f"{at}/{name}/ProcessorConfig")
    else:
        for part in DISTRIBUTED_ONLY:
            if part in fields:
                compiler.wrong(f"Field '{part}' is only supported for the 'DISTRIBUTED' mode", at)
    language = compiler.language  # not that of the states inside
    template, number = language.template, language.number
    return Map(
        processor=compiler.inner(fields[name], f"{at}/{name}", apart=shared is not None),
        items=language.items(fields),
        selector=template(fields, "ItemSelector") or template(fields, "Parameters"),
        concurrency=number(fields, "MaxConcurrency"),
        failures_max=number(fields, "ToleratedFailureCount"),
        failures_percent_max=number(fields, "ToleratedFailurePercentage"),
        distribution=shared,
    )


WORKS: dict[str, Callable[[Compiler, Fields, str], Work]] = {
    "Task": _task,
    "Wait": _wait,
    "Pass": _pass,
    "Succeed": _succeed,
    "Fail": _fail,
    "Choice": _choice,
    "Parallel": _parallel,
    "Map": _map,
}


def retriers(compiler: Compiler, rules: list[Json], at: str) -> tuple[Retrier, ...]:
    """Compile Retry. Defaults: 3 attempts, 1 second, doubled each time."""
    compiled: list[Retrier] = []
    for names, rule, _ in _error_rules(compiler, rules, RETRIER_FIELDS, ("ErrorEquals",), at, "/Retry"):
        compiled.append(
            Retrier(
                errors=names,
                interval_s=rule.get("IntervalSeconds", 1),
                attempts_max=rule.get("MaxAttempts", 3),
                backoff=rule.get("BackoffRate", 2.0),
                delay_max_s=rule.get("MaxDelaySeconds"),
                full_jitter=rule.get("JitterStrategy") == "FULL",
            )
        )
    return tuple(compiled)


def catchers(compiler: Compiler, rules: list[Json], at: str) -> tuple[Catcher, ...]:
    """Compile Catch."""
    compiled: list[Catcher] = []
    for names, rule, place in _error_rules(compiler, rules, CATCHER_FIELDS, ("ErrorEquals", "Next"), at, "/Catch"):
        try:
            compiled.append(Catcher(names, rule["Next"], compiler.language.flow(_flowing(rule), ERROR_OUTPUT, place)))
        except Unclear as wrong:
            compiler.unclear(wrong, at)
    return tuple(compiled)


def _error_rules(
    compiler: Compiler, rules: list[Json], allowed: frozenset[str], required: tuple[str, ...], at: str, group: str
) -> list[tuple[frozenset[str], Fields, str]]:
    """The rules that are right, with the names of their errors and their places in the state at `at`."""
    found: list[tuple[frozenset[str], Fields, str]] = []
    for index, rule in enumerate(rules):
        place = f"{group}[{index}]"
        where = at + place
        if not isinstance(rule, dict):
            compiler.wrong("Expected value of type Object", where)
            continue
        if not compiler.check(rule, allowed, required, where):
            continue
        names = rule["ErrorEquals"]
        if not all(isinstance(name, str) for name in names):
            compiler.wrong("Expected an array of strings", f"{where}/ErrorEquals")
        elif errors.ALL in names and (len(names) > 1 or index < len(rules) - 1):
            compiler.wrong("States.ALL must appear alone, and in the last of the rules", f"{where}/ErrorEquals")
        else:
            found.append((frozenset(names), rule, place))
    return found
