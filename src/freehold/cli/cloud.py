"""The cloud that a command talks to: whether it runs, where, and how it is asked.

One idea: a note in the data folder says which process runs and at which address; whatever goes wrong is a `Problem`,
one line that says what to do. It may not know the commands.
"""

import json
import os
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import click

from freehold.config import WORDS, Config
from freehold.operator import keys_of

START_WITHIN_S = 30


class Problem(click.ClickException):
    """One line that says what to do."""

    def show(self, file: Any = None) -> None:
        click.echo(f"freehold: {self.message}", err=True)


def setting(name: str, **more: Any) -> Any:
    return click.option(f"--{name}", default=None, help=WORDS[name], **more)


def note_of(config: Config) -> Path:
    return config.data / "running.json"


def running_on(config: Config) -> dict[str, Any] | None:
    """The cloud that runs on this data folder: {"pid", "url"}."""
    try:
        note = json.loads(note_of(config).read_text())
    except (OSError, ValueError):
        return None
    return note if alive(note["pid"]) else None


def needed(config: Config) -> dict[str, Any]:
    running = running_on(config)
    if not running:
        raise Problem(f"nothing runs on {config.data}; start it with `freehold up`")
    return running


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def page(url: str, name: str) -> Any:
    try:
        with urlopen(Request(f"{url}/_freehold/{name}"), timeout=10) as answer:
            return json.load(answer)
    except (URLError, OSError):
        return None


def fetch(url: str, name: str) -> Any:
    found = page(url, name)
    if found is None:
        raise Problem(
            f"the cloud at {url} does not answer; look at `freehold logs`, or start it anew with `freehold up`"
        )
    return found


def client(config: Config, service: str) -> Any:
    """A client of one of the cloud's services, with the operator's key if there is one."""
    import boto3

    sdk: Any = boto3  # a stub with a name for each service is of no use where the name is a variable
    key = keys_of(config.data)
    return sdk.client(
        service, endpoint_url=needed(config)["url"], region_name=config.region,
        aws_access_key_id=key.get("AccessKeyId", "test"), aws_secret_access_key=key.get("SecretAccessKey", "test"),
    )  # fmt: skip
