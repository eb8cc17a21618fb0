"""Those who use a simulated cloud: a client without a network, and what a scenario is.

One idea: an answer is acknowledged when the client has it, which is after it would survive a power cut. Between asking
and that moment the client cannot know. It may not know how the cloud dies.
"""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import TYPE_CHECKING, Any

from tests.simulation.functions import Function

from freehold.kernel.deliveries import NODE, Delivery
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Service
from freehold.kernel.store import Tx

if TYPE_CHECKING:
    from tests.simulation.world import World

    from freehold.app import Cloud

ACCOUNT, REGION = "123456789012", "eu-west-1"
DAY_S = 86_400.0


class Client:
    """Asks one life of a cloud, as the account's root."""

    def __init__(self, cloud: "Cloud", world: "World"):
        self.cloud, self.chance, self._world = cloud, world.chance, world

    async def __call__(self, service: str, operation: str, **request: Any) -> dict[str, Any]:
        """The acknowledged answer. Raises the AwsErrors that a real client would be told, at the same moment."""
        await self.dawdle()
        call = self.cloud.door.call(ACCOUNT, REGION)
        refusal: AwsError | None = None
        answer: dict[str, Any] = {}
        try:
            answer = await self.cloud.door.answer(call, service, operation, request)
        except AwsError as error:
            refusal = error
        await self.cloud.store.durable()
        self._world.note(self.now, service, operation, request, answer, str(refusal))
        if refusal:
            raise refusal
        return answer

    async def transact(self, work, *args: Any) -> Any:
        """A transaction of the test's own room, acknowledged."""
        await self.dawdle()
        result = await self.cloud.door.call(ACCOUNT, REGION).transact(work, *args)
        await self.cloud.store.durable()
        self._world.note(self.now, args, result)
        return result

    @property
    def now(self) -> float:
        return self.cloud.clock.now()

    async def dawdle(self) -> None:
        for _ in range(self.chance.randrange(4)):
            await asyncio.sleep(0)

    async def sleep(self, seconds: float) -> None:
        await self.cloud.clock.sleep(seconds)

    async def pass_time(self, seconds: float) -> None:
        """Let time pass for everyone, and everything happen that then happens."""
        self.cloud.clock.advance(seconds)
        await self._world.quiet()

    async def drained(self, url: str) -> list[str]:
        """The bodies of a queue's messages, in the order received; the queue is empty afterwards."""
        bodies = []
        while found := (await self("sqs", "ReceiveMessage", QueueUrl=url, MaxNumberOfMessages=10)).get("Messages"):
            for message in found:
                bodies.append(message["Body"])
                await self("sqs", "DeleteMessage", QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return bodies


class Scenario:
    """What is done to a cloud, and what must be true afterwards. Its fields are what the clients know, life after life.

    `rooms` are those of the cloud that it needs, `own_rooms` its own, `functions` what runs where code would run.
    """

    rooms: tuple[str, ...] = ()
    own_rooms: tuple[Service, ...] = ()
    functions: dict[str, Function] = {}

    async def prepare(self, client: Client) -> None:
        """Done once, undisturbed."""

    def clients(self, client: Client) -> Iterable[Coroutine[Any, Any, None]]:
        """Started anew in each life; each goes on from what its scenario knows, and ends."""
        return []

    async def settled(self, client: Client) -> bool:
        """Whether the cloud has nothing more to do: nothing is under way, nor promised for the next day."""
        return await client.transact(_nothing_promised, client.now + DAY_S)

    async def check(self, client: Client) -> None:
        """Raise unless everything that was acknowledged is true."""


def _nothing_promised(tx: Tx, until: float) -> bool:
    under_way = tx.count(Delivery, NODE, index="holder due_at")
    return under_way + tx.count(Delivery, "", index="holder due_at", high=until) == 0
