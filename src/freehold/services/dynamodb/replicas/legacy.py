"""Global tables of version 2017.11.29, which AWS no longer makes: there are none. It may not know tables.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V1.globaltables.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.dynamodb.replicas import errors
from freehold.services.dynamodb.service.catalogue import arn_of, dynamodb


def _named_arn(call: Call, request: Request) -> str:
    return arn_of(call, request["GlobalTableName"])


@dynamodb.operation(needs={"dynamodb:CreateGlobalTable": _named_arn})
def create_global_table(call: Call, tx: Tx, request: Request) -> Response:
    raise errors.LegacyVersion()


@dynamodb.operation(needs={"dynamodb:UpdateGlobalTable": _named_arn})
def update_global_table(call: Call, tx: Tx, request: Request) -> Response:
    raise errors.LegacyVersion()


@dynamodb.operation(needs={"dynamodb:DescribeGlobalTable": _named_arn})
def describe_global_table(call: Call, tx: Tx, request: Request) -> Response:
    raise errors.GlobalTableNotFoundException(name=request["GlobalTableName"])


@dynamodb.operation(needs={"dynamodb:DescribeGlobalTableSettings": _named_arn})
def describe_global_table_settings(call: Call, tx: Tx, request: Request) -> Response:
    raise errors.GlobalTableNotFoundException(name=request["GlobalTableName"])


@dynamodb.operation(needs={"dynamodb:UpdateGlobalTableSettings": _named_arn})
def update_global_table_settings(call: Call, tx: Tx, request: Request) -> Response:
    raise errors.GlobalTableNotFoundException(name=request["GlobalTableName"])


@dynamodb.operation(needs={"dynamodb:ListGlobalTables": "*"})
def list_global_tables(call: Call, tx: Tx, request: Request) -> Response:
    return {"GlobalTables": []}
