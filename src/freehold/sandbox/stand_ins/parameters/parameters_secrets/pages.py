"""The pages: which call a page stands for, and how its answer is told. It may not know connections.

One idea: one table, path → service, operation, how the query becomes its request and its answer the page.
"""

from __future__ import annotations

import json
import time
from collections import namedtuple
from urllib.parse import parse_qs, urlsplit

Page = namedtuple("Page", "service target request answer ttl timeout")
Page.__doc__ = "`ttl` and `timeout` are the variables that hold them: seconds and milliseconds, 0 for none."


class Unasked(Exception):
    """A query that says too little or too much. The message says what."""


def _parameter_request(query: dict[str, str]) -> dict:
    name = query.get("name", "")
    if not name:
        raise Unasked("name is missing")
    if "version" in query and "label" in query:
        raise Unasked("version and label can not both be given")
    selector = query.get("version") or query.get("label")
    decrypt = query.get("withDecryption", "false").lower() == "true"
    return {"Name": f"{name}:{selector}" if selector else name, "WithDecryption": decrypt}


def _secret_request(query: dict[str, str]) -> dict:
    if not query.get("secretId"):
        raise Unasked("secretId is missing")
    told = {"SecretId": "secretId", "VersionId": "versionId", "VersionStage": "versionStage"}
    return {member: query[name] for member, name in told.items() if query.get(name)}


def _parameter_answer(answer: dict) -> dict:
    empty = {"Selector": None, "SourceResult": None}
    parameter = {**empty, **answer["Parameter"]}
    if "LastModifiedDate" in parameter:
        parameter["LastModifiedDate"] = moment(parameter["LastModifiedDate"])
    return {"Parameter": parameter, "ResultMetadata": {}}


def _secret_answer(answer: dict) -> dict:
    told = {"SecretBinary": None, "SecretString": None, **answer, "ResultMetadata": {}}
    if "CreatedDate" in told:
        told["CreatedDate"] = moment(told["CreatedDate"])
    return told


PAGES = {
    "/systemsmanager/parameters/get": Page(
        "ssm",
        "AmazonSSM.GetParameter",
        _parameter_request,
        _parameter_answer,
        "SSM_PARAMETER_STORE_TTL",
        "SSM_PARAMETER_STORE_TIMEOUT_MILLIS",
    ),
    "/secretsmanager/get": Page(
        "secretsmanager",
        "secretsmanager.GetSecretValue",
        _secret_request,
        _secret_answer,
        "SECRETS_MANAGER_TTL",
        "SECRETS_MANAGER_TIMEOUT_MILLIS",
    ),
}


def read(target: str) -> tuple[Page | None, dict[str, str]]:
    """The page that a request target names, and its query."""
    place = urlsplit(target)
    return PAGES.get(place.path.rstrip("/")), {name: values[0] for name, values in parse_qs(place.query).items()}


def told(page: Page, body: bytes) -> bytes:
    """A good answer of the service as the page shows it."""
    return json.dumps(page.answer(json.loads(body))).encode()


def moment(seconds: float) -> str:
    """A time of AWS's JSON protocol in the form of RFC 3339."""
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{whole}.{int(seconds * 1000) % 1000:03d}Z"
