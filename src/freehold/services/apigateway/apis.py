"""APIs as they are kept: heads, contents, deployments, stages.

One idea: a head says what an API is called, a content what it does. The content under the deployment "" is the draft;
a deployment keeps a copy of it under its own id, which nothing changes any more. Documents hold API Gateway's members.
It may not know operations, nor how requests are served.
"""

import re
from copy import deepcopy
from typing import Any

from freehold.kernel.store import Record, Tx
from freehold.services.apigateway import errors

Document = dict[str, Any]

DRAFT = ""
API_ID, PART_ID = 10, 6
ONLY = "account"
STAGE_NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}")


class Api(Record, table="apigateway_apis", key="id"):
    """The head of an API: GetRestApi's members."""

    id: str
    document: Document


class Address(Record, table="apigateway_addresses", key="api", scope="global"):
    """Where the API of an id lives: its id is all that a caller of the data plane says."""

    api: str
    account: str
    region: str


class Content(Record, table="apigateway_contents", key="api deployment"):
    """What an API does. Resources, authorizers and validators are kept by id, models by name, gateway responses by
    type; `settings` are those members of the head that the data plane obeys."""

    api: str
    deployment: str = DRAFT
    resources: dict[str, Document] = {}
    authorizers: dict[str, Document] = {}
    models: dict[str, Document] = {}
    validators: dict[str, Document] = {}
    responses: dict[str, Document] = {}
    settings: Document = {}


class Deployment(Record, table="apigateway_deployments", key="api id"):
    """GetDeployment's members; its content is a record of its own, so that lists stay light."""

    api: str
    id: str
    document: Document


class Stage(Record, table="apigateway_stages", key="api name"):
    """GetStage's members. `deploymentId` among them decides what is served."""

    api: str
    name: str
    document: Document


class Account(Record, table="apigateway_accounts", key="id"):
    """The settings of an account in one region."""

    id: str = ONLY
    role: str = ""


SETTINGS = ("name", "binaryMediaTypes", "minimumCompressionSize", "apiKeySource", "policy", "disableExecuteApiEndpoint")

# What the two models of every new API say.
MODELS = {
    "Empty": ("This is a default empty schema model", '{\n  "$schema": "http://json-schema.org/draft-04/schema#",\n'
              '  "title" : "Empty Schema",\n  "type" : "object"\n}'),
    "Error": ("This is a default error schema model", '{\n  "$schema" : "http://json-schema.org/draft-04/schema#",\n'
              '  "title" : "Error Schema",\n  "type" : "object",\n  "properties" : {\n'
              '    "message" : { "type" : "string" }\n  }\n}'),
}  # fmt: skip


def create(tx: Tx, document: Document) -> tuple[Api, Content]:
    """A new API with its root resource and the usual models."""
    id, root = tx.ids.text(API_ID), tx.ids.text(API_ID)
    head = {"id": id, "createdDate": int(tx.now), "rootResourceId": root, "apiKeySource": "HEADER"} | document
    head.setdefault("endpointConfiguration", {"types": ["EDGE"], "ipAddressType": "ipv4"})
    head.setdefault("disableExecuteApiEndpoint", False)
    api = Api(id=id, document=head)
    content = Content(api=id, resources={root: {"id": root, "path": "/"}})
    for name, (description, schema) in MODELS.items():
        model = {"id": part_id(tx), "name": name, "description": description, "schema": schema}
        content.models[name] = model | {"contentType": "application/json"}
    tx.put(api)
    tx.put(content)
    tx.within("*", "*").put(Address(api=id, account=tx.account, region=tx.region))
    return api, content


def part_id(tx: Tx) -> str:
    """An id for a part of an API."""
    return tx.ids.text(PART_ID)


def find(tx: Tx, id: str) -> Api:
    api = tx.get(Api, id)
    if api is None:
        raise errors.NotFoundException(account=tx.account, api=id)
    return api


def draft(tx: Tx, id: str) -> Content:
    """What the API does once it is deployed next; changes are kept by `tx.put`."""
    content = tx.get(Content, id, DRAFT)
    if content is None:
        raise errors.NotFoundException(account=tx.account, api=id)
    return content


def delete(tx: Tx, id: str) -> None:
    find(tx, id)
    for stage in tx.range(Stage, id):
        tx.delete(Stage, id, stage.name)
    for deployment in tx.range(Deployment, id):
        tx.delete(Deployment, id, deployment.id)
        tx.delete(Content, id, deployment.id)
    tx.delete(Content, id, DRAFT)
    tx.delete(Api, id)
    tx.within("*", "*").delete(Address, id)


# Deployments and stages


def deploy(tx: Tx, api: Api, description: str | None) -> Deployment:
    """A copy of the draft under a new id. Raises if there is nothing that could be served."""
    content = draft(tx, api.id)
    methods = [method for each in content.resources.values() for method in each.get("resourceMethods", {}).values()]
    if not methods:
        raise errors.NoMethods()
    if not all("methodIntegration" in method for method in methods):
        raise errors.NoIntegration()
    document: Document = {"id": part_id(tx), "createdDate": int(tx.now)}
    if description is not None:
        document["description"] = description
    content.deployment = document["id"]
    content.settings = {name: deepcopy(api.document[name]) for name in SETTINGS if name in api.document}
    deployment = Deployment(api=api.id, id=document["id"], document=document)
    tx.put(content)
    tx.put(deployment)
    return deployment


def find_deployment(tx: Tx, api: str, id: str) -> Deployment:
    deployment = tx.get(Deployment, api, id)
    if deployment is None:
        raise errors.DeploymentNotFound()
    return deployment


def delete_deployment(tx: Tx, api: str, id: str) -> None:
    find_deployment(tx, api, id)
    if any(stage.document["deploymentId"] == id for stage in tx.range(Stage, api)):
        raise errors.DeploymentInUse()
    tx.delete(Deployment, api, id)
    tx.delete(Content, api, id)


def create_stage(tx: Tx, api: str, name: str, deployment: str, document: Document) -> Stage:
    if not STAGE_NAME.fullmatch(name):
        raise errors.BadStageName()
    if tx.get(Stage, api, name):
        raise errors.StageExists()
    find_deployment(tx, api, deployment)
    now = int(tx.now)
    born = {"stageName": name, "deploymentId": deployment, "createdDate": now, "lastUpdatedDate": now}
    usual = {"cacheClusterEnabled": False, "cacheClusterStatus": "NOT_AVAILABLE", "methodSettings": {}}
    stage = Stage(api=api, name=name, document=born | usual | {"tracingEnabled": False} | document)
    tx.put(stage)
    return stage


def find_stage(tx: Tx, api: str, name: str) -> Stage:
    stage = tx.get(Stage, api, name)
    if stage is None:
        raise errors.StageNotFound()
    return stage


def delete_stage(tx: Tx, api: str, name: str) -> None:
    find_stage(tx, api, name)
    tx.delete(Stage, api, name)
