"""The account's settings, and tags. They may not know how requests are served.

https://docs.aws.amazon.com/apigateway/latest/api/API_Account.html
"""

import re

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.apigateway import apis, errors, patches
from freehold.services.apigateway.apis import Account, Api, Stage
from freehold.services.apigateway.service.catalogue import apigateway, at, page, passing

TAGGED = re.compile(r"arn:[^:]+:apigateway:[^:]*:[^:]*:/restapis/(?P<api>[^/]+)(?:/stages/(?P<stage>[^/]+))?")


def _account(tx: Tx) -> Account:
    return tx.get(Account, apis.ONLY) or Account(id=apis.ONLY)


def _shown(account: Account) -> Response:
    limits = {"burstLimit": 5_000, "rateLimit": 10_000.0}
    told: Response = {"throttleSettings": limits, "features": ["UsagePlans"], "apiKeyVersion": "4"}
    return told | ({"cloudwatchRoleArn": account.role} if account.role else {})


@apigateway.operation(needs=at("GET", "/account"))
def get_account(call: Call, tx: Tx, request: Request) -> Response:
    return _shown(_account(tx))


@apigateway.operation(needs=at("GET", "/usageplans"))
def get_usage_plans(call: Call, tx: Tx, request: Request) -> Response:
    """None, as none can be made here: for those who look before they tidy up."""
    return page([], request, "id")


@apigateway.operation(needs=passing("PATCH", "/account"))
def update_account(call: Call, tx: Tx, request: Request) -> Response:
    account = _account(tx)
    document = {"cloudwatchRoleArn": account.role}
    patches.apply(document, request.get("patchOperations") or [], patches.ACCOUNT)
    account.role = document.get("cloudwatchRoleArn", "")
    tx.put(account)
    return _shown(account)


def _tagged(tx: Tx, arn: str) -> Api | Stage:
    """The API or stage of an ARN."""
    found = TAGGED.fullmatch(arn)
    thing: Api | Stage | None = None
    if found:
        api, stage = found["api"], found["stage"]
        thing = tx.get(Stage, api, stage) if stage else tx.get(Api, api)
    if thing is None:
        raise errors.TaggedNotFound(arn=arn)
    return thing


@apigateway.operation(needs=at("PUT", "/tags/{resourceArn}"))
def tag_resource(call: Call, tx: Tx, request: Request) -> None:
    thing = _tagged(tx, request["resourceArn"])
    thing.document["tags"] = thing.document.get("tags", {}) | request["tags"]
    tx.put(thing)


@apigateway.operation(needs=at("DELETE", "/tags/{resourceArn}"))
def untag_resource(call: Call, tx: Tx, request: Request) -> None:
    thing = _tagged(tx, request["resourceArn"])
    tags = thing.document.get("tags", {})
    thing.document["tags"] = {key: value for key, value in tags.items() if key not in request["tagKeys"]}
    tx.put(thing)


@apigateway.operation(needs=at("GET", "/tags/{resourceArn}"))
def get_tags(call: Call, tx: Tx, request: Request) -> Response:
    return {"tags": _tagged(tx, request["resourceArn"]).document.get("tags", {})}
