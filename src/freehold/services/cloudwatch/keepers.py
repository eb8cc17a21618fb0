"""What happens to metrics by itself: the cloud's own samples come in, old values go.

One idea: samples are added up before they are written, so a busy minute is few records. It may not know requests.
"""

from collections import Counter, defaultdict

from freehold.kernel.call import Call
from freehold.kernel.store import Tx
from freehold.services.cloudwatch import metrics
from freehold.services.cloudwatch.metrics import Place, minute_of
from freehold.services.cloudwatch.service.catalogue import cloudwatch
from freehold.services.cloudwatch.tallies import tally_of

FLUSH_EVERY_S = 5
FORGET_EVERY_S = 86_400


@cloudwatch.keeper(every=FLUSH_EVERY_S, last=True)
def flush(call: Call, tx: Tx) -> None:
    """Write down what services measured since the last time."""
    scopes: dict[tuple[str, str], dict[Place, Counter[float]]] = defaultdict(lambda: defaultdict(Counter))
    for sample in call.door.journal.take_samples():
        places = scopes[sample.account, sample.region]
        for name, value, unit in sample.figures:
            place = Place(sample.namespace, name, sample.dimensions, unit, minute_of(sample.at))
            places[place][value] += 1
    for (account, region), places in scopes.items():
        metrics.add(tx.within(account, region), {place: tally_of(values) for place, values in places.items()})


@cloudwatch.keeper(every=FORGET_EVERY_S)
async def forget(call: Call) -> None:
    """Remove values older than fifteen months, until none is left."""
    while await call.transact(metrics.forget_some):
        await call.sleep(0)
