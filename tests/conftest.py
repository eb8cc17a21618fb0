"""Fixtures for tests through the door: a running cloud on a free port, and boto3 clients in accounts of their own."""

import asyncio
import gc
import itertools
import json
import os
import shutil
import threading
from pathlib import Path
from urllib.request import Request, urlopen

import boto3
import pytest
import uvloop
from botocore.client import BaseClient
from botocore.config import Config as BotoConfig
from hypothesis import HealthCheck, settings

from freehold.config import Config
from freehold.kernel.call import Call
from freehold.kernel.deliveries import NODE, Delivery
from freehold.kernel.store import Tx
from freehold.serve import Server, build

# How fast a machine is must not decide a test.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# Data lies in memory where there is room for it and programs may be run from it: each write waits for its flush, and
# what a disk makes of flushes no test can see.
MEMORY, MEMORY_MIN = Path("/dev/shm"), 8 * 1024**3

_accounts = itertools.count(int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:] or 0) * 10**9 + 111_111_111_111)


def pytest_configure():
    if MEMORY.is_dir() and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC and shutil.disk_usage(MEMORY).free > MEMORY_MIN:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_finish():
    """Thousands of tests are known now, which the garbage collector need not go through again and again."""
    gc.collect()
    gc.freeze()


class RunningCloud:
    """A cloud in a thread of this process; `url` is its endpoint."""

    def __init__(self, data: Path, **settings):
        rooms = tuple(filter(None, os.environ.get("FREEHOLD_ROOMS", "").split(",")))
        self.config = Config(**{"data": data, "port": 0, "rooms": rooms, **settings})
        self._listening = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._listening.wait(30)
        if self._failure:
            raise self._failure

    def _run(self) -> None:
        try:
            uvloop.run(self._serve())
        except BaseException as failure:
            self._failure = failure
        finally:
            self._listening.set()

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.cloud = build(self.config)
        self.server = Server(self.cloud)
        await self.cloud.start()
        serving = asyncio.ensure_future(self.server.serve())
        await self.server.listening.wait()
        self.url = self.cloud.door.base_url
        self._listening.set()
        await serving
        await self.cloud.stop()

    def run(self, coroutine):
        """Run a coroutine inside the cloud's loop and return its result."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(60)

    def get(self, path: str, body: dict | None = None):
        """A house page as a value."""
        request = Request(self.url + path, data=json.dumps(body).encode() if body is not None else None)
        with urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.server.stop)
        self._thread.join(30)


PLAIN = BotoConfig(retries={"max_attempts": 0}, s3={"addressing_style": "path"}, read_timeout=60, proxies={})


class Aws:
    """boto3 clients of one account, fresh for each test, which has one of each service, region and key."""

    def __init__(self, running: RunningCloud, account: str, region: str = "us-east-1"):
        self.running, self.account, self.region, self.url = running, account, region, running.url
        self._made: dict[tuple, BaseClient] = {}

    def __call__(self, service: str, region: str = "", key: str = "", secret: str = "test", token: str | None = None):
        asked = (service, region or self.region, key or self.account, secret, token)
        if asked not in self._made:
            self._made[asked] = self._make(*asked)
        return self._made[asked]

    def _make(self, service: str, region: str, key: str, secret: str, token: str | None):
        return boto3.client(
            service, endpoint_url=self.url, region_name=region,
            aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token, config=PLAIN,
        )  # fmt: skip

    def as_role(self, service: str, name: str, *statements: dict):
        """A client that acts as a new role with these statements as its only policy."""
        iam = self("iam")
        trust = {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{self.account}:root"},
            "Action": "sts:AssumeRole",
        }
        document = {"Version": "2012-10-17", "Statement": [trust]}
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(document))["Role"]
        if statements:
            policy = {"Version": "2012-10-17", "Statement": list(statements)}
            iam.put_role_policy(RoleName=name, PolicyName="only", PolicyDocument=json.dumps(policy))
        made = self("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="test")["Credentials"]
        return self(service, key=made["AccessKeyId"], secret=made["SecretAccessKey"], token=made["SessionToken"])

    def role(self, name: str, service: str, *statements: dict) -> str:
        """The ARN of a new role that an AWS service may assume."""
        iam = self("iam")
        trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]
        if statements:
            policy = {"Version": "2012-10-17", "Statement": list(statements)}
            iam.put_role_policy(RoleName=name, PolicyName="only", PolicyDocument=json.dumps(policy))
        return role["Arn"]

    def outbox(self) -> list[dict]:
        return [letter for letter in self.running.get("/_freehold/outbox") if letter["account"] == self.account]

    def settle(self) -> None:
        """Wait until no call that was promised in this account is under way or due."""
        self.running.run(_settled(self.running.cloud.door.call(self.account, self.region)))

    def advance(self, seconds: float) -> None:
        self.running.get("/_freehold/clock", {"advance": seconds})


async def _settled(call: Call) -> None:
    while await call.transact(_owed, call.now):
        await asyncio.sleep(0.002)


def _owed(tx: Tx, now: float) -> bool:
    waiting = tx.range(Delivery, "", index="holder due_at", high=now)
    return any(each.account == tx.account for each in (*tx.range(Delivery, NODE, index="holder due_at"), *waiting))


@pytest.fixture(scope="session")
def cloud(tmp_path_factory):
    running = RunningCloud(tmp_path_factory.mktemp("cloud"))
    yield running
    running.stop()


@pytest.fixture
def aws(cloud):
    return Aws(cloud, f"{next(_accounts):012d}")


@pytest.fixture
def own_cloud(tmp_path):
    """A private cloud whose clock stands still until `advance`."""
    running = RunningCloud(tmp_path / "cloud", frozen=True)
    yield Aws(running, f"{next(_accounts):012d}")
    running.stop()
