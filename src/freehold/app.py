"""The running cloud: the only file that knows all the names.

One idea: everything is put together once, here, from plain parts; nothing is found by import or registration elsewhere.
"""

import asyncio
import importlib
from pathlib import Path

from freehold.config import Config
from freehold.doctor import node_sdk
from freehold.kernel.blobs import Blobs
from freehold.kernel.clock import Clock
from freehold.kernel.deliveries import Courier
from freehold.kernel.door import Door
from freehold.kernel.ids import Ids
from freehold.kernel.journal import Journal
from freehold.kernel.keepers import Rounds
from freehold.kernel.service import Service
from freehold.kernel.signals import Bells
from freehold.kernel.store_sqlite import SqliteStore
from freehold.operator import ensure_key
from freehold.sandbox.offload import Offload
from freehold.sandbox.pool import Sandbox
from freehold.wire.authorize import Gatekeeper
from freehold.wire.server import Wire
from freehold.wire.validate import validate

ROOMS = {
    "apigateway": "apigateway",
    "cloudformation": "cloudformation",
    "cloudwatch": "cloudwatch",
    "dynamodb": "dynamodb",
    "house": "house",
    "iam": "iam",
    "lambda": "lambda_",
    "logs": "logs",
    "s3": "s3",
    "sns": "sns",
    "sqs": "sqs",
    "ssm": "ssm",
    "states": "states",
    "sts": "sts",
}  # fmt: skip


def rooms(only: tuple[str, ...] = ()) -> list[Service]:
    """The rooms' catalogues, in the order of the names above; the house, IAM and STS always among them."""
    wanted = {*only, "house", "iam", "sts"} if only else set(ROOMS)
    folders = {name: folder for name, folder in ROOMS.items() if name in wanted}
    modules = {folder: importlib.import_module(f"freehold.services.{folder}") for folder in folders.values()}
    return [getattr(module, folder) for folder, module in modules.items()]


class Cloud:
    """All parts of one node, put together but not yet moving."""

    def __init__(self, config: Config):
        self.config = config
        data = Path(config.data)
        catalogues = rooms(config.rooms)
        self.clock, self.ids = Clock(frozen=config.frozen), Ids(config.seed)
        self.bells, self.journal, self.offload = Bells(self.clock), Journal(), Offload()
        self.store = SqliteStore(data / "freehold.db", self.bells)
        self.store.open_all()
        self.sandbox = Sandbox(data / "sandbox", node_modules=node_sdk() / "node_modules")
        authority = importlib.import_module("freehold.services.iam.authority").Keyring()
        self.door = Door(
            catalogues, self.store, clock=self.clock, ids=self.ids, bells=self.bells,
            blobs=Blobs(data / "blobs", self.ids), journal=self.journal, offload=self.offload, sandbox=self.sandbox,
            validate=validate, authorize=Gatekeeper(authority).admit, base_url=config.base_url,
        )  # fmt: skip
        self.wire = Wire(self.door, authority, config.region, config.account, lenient=config.on_loopback)
        self.courier, self.rounds = Courier(self.door), Rounds(self.door)
        self.store.on_commit = self.courier.accept
        self._running: asyncio.Task | None = None

    async def start(self) -> None:
        """Take up what was left undone, and everything that goes on by itself."""
        if not self.config.on_loopback:
            await ensure_key(self.door.call(self.config.account, self.config.region), Path(self.config.data))
        await self.courier.resume()
        self._running = asyncio.ensure_future(self.courier.run())
        self.rounds.start()

    async def stop(self) -> None:
        if self._running:
            self._running.cancel()
        await self.rounds.close()
        await self.courier.close()
        await self.sandbox.close()
        self.offload.close()
        self.store.close()


def build(config: Config) -> Cloud:
    return Cloud(config)
