"""Outputs and exports: what a stack tells when it is done, and what stacks of an account and region give each other.

One idea: an export is a row of its name, so a name has one owner; an import is a row of name and importer, so what is
in use cannot change.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from freehold.engines import cfn
from freehold.kernel.store import Record, Tx
from freehold.services.cloudformation import errors
from freehold.services.cloudformation.stacks import Output, Stack

IMPORT = "Fn::ImportValue"


class Export(Record, table="cfn_exports", key="name", index="stack"):
    name: str
    value: str
    stack: str
    stack_name: str


class Import(Record, table="cfn_imports", key="name stack", index="stack"):
    name: str
    stack: str
    stack_name: str


class Exported(Mapping[str, str]):
    """What is exported, as evaluation sees it, looked up when asked for."""

    def __init__(self, tx: Tx):
        self._tx = tx

    def __getitem__(self, name: str) -> str:
        found = self._tx.get(Export, name)
        if found is None:
            raise KeyError(name)
        return found.value

    def __iter__(self) -> Iterator[str]:
        return (export.name for export in self._tx.range(Export))

    def __len__(self) -> int:
        return self._tx.count(Export)


def publish(tx: Tx, stack: str, stack_name: str, outputs: list[Output]) -> None:
    """Make these the stack's exports. Raises when a name is another's, or a value in use would change or go."""
    wanted = {output.export: output.value for output in outputs if output.export}
    for name in wanted:
        owner = tx.get(Export, name)
        if owner and owner.stack != stack:
            raise errors.ExportTaken(name=name, stack=owner.stack)
    old = tx.range(Export, stack, index="stack")
    for export in old:
        if wanted.get(export.name) != export.value:
            _refuse_in_use(tx, export.name, "updated" if export.name in wanted else "deleted")
    for export in old:
        if export.name not in wanted:
            tx.delete(Export, export.name)
    for name, value in wanted.items():
        tx.put(Export(name=name, value=value, stack=stack, stack_name=stack_name))


def check_unused(tx: Tx, stack: str) -> None:
    """Raise when another stack imports what this one exports."""
    for export in tx.range(Export, stack, index="stack"):
        _refuse_in_use(tx, export.name, "deleted")


def _refuse_in_use(tx: Tx, name: str, action: str) -> None:
    users = importers(tx, name)
    if users:
        raise errors.ExportInUse(name=name, action=action, stacks=" and ".join(users))


def importers(tx: Tx, name: str) -> list[str]:
    """The names of the stacks that import this."""
    return [user.stack_name for user in tx.range(Import, name)]


def subscribe(tx: Tx, stack: str, stack_name: str, names: set[str]) -> None:
    """Make these the stack's imports."""
    for one in tx.range(Import, stack, index="stack"):
        if one.name not in names:
            tx.delete(Import, one.name, stack)
    for name in names:
        tx.put(Import(name=name, stack=stack, stack_name=stack_name))


def imported(value: Any, env: cfn.Environment) -> set[str]:
    """The names that the functions in a value import; those that hang on a resource are left out."""
    if isinstance(value, list):
        return set().union(*(imported(item, env) for item in value))
    if not isinstance(value, dict):
        return set()
    if list(value) == [IMPORT]:
        name = cfn.evaluate_known(value[IMPORT], env)
        return {name} if isinstance(name, str) else set()
    return set().union(*(imported(item, env) for item in value.values()))


def outputs(tx: Tx, stack: Stack, template: cfn.Template, env: cfn.Environment) -> list[Output]:
    """The outputs of a finished deployment, its exports published. Raises ValidationErrors."""
    made = []
    for output in template.outputs.values():
        if cfn.exists(output, env):
            export = cfn.coerce.text(cfn.evaluate(output.export, env)) if output.export is not None else ""
            value = cfn.coerce.text(cfn.evaluate(output.value, env), output.name)
            made.append(Output(key=output.name, value=value, description=output.description or "", export=export))
    publish(tx, stack.id, stack.name, made)
    return made


def printed(output: Output) -> dict[str, Any]:
    """An Output, as stacks show it."""
    optional = {"Description": output.description, "ExportName": output.export}
    shown = {"OutputKey": output.key, "OutputValue": output.value}
    return shown | {key: value for key, value in optional.items() if value}
