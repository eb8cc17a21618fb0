"""Function URLs: an HTTPS address of a function or alias.

One idea: an address is an id that leads to one function or alias. It may not know who may call.

https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
"""

from typing import Any
from urllib.parse import urlsplit

from freehold.engines.hosts import is_aws
from freehold.kernel.call import Call
from freehold.kernel.store import Record, Tx
from freehold.services.lambda_.names import LATEST

PATH = "/_freehold/lambda-url"


class UrlConfig(Record, table="lambda_urls", key="function qualifier"):
    """A function's or an alias's address. `auth` is NONE or AWS_IAM; `invoke_mode` is empty if none was asked for."""

    function: str
    qualifier: str
    id: str
    auth: str
    created_at: float
    modified_at: float
    invoke_mode: str = ""
    cors: dict[str, Any] = {}


class Address(Record, table="lambda_url_addresses", key="id", scope="global"):
    """Where an address leads."""

    id: str
    account: str
    region: str
    function: str
    qualifier: str


def put(tx: Tx, config: UrlConfig) -> UrlConfig:
    config.modified_at = tx.now
    tx.put(config)
    place = Address(
        id=config.id, account=tx.account, region=tx.region, function=config.function, qualifier=config.qualifier
    )
    tx.put(place)
    return config


def delete(tx: Tx, config: UrlConfig) -> None:
    tx.delete(UrlConfig, config.function, config.qualifier)
    tx.delete(Address, config.id)


def remove(tx: Tx, function: str) -> None:
    """Take all addresses from a function."""
    for config in tx.range(UrlConfig, function):
        delete(tx, config)


def address(call: Call, region: str, id: str) -> str:
    """The URL: under a host name of its own, or by path where this cloud is reached by a number."""
    parts = urlsplit(call.base_url)
    host = parts.hostname or ""
    if is_aws(host):
        return f"https://{id}.lambda-url.{region}.on.aws/"
    if ":" in host or host.replace(".", "").isdigit():
        return f"{call.base_url}{PATH}/{id}/"
    return f"{parts.scheme}://{id}.lambda-url.{region}.{parts.netloc}/"


def label(qualifier: str) -> str:
    """An address's qualifier in ARNs: $LATEST is not said."""
    return "" if qualifier == LATEST else qualifier
