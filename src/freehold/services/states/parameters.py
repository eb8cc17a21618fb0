"""Parameters: whether what a task hands to a service is what the operation takes.

One idea: the operation's input shape says which members there are and which must be; Step Functions asks when a machine
is made, of the names that stand in the definition. It may not know what values they will have.

https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html#use-aws-sdk-integ-parameters
"""

from collections.abc import Iterator
from typing import Any

from freehold.engines import asl
from freehold.engines.asl.works import service
from freehold.engines.sdk import shapes
from freehold.services.states.known import SDK, model_of

INVALID = "SCHEMA_VALIDATION_FAILED"
UNSUPPORTED = "The field '{name}' is not supported by Step Functions"
MISSING = "The field '{name}' is required but was missing"
# The optimised integrations whose parameters are those of the operation, no more and no less.
PLAIN = ("dynamodb", "events", "lambda", "sns", "sqs", "states")
INNER = ("ItemProcessor", "Iterator")


def problems(scope: dict[str, Any], at: str = "") -> Iterator[asl.Problem]:
    """What is wrong with the parameters of the tasks in a machine, branch or processor that compiles."""
    for name, state in scope["States"].items():
        where = f"{at}/States/{name}"
        for field in ("Parameters", "Arguments"):
            if state["Type"] == "Task" and isinstance(state.get(field), dict):
                yield from _of_task(state["Resource"], state[field], f"{where}/{field}")
        for index, branch in enumerate(state.get("Branches", ())):
            yield from problems(branch, f"{where}/Branches[{index}]")
        for field in INNER:
            if field in state:
                yield from problems(state[field], f"{where}/{field}")


def _of_task(resource: str, given: dict[str, Any], at: str) -> Iterator[asl.Problem]:
    called = service(resource)
    if called is None or not (called.resource_type in PLAIN or called.resource_type.startswith(SDK)):
        return
    model = shapes.found(model_of(called.resource_type))
    operation = model.operation(called.action.partition(".")[0]) if model else None
    if model is None or operation is None:
        return
    use = model.operations[operation].input
    shape = model.shapes[use.shape] if use else shapes.Shape("structure")
    names = {name.removesuffix(".$").lower(): name.removesuffix(".$") for name in given}
    known = {member.lower(): member for member in shape.members}
    for lower, name in names.items():
        if lower not in known:
            yield asl.Problem(INVALID, UNSUPPORTED.format(name=name), at)
    for member in shape.required:
        if member.lower() not in names:
            yield asl.Problem(INVALID, MISSING.format(name=member[:1].upper() + member[1:]), at)
