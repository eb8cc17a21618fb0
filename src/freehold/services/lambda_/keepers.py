"""What happens by itself: environments grow old, and code that nothing names is cleared away.

One idea: each looks at what there is and does what it finds to do; run twice, it finds nothing the second time. It may
not know requests.
"""

import asyncio
from pathlib import Path

from freehold.kernel.call import Call
from freehold.kernel.store import Tx
from freehold.services.lambda_ import code
from freehold.services.lambda_.catalogue import lambda_
from freehold.services.lambda_.code import Code
from freehold.services.lambda_.functions import Version
from freehold.services.lambda_.invocation.floor import floor_of
from freehold.services.lambda_.layers.published import LayerVersion

REAP_EVERY_S = 30
SWEEP_EVERY_S = 600


@lambda_.keeper(every=REAP_EVERY_S)
async def reap_environments(call: Call) -> None:
    """Close environments that nobody has asked for in a while, or whose credentials are about to expire."""
    ready = floor_of(call).ready
    for key in [key for key, one in ready.items() if one.fresh_until <= call.now]:
        await call.sandbox.retire(ready.pop(key).spec.key)
    spared = {one.ready.spec.key for one in floor_of(call).kept.values()}
    await call.sandbox.reap(call.now, spared)


@lambda_.keeper(every=SWEEP_EVERY_S)
async def sweep_code(call: Call) -> None:
    """Forget zips that no version and no layer names, and remove folders that no zip stands behind."""
    left = await call.transact(_sweep)
    for owner in _folders(code.shelf(call)):
        for place in _folders(owner):
            if (owner.name, place.name) not in left:
                await asyncio.to_thread(code.clear, place)


def _folders(place: Path) -> list[Path]:
    """The folders in a folder; those with a dot are being made or removed."""
    return [one for one in place.iterdir() if one.is_dir() and one.name[0] != "."] if place.is_dir() else []


def _sweep(tx: Tx) -> set[tuple[str, str]]:
    """The (account, digest) pairs that are left. Layers may be used from any account."""
    everywhere = [tx.within(account, region) for account, region in tx.scopes(Version)]
    layered = {layer.code for seat in everywhere for version in seat.range(Version) for layer in version.layers}
    left = set()
    for account, region in tx.scopes(Code):
        seat = tx.within(account, region)
        owned = {version.code for version in seat.range(Version)}
        owned |= {version.code for version in seat.range(LayerVersion)}
        left |= {(account, digest) for digest in code.sweep(seat, owned | layered)}
    return left
