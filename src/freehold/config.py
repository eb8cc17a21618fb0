"""What can be set: each setting once, with its default, its variable and its words.

One idea: a setting is a field; the command line and the documentation read them from here. It may not know what the
settings do.
"""

import os
from collections.abc import Callable
from pathlib import Path

import msgspec

DEFAULT_PORT = 4566
ENVIRONMENT = "FREEHOLD_"


class Config(msgspec.Struct, kw_only=True, frozen=True):
    """`data` is the folder that holds all state. `frozen` and `seed` make a cloud whose time and chance are its test's;
    `rooms` limits which services answer (all, if empty).
    """

    data: Path = Path("~/.freehold")
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    region: str = "us-east-1"
    account: str = "000000000000"
    seed: int | None = None
    frozen: bool = False
    rooms: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    isolation: str = "auto"
    egress: str = "all"
    limits: bool = False

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the cloud, so that unknown keys may stand for an account's root."""
        return self.host in ("127.0.0.1", "::1", "localhost")

    @property
    def base_url(self) -> str:
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


WORDS = {
    "data": "The folder that holds all state.",
    "host": "The address to listen on. Anything but loopback asks for signed requests by keys that this cloud made.",
    "port": "The port to listen on.",
    "region": "The region of requests that name none.",
    "account": "The account of keys that this cloud does not know (on loopback only).",
    "rooms": "The services to answer, separated by commas (all, if empty).",
    "domains": "Domains whose names lead to the cloud inside functions, as AWS's do; separated by commas.",
    "isolation": "How functions are walled in: `namespace`, `process` (no wall), or `auto` for the strongest that this"
    " machine offers. `freehold doctor` says which that is.",
    "egress": "Where walled-in functions may connect to beside this cloud: `all`, `freehold` (nowhere), or networks"
    " with ports, as in `10.0.0.0/8=443+5432,192.0.2.7/32`. TCP only.",
    "limits": "`on` holds AWS's request rates and its number of open executions, for services that have a table of them"
    " (Step Functions), and the provisioned throughput of DynamoDB's tables. They would only be in the way of work on"
    " one's own machine.",
}


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


def _switch(text: str) -> bool:
    return text.lower() in ("on", "1", "true", "yes")


READ: dict[str, Callable[[str], object]] = {"port": int, "rooms": _listed, "domains": _listed, "limits": _switch}


def from_environment(**given: object) -> Config:
    """The settings given, else those of FREEHOLD_DATA, FREEHOLD_PORT and so on, else the defaults."""
    values = {name: value for name, value in given.items() if value is not None}
    for name in WORDS:
        text = os.environ.get(ENVIRONMENT + name.upper())
        if name not in values and text:
            values[name] = READ.get(name, str)(text)
    values["data"] = Path(str(values.get("data", Config().data))).expanduser().absolute()
    return Config(**values)  # type: ignore[arg-type]
