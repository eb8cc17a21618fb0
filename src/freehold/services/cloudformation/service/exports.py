"""ListExports and ListImports. It may not know how exports come about."""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.cloudformation import errors, exports
from freehold.services.cloudformation.service.catalogue import behind, cloudformation, token

PAGE = 100


@cloudformation.operation(needs={"cloudformation:ListExports": "*"})
def list_exports(call: Call, tx: Tx, request: Request) -> Response:
    after = behind(request)
    found = tx.range(exports.Export, after=(after,) if after else None, limit=PAGE + 1)
    shown = [{"ExportingStackId": one.stack, "Name": one.name, "Value": one.value} for one in found[:PAGE]]
    return {"Exports": shown} | ({"NextToken": token(found[PAGE - 1].name)} if len(found) > PAGE else {})


@cloudformation.operation(needs={"cloudformation:ListImports": "*"})
def list_imports(call: Call, tx: Tx, request: Request) -> Response:
    name, after = request["ExportName"], behind(request)
    found = tx.range(exports.Import, name, after=(after,) if after else None, limit=PAGE + 1)
    if not found and not after:
        raise errors.ExportNotImported(name=name)
    shown = {"Imports": [one.stack_name for one in found[:PAGE]]}
    return shown | ({"NextToken": token(found[PAGE - 1].stack)} if len(found) > PAGE else {})
