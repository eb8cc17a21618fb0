"""The one door: every request, from outside or from another room, is validated, authorized, answered and recorded here.

One idea: a room is reached by its API alone. The way in is the same for a client, a peer and a promise kept later; only
the bytes differ. It may not know which rooms there are: `app` names them.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError, InternalFailure, NotImplementedHere
from freehold.kernel.identity import Principal, root
from freehold.kernel.limits import Buckets
from freehold.kernel.rooms import Rooms
from freehold.kernel.service import Operation, Request, Response, Service
from freehold.kernel.store import Store, Tx
from freehold.kernel.vault import Vault

if TYPE_CHECKING:
    from freehold.kernel.blobs import Blobs
    from freehold.kernel.clock import Clock
    from freehold.kernel.ids import Ids
    from freehold.kernel.journal import Journal
    from freehold.kernel.signals import Bells

Validate = Callable[[Service, str, Request], None]
Authorize = Callable[[Tx, Call, Operation, Request], None]


class Door:
    def __init__(
        self, rooms: Rooms, store: Store, *, clock: "Clock", ids: "Ids", bells: "Bells", blobs: "Blobs",
        journal: "Journal", offload: Any, validate: Validate, authorize: Authorize, sandbox: Any = None,
        base_url: str = "", vault: Vault | None = None, limited: bool = False,
    ):  # fmt: skip
        self.rooms = rooms
        self.store, self.clock, self.ids, self.bells, self.blobs = store, clock, ids, bells, blobs
        self.journal, self.offload, self.sandbox = journal, offload, sandbox
        self.validate, self.authorize, self.base_url = validate, authorize, base_url
        self.vault = vault or Vault(None, ids)
        self.buckets = Buckets() if limited else None
        self.at_hand: dict[tuple[str, ...], Any] = {}  # what was read of records that seldom change, by their bells

    def room(self, name: str) -> Service:
        if name not in self.rooms.signposts:
            raise NotImplementedHere(service=name, operation="any operation of this service")
        return self.rooms[name]

    def call(self, account: str, region: str, principal: Principal | None = None, trace: str = "") -> Call:
        """A call that starts inside the cloud; as the account's root unless a principal is given."""
        return Call(self, account, region, principal or root(account), trace=trace)

    async def answer(self, call: Call, service: str, name: str, request: Request) -> Response:
        """Perform an operation as `call.principal`. Raises AwsError for every refusal; bugs become InternalFailure."""
        room = self.room(service)
        operation = room.find(name)
        try:
            if self.buckets and name in room.rates:
                self.buckets.take((call.account, call.region, service, name), room.rates[name], call.now)
            if operation.modelled:
                self.validate(room, name, request)
            if not operation.waits:
                response = await call.transact(self.perform, call, operation, request)
            else:
                call.room = service
                if operation.needs and not call.principal.trusted:
                    await self.store.transact(call.seat, self.authorize, call, operation, request)
                response = await operation.run(call, request)
            if isinstance(response, AwsError):
                raise response
        except AwsError as refusal:
            self.journal.record(call, operation, name, refusal)
            raise
        except Exception as bug:  # whatever else escapes a room is ours: said in the log, told as InternalFailure
            self.journal.bug(call, service, name, bug)
            raise InternalFailure() from bug
        self.journal.record(call, operation, name, None)
        return {} if response is None else response

    def answer_within(self, tx: Tx, call: Call, service: str, name: str, request: Request) -> Response:
        """As `answer`, inside the transaction of who asks; for operations that do not wait."""
        room = self.room(service)
        operation = room.find(name)
        if operation.waits:
            raise TypeError(f"{service}:{name} waits, and may not be asked within a transaction")
        try:
            if operation.modelled:
                self.validate(room, name, request)
            response = self.perform(tx, call, operation, request)
            if isinstance(response, AwsError):
                raise response
        except AwsError as refusal:
            self.journal.record(call, operation, name, refusal)
            raise
        self.journal.record(call, operation, name, None)
        return {} if response is None else response

    def perform(self, tx: Tx, call: Call, operation: Operation, request: Request) -> Response | AwsError:
        """Authorize and answer an operation that does not wait, inside a transaction. An error that it returns, rather
        than raises, is its answer too, but what it wrote stays."""
        call.room = operation.service.name
        if not call.principal.trusted:
            self.authorize(tx, call, operation, request)
        return operation.run(call, tx, request)
