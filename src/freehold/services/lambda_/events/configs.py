"""How asynchronous invocations of a function, version or alias are set to end. It may not know events."""

from freehold.kernel.store import Record, Tx
from freehold.services.lambda_.names import LATEST


class EventInvokeConfig(Record, table="lambda_event_invoke_configs", key="function qualifier"):
    """How asynchronous invocations of a qualifier end. Targets are ARNs, empty for none."""

    function: str
    qualifier: str
    modified_at: float
    retries: int | None = None
    age_max_s: int | None = None
    on_success: str = ""
    on_failure: str = ""


def config_of(tx: Tx, function: str, qualifier: str) -> EventInvokeConfig:
    """The configuration that holds for a qualifier; the defaults if none was put."""
    found = tx.get(EventInvokeConfig, function, qualifier or LATEST)
    return found or EventInvokeConfig(function=function, qualifier=qualifier or LATEST, modified_at=0.0)


def remove(tx: Tx, function: str) -> None:
    """Forget how a function's asynchronous invocations end."""
    for config in tx.range(EventInvokeConfig, function):
        tx.delete(EventInvokeConfig, function, config.qualifier)
