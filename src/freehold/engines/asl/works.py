"""What each state type does, compiled: one function a type, in a table.

One idea: by the time a function here runs, the fields are known to be right one by one; what is left is to compile
their expressions and to check what only this type knows. It knows nothing of running.
"""

import re
from collections.abc import Callable
from typing import Protocol

from freehold.engines.jsonpath import Json, PathSyntaxError

from . import errors
from .fields import CATCHER_FIELDS, DISTRIBUTED_ONLY, RETRIER_FIELDS, RULE_FIELDS
from .flow import WHOLE, Fields, Language, field, selection
from .machine import (
    Catcher,
    Choice,
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
from .payload import constant, template
from .waits import wait_until

SERVICE = re.compile(
    r"arn:[\w-]+:states:[\w-]*:\d*:((?:aws-sdk:)?[\w-]+):([\w-]+(?:\.(sync(?::2)?|waitForTaskToken))?)"
)
LAMBDA = re.compile(r"arn:[\w-]+:lambda:[\w-]+:\d+:function:.+")
ACTIVITY = re.compile(r"arn:[\w-]+:states:[\w-]+:\d+:activity:.+")


class Compiler(Protocol):
    """What the functions here ask of whoever compiles the definition."""

    @property
    def language(self) -> Language:
        """The query language of the state."""

    def check(self, fields: Fields, allowed: frozenset[str], required: tuple[str, ...], at: str) -> bool:
        """Note what is wrong with each field of an object; answers whether nothing is."""

    def wrong(self, message: str, at: str) -> None:
        """Note a problem."""

    def inner(self, fields: Json, at: str) -> str:
        """Compile the scope of a branch or a processor; answers its location."""


def service(resource: str) -> Service | None:
    """What a Resource ARN means, or None if it means nothing."""
    if LAMBDA.fullmatch(resource):
        return Service("LambdaFunction", "lambda", "", "")
    if ACTIVITY.fullmatch(resource):
        return Service("Activity", "", "", "")
    found = SERVICE.fullmatch(resource)
    return Service("Task", found.group(1), found.group(2), found.group(3) or "") if found else None


def _pass(_: Compiler, fields: Fields, _at: str) -> Work:
    return Pass(field(fields, "Result", constant, None))


def _task(compiler: Compiler, fields: Fields, at: str) -> Work:
    called = service(fields["Resource"])
    if called is None:
        compiler.wrong(f"The resource provided {fields['Resource']} is not recognized", f"{at}/Resource")
        called = Service("Task", "", "", "")
    credentials = fields.get("Credentials", {})
    if "Credentials" in fields and not credentials.keys() & {"RoleArn", "RoleArn.$"}:
        compiler.wrong("The field 'RoleArn' is required but was missing", f"{at}/Credentials")
    return Task(
        resource=fields["Resource"],
        service=called,
        credentials=field(fields, "Credentials", template, None),
        timeout=compiler.language.number(fields, "TimeoutSeconds"),
        heartbeat=compiler.language.number(fields, "HeartbeatSeconds"),
        paths=_paths(fields),
    )


def _paths(fields: Fields) -> dict[str, str]:
    return {name: path for name, path in fields.items() if name.endswith("Path") and isinstance(path, str)}


def _choice(compiler: Compiler, fields: Fields, at: str) -> Work:
    rules = [_rule(compiler, rule, f"{at}/Choices[{index}]") for index, rule in enumerate(fields["Choices"])]
    return Choice(tuple(rule for rule in rules if rule), fields.get("Default"))


def _rule(compiler: Compiler, fields: Json, at: str) -> Rule | None:
    if not isinstance(fields, dict):
        compiler.wrong("Expected value of type Object", at)
        return None
    if not compiler.check(fields, RULE_FIELDS, ("Next",), at):
        return None
    try:
        return Rule(compiler.language.condition(fields), fields["Next"], compiler.language.flow(_assigning(fields)))
    except PathSyntaxError as wrong:
        compiler.wrong(f"The choice rule is not valid: {wrong}", at)
        return None


def _assigning(fields: Fields) -> Fields:
    """Of a rule's or catcher's fields, those through which data flows."""
    return {name: fields[name] for name in ("Assign", "ResultPath") if name in fields}


def _wait(_: Compiler, fields: Fields, _at: str) -> Work:
    return Wait(wait_until(fields))


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
    mode = config.get("Mode", "INLINE") if isinstance(config, dict) else "INLINE"
    if mode != "INLINE" or any(part in fields for part in DISTRIBUTED_ONLY):
        compiler.wrong("Freehold does not run distributed Map states yet", at)
    selector = field(fields, "ItemSelector", template, None) or field(fields, "Parameters", template, None)
    number = compiler.language.number
    return Map(
        processor=compiler.inner(fields[name], f"{at}/{name}"),
        items=field(fields, "ItemsPath", selection, WHOLE),
        selector=selector,
        concurrency=number(fields, "MaxConcurrency"),
        failures_max=number(fields, "ToleratedFailureCount"),
        failures_percent_max=number(fields, "ToleratedFailurePercentage"),
        paths=_paths(fields),
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
    for names, rule in _error_rules(compiler, rules, RETRIER_FIELDS, ("ErrorEquals",), at):
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
    for names, rule in _error_rules(compiler, rules, CATCHER_FIELDS, ("ErrorEquals", "Next"), at):
        compiled.append(Catcher(names, rule["Next"], compiler.language.flow(_assigning(rule))))
    return tuple(compiled)


def _error_rules(
    compiler: Compiler, rules: list[Json], allowed: frozenset[str], required: tuple[str, ...], at: str
) -> list[tuple[frozenset[str], Fields]]:
    """The rules that are right, with the names of their errors."""
    found: list[tuple[frozenset[str], Fields]] = []
    for index, rule in enumerate(rules):
        where = f"{at}[{index}]"
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
            found.append((frozenset(names), rule))
    return found
