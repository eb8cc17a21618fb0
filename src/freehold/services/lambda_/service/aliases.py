"""Aliases, made, moved and listed. It may not know what versions hold."""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.lambda_ import aliases, errors, functions
from freehold.services.lambda_.access import policies
from freehold.services.lambda_.access.reach import named
from freehold.services.lambda_.aliases import Alias
from freehold.services.lambda_.catalogue import lambda_, whole_function_arn
from freehold.services.lambda_.concurrency import provisioned
from freehold.services.lambda_.pages import page


def _shape(tx: Tx, alias: Alias) -> Response:
    shape: Response = {
        "AliasArn": functions.arn(tx, alias.function, alias.name),
        "Name": alias.name,
        "FunctionVersion": alias.version,
        "Description": alias.description,
        "RevisionId": alias.revision,
    }
    if alias.weights:
        shape["RoutingConfig"] = {"AdditionalVersionWeights": alias.weights}
    return shape


def _weights(request: Request) -> dict[str, float]:
    return request["RoutingConfig"].get("AdditionalVersionWeights", {})


@lambda_.operation(needs={"lambda:CreateAlias": whole_function_arn})
def create_alias(call: Call, tx: Tx, request: Request) -> Response:
    seat, ref = named(tx, request, "CreateAlias")
    functions.find(seat, ref.name)
    name = request["Name"]
    if name.isdigit():
        raise errors.NotOfPattern(value=name, member="name", pattern=aliases.NAME)
    if seat.get(Alias, ref.name, name):
        raise errors.AliasExists(arn=functions.arn(seat, ref.name, name))
    made = Alias(
        function=ref.name, name=name, version=request["FunctionVersion"], revision="",
        description=request.get("Description", ""), weights=_weights({"RoutingConfig": {}} | request),
    )  # fmt: skip
    return _shape(seat, aliases.put(seat, made))


@lambda_.operation(needs={"lambda:UpdateAlias": whole_function_arn})
def update_alias(call: Call, tx: Tx, request: Request) -> Response:
    seat, ref = named(tx, request, "UpdateAlias")
    alias = seat.get(Alias, ref.name, request["Name"])
    if alias is None:
        raise errors.AliasMissing(arn=functions.arn(seat, ref.name, request["Name"]))
    functions.check_revision(request.get("RevisionId"), alias.revision)
    moved = request.get("FunctionVersion", alias.version) != alias.version
    alias.version = request.get("FunctionVersion", alias.version)
    alias.description = request.get("Description", alias.description)
    if "RoutingConfig" in request:
        alias.weights = _weights(request)
    if moved:
        provisioned.move(seat, ref.name, alias.name)
    return _shape(seat, aliases.put(seat, alias))


@lambda_.operation(needs={"lambda:GetAlias": whole_function_arn})
def get_alias(call: Call, tx: Tx, request: Request) -> Response:
    seat, ref = named(tx, request, "GetAlias")
    return _shape(seat, aliases.find(seat, ref.name, request["Name"]))


@lambda_.operation(needs={"lambda:DeleteAlias": whole_function_arn})
def delete_alias(call: Call, tx: Tx, request: Request) -> None:
    """Delete an alias with its policy; one that is gone already is no fault."""
    seat, ref = named(tx, request, "DeleteAlias")
    seat.delete(Alias, ref.name, request["Name"])
    provisioned.delete(seat, ref.name, request["Name"])
    policies.forget(seat, functions.arn(seat, ref.name, request["Name"]))


@lambda_.operation(needs={"lambda:ListAliases": whole_function_arn})
def list_aliases(call: Call, tx: Tx, request: Request) -> Response:
    seat, ref = named(tx, request, "ListAliases")
    functions.find(seat, ref.name)
    found = aliases.of(seat, ref.name, request.get("FunctionVersion", ""))
    shown, marker = page(found, lambda alias: alias.name, request)
    return {"Aliases": [_shape(seat, alias) for alias in shown]} | marker
