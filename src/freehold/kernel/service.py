"""A service: its AWS model's name and the functions that answer it.

One idea: a decorated function is the operation. `send_message(call, tx, request)` answers SendMessage in one
transaction; an `async def` waits, and opens transactions between its waits. What it needs permission for stands in the
decorator, beside it. It may not know who calls, nor over which protocol.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.limits import Rate
from freehold.kernel.resources import ResourceType

Request = dict[str, Any]
Response = dict[str, Any]
Targets = str | Iterable[str]
Facts = Mapping[str, Any] | Callable[[Any], Mapping[str, Any]]  # condition keys, or what reads them in a transaction
Need = tuple[str, str] | tuple[str, str, Facts]  # an action, a resource's ARN, its own condition keys
Needs = Mapping[str, str | Callable[[Any, Request], Targets]] | Callable[[Any, Request], Iterable[Need]]

OPEN: Needs = {}  # an operation that AWS lets anybody call, or that checks its caller itself


@lru_cache(maxsize=4_096)
def snake(name: str) -> str:
    """An operation's AWS name as a function name: SendMessage → send_message, ListMFADevices → list_mfa_devices."""
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


class Operation(NamedTuple):
    """One thing a service does. `waits` if it is asynchronous; `needs` maps IAM actions to resource ARNs."""

    service: "Service"
    function: str
    run: Callable[..., Any]
    waits: bool
    needs: Needs | None
    modelled: bool = True  # whether its requests are those of the AWS model

    def required(self, call: Any, request: Request) -> list[Need]:
        """The actions, each on a resource, that the caller must be allowed."""
        if callable(self.needs):
            return list(self.needs(call, request))
        pairs: list[Need] = []
        for action, target in (self.needs or {}).items():
            targets = target(call, request) if callable(target) else target
            pairs += [(action, arn) for arn in ([targets] if isinstance(targets, str) else targets)]
        return pairs


class Keeper(NamedTuple):
    """Background work without input: see `freehold.kernel.keepers`."""

    service: "Service"
    name: str
    run: Callable[..., Any]
    every: float
    bell: tuple[str, ...]
    over: Callable[..., Any] | None
    last: bool


class Front(NamedTuple):
    """A door of a service's own for plain HTTP, such as a deployed API's address."""

    service: "Service"
    run: Callable[..., Any]
    host: re.Pattern[str] | None
    path: re.Pattern[str] | None


class Service:
    """A room's catalogue. `model` names botocore's model folder, `signs` the name in credential scopes, if other."""

    def __init__(self, name: str, model: str | None = "", signs: str = ""):
        self.name = name
        self.model = name if model == "" else model
        self.signs = signs or name
        self.operations: dict[str, Operation] = {}
        self.internals: dict[str, Operation] = {}
        self.resources: dict[str, ResourceType] = {}
        self.keepers: list[Keeper] = []
        self.fronts: list[Front] = []
        self.policy_on: Callable[..., Any] = lambda tx, arn: None
        self.around: Callable[..., Any] | None = None  # where its API's web requests go through: `web.Exchange`
        self.rates: dict[str, Rate] = {}  # by the operation's AWS name, for clouds that hold AWS's limits

    def operation(self, needs: Needs) -> Callable[[Callable], Callable]:
        """Answer an operation of the AWS model; its name is the function's."""
        return self._enter(self.operations, needs, modelled=True)

    def internal(self, run: Callable) -> Callable:
        """Work that only this cloud's own promises and alarms may ask for."""
        return self.internal_with(None)(run)

    def internal_with(self, needs: Needs | None) -> Callable[[Callable], Callable]:
        """Internal work that those on whose behalf it is promised must be allowed."""
        return self._enter(self.internals, needs, modelled=False)

    def _enter(self, into: dict[str, Operation], needs: Needs | None, modelled: bool) -> Callable[[Callable], Callable]:
        def enter(run: Callable) -> Callable:
            name = run.__name__.rstrip("_")
            into[name] = Operation(self, name, run, inspect.iscoroutinefunction(run), needs, modelled)
            return run

        return enter

    def keeper(
        self, every: float, bell: str = "", over: Callable[..., Any] | None = None, last: bool = False
    ) -> Callable:
        """Run `keep(call)` again and again, at least every so many seconds and whenever the bell rings; if `last`, also
        when the cloud stops, for what is in memory only.

        With `over(tx) -> [(account, region, key)]`, keep one `keep(call, key)` running for each of them.
        """

        def enter(run: Callable) -> Callable:
            self.keepers.append(Keeper(self, run.__name__, run, every, tuple(bell.split()), over, last))
            return run

        return enter

    def front(self, host: str = "", path: str = "") -> Callable:
        """Answer plain HTTP whose host (without port) and path match these patterns."""

        def enter(run: Callable) -> Callable:
            patterns = [re.compile(text) if text else None for text in (host, path)]
            self.fronts.append(Front(self, run, *patterns))
            return run

        return enter

    def guard(self, policy_on: Callable[..., Any]) -> Callable:
        """`policy_on(tx, arn)` is the policy that stands on a resource of this account, parsed, or None: what it allows
        the account's own people need not be allowed by their own."""
        self.policy_on = policy_on
        return policy_on

    def resource(self, type_name: str, **facts: Any) -> ResourceType:
        """A CloudFormation type of this service: see `freehold.kernel.resources`."""
        kind = self.resources[type_name] = ResourceType(type_name, self.name, **facts)
        return kind

    def find(self, name: str) -> Operation:
        """The operation of an AWS name, or an internal one of a function's name."""
        found = self.operations.get(snake(name)) if name[:1].isupper() else self.internals.get(name)
        if not found:
            raise NotImplementedHere(service=self.name, operation=name)
        return found
