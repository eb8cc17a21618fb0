"""The running cloud: the only file that knows all the names.

One idea: everything is put together once, here, from plain parts; nothing is found by import or registration elsewhere.
"""

import asyncio
import importlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from freehold import cache
from freehold.config import Config
from freehold.doors import Doors
from freehold.doors.names import Names
from freehold.kernel.blobs import Blobs
from freehold.kernel.clock import Clock
from freehold.kernel.deliveries import Courier
from freehold.kernel.door import Door
from freehold.kernel.ids import Ids
from freehold.kernel.journal import Journal
from freehold.kernel.keepers import Rounds
from freehold.kernel.rooms import Rooms, Signpost
from freehold.kernel.service import Service
from freehold.kernel.signals import Bells
from freehold.kernel.vault import Vault
from freehold.operator import ensure_key
from freehold.sandbox.fittings.egress import read as read_egress
from freehold.sandbox.offload import Offload
from freehold.sandbox.pool import Sandbox
from freehold.stores.sqlite import SqliteStore
from freehold.wire.authorize import Gatekeeper
from freehold.wire.server import Wire
from freehold.wire.validate import validate

ROOMS = {
    "apigateway": Signpost("apigateway", makes=("AWS::ApiGateway",), fronted=True),
    "cloudformation": Signpost("cloudformation", keeps="cfn", makes=("AWS::CloudFormation", "AWS::CDK"), fronted=True),
    "cloudwatch": Signpost("cloudwatch", signs="monitoring", makes=("AWS::CloudWatch",)),
    "dynamodb": Signpost("dynamodb", makes=("AWS::DynamoDB",)),
    "dynamodbstreams": Signpost("dynamodb/streams", signs="dynamodb", target="DynamoDBStreams_20120810"),
    "ec2": Signpost("ec2", makes=("AWS::EC2",)),
    "events": Signpost("events", makes=("AWS::Events",)),
    "firehose": Signpost("firehose", makes=("AWS::KinesisFirehose",)),
    "house": Signpost("house", fronted=True),
    "iam": Signpost("iam", makes=("AWS::IAM",)),
    "kinesis": Signpost("kinesis", makes=("AWS::Kinesis",)),
    "kms": Signpost("kms", makes=("AWS::KMS",)),
    "lambda": Signpost("lambda_", makes=("AWS::Lambda",), fronted=True),
    "logs": Signpost("logs", makes=("AWS::Logs",)),
    "pipes": Signpost("pipes", makes=("AWS::Pipes",)),
    "s3": Signpost("s3", makes=("AWS::S3",), fronted=True),
    "s3control": Signpost("s3/control", signs="s3", target="/v20180820"),
    "scheduler": Signpost("scheduler", makes=("AWS::Scheduler",)),
    "secretsmanager": Signpost("secretsmanager", makes=("AWS::SecretsManager",)),
    "sns": Signpost("sns", makes=("AWS::SNS",), fronted=True),
    "sqs": Signpost("sqs", makes=("AWS::SQS",)),
    "ssm": Signpost("ssm", makes=("AWS::SSM",)),
    "states": Signpost("states", makes=("AWS::StepFunctions",)),
    "sts": Signpost("sts"),
}
ALWAYS = ("house", "iam", "sts")
THREADS_MAX = 256  # made when needed: a call to an address outside holds one while it waits for the answer
LISTENING = ("cloudwatch",)  # takes what the other rooms measure


def rooms(only: tuple[str, ...] = ()) -> Rooms:
    """The rooms of these names, or all; the house, IAM and STS always among them."""
    return Rooms({name: post for name, post in ROOMS.items() if not only or name in (*only, *ALWAYS)}, _open)


def _open(name: str) -> Service:
    folder = ROOMS[name].folder
    room = vars(importlib.import_module(f"freehold.services.{folder.replace('/', '.')}"))
    return room.get(name) or room[folder]  # `lambda` is no name that Python would take


class Cloud:
    """All parts of one node, put together but not yet moving."""

    def __init__(self, config: Config):
        self.config = config
        data = Path(config.data)
        catalogues = rooms(config.rooms)
        catalogues["house"]  # answers before any other
        self.clock, self.ids = Clock(frozen=config.frozen), Ids(config.seed)
        self.bells, self.journal, self.offload = Bells(self.clock), Journal(), Offload()
        self.store = SqliteStore(data / "freehold.db", self.bells)
        self.store.open_all()
        catalogues.on_open.append(lambda room: self.store.open_all())
        self.sandbox = Sandbox(
            data / "sandbox", config.isolation, egress=read_egress(config.egress), cache=cache.folder()
        )  # fmt: skip
        authority = importlib.import_module("freehold.services.iam.authority").Keyring()
        self.door = Door(
            catalogues, self.store, clock=self.clock, ids=self.ids, bells=self.bells,
            blobs=Blobs(data / "blobs", self.ids), journal=self.journal, offload=self.offload, sandbox=self.sandbox,
            validate=validate, authorize=Gatekeeper(authority).admit, base_url=config.base_url,
            vault=Vault(data / "master.key", self.ids), limited=config.limits,
        )  # fmt: skip
        self.wire = Wire(self.door, authority, config.region, config.account, lenient=config.on_loopback)
        self.doors = Doors(
            self.wire.through, data / "doors", port=config.port, region=config.region, names=Names(config.domains)
        )
        self.sandbox.doors = self.doors
        self.courier, self.rounds = Courier(self.door), Rounds(self.door)
        self.store.on_commit, self.store.on_loss = self.courier.accept, self.courier.start_over
        self._running: list[asyncio.Task] = []

    async def start(self) -> None:
        """Take up what was left undone, and everything that goes on by itself."""
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS_MAX, "waiting"))
        if not self.config.on_loopback:
            await ensure_key(self.door.call(self.config.account, self.config.region), Path(self.config.data))
        await self.courier.resume()
        self.rounds.start()
        self._running = [asyncio.ensure_future(work()) for work in (self.courier.run, self._open_occupied)]

    async def _open_occupied(self) -> None:
        """Open the rooms that have something to look after, while requests are answered already."""
        occupied = (self.door.rooms.keeping(table) for table in self.store.occupied())
        for name in dict.fromkeys((*LISTENING, *occupied)):
            await asyncio.sleep(0)
            if name in self.door.rooms:
                self.door.rooms[name]

    async def stop(self) -> None:
        for task in self._running:
            task.cancel()
        await self.rounds.close()
        await self.courier.close()
        await self.sandbox.close()
        self.doors.close()
        self.offload.close()
        self.store.close()


def build(config: Config) -> Cloud:
    return Cloud(config)
