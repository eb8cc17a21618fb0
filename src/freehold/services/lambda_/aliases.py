"""Aliases: names that point to a version, or to two by weight.

One idea: a qualifier is a version's number, $LATEST or an alias; `route` turns any of them into one version. It may not
know what a version holds.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html
"""

from freehold.kernel.store import Record, Tx
from freehold.services.lambda_ import errors, functions
from freehold.services.lambda_.functions import Version
from freehold.services.lambda_.names import LATEST

NAME = "(?!^[0-9]+$)([a-zA-Z0-9-_]+)"
LATEST_WEIGHED = "$LATEST is not supported for an alias pointing to more than 1 version"
SAME_VERSION = (
    "Invalid function version {label}. Function version {label} is already included in routing configuration."
)
ONE_MORE = "Number of items in AdditionalVersionWeights cannot be greater than 1"


class Alias(Record, table="lambda_aliases", key="function name"):
    """`weights` gives the share (0 to 1) of requests that go to other versions than `version`."""

    function: str
    name: str
    version: str
    revision: str
    description: str = ""
    weights: dict[str, float] = {}


def find(tx: Tx, function: str, name: str) -> Alias:
    """The alias; AliasNotFound if there is none."""
    alias = tx.get(Alias, function, name)
    if alias is None:
        raise errors.AliasNotFound(arn=functions.arn(tx, function, name))
    return alias


def put(tx: Tx, alias: Alias) -> Alias:
    """Keep an alias whose versions exist and whose weights make sense."""
    functions.version(tx, alias.function, alias.version)
    if len(alias.weights) > 1:
        raise errors.InvalidParameterValueException(message=ONE_MORE)
    if alias.weights and LATEST in (alias.version, *alias.weights):
        raise errors.InvalidParameterValueException(message=LATEST_WEIGHED)
    if alias.version in alias.weights:
        raise errors.InvalidParameterValueException(message=SAME_VERSION.format(label=alias.version))
    for label in alias.weights:
        functions.version(tx, alias.function, label)
    alias.revision = tx.ids.uuid()
    tx.put(alias)
    return alias


def of(tx: Tx, function: str, label: str = "") -> list[Alias]:
    """The function's aliases by name; only those that point to a version, if one is given."""
    found = tx.range(Alias, function)
    return [alias for alias in found if not label or alias.version == label or label in alias.weights]


def route(tx: Tx, function: str, qualifier: str) -> Version:
    """The version that serves a request for the qualifier, by chance where an alias has weights."""
    if qualifier in ("", LATEST) or qualifier.isdigit():
        return functions.version(tx, function, qualifier or LATEST)
    alias = tx.get(Alias, function, qualifier)
    if alias is None:
        raise errors.FunctionNotFound(arn=functions.arn(tx, function, qualifier))
    chance = tx.ids.random() if alias.weights else 0.0
    for label, share in alias.weights.items():
        if chance < share:
            return functions.version(tx, function, label)
        chance -= share
    return functions.version(tx, function, alias.version)


def pointed(tx: Tx, function: str, qualifier: str) -> Version:
    """The version that a qualifier stands for, whatever weights an alias has."""
    alias = None if qualifier in ("", LATEST) or qualifier.isdigit() else tx.get(Alias, function, qualifier)
    return functions.version(tx, function, alias.version) if alias else route(tx, function, qualifier)


def remove(tx: Tx, function: str) -> None:
    for alias in tx.range(Alias, function):
        tx.delete(Alias, function, alias.name)
