"""Event source mappings: which function reads which queue or stream, and how.

One idea: a mapping's state is a sentence with two speakers. Requests say what is wanted (Creating, Updating, Disabling,
Deleting), and the poller, once it does so, says what is (Enabled, Disabled, gone). It may not know
how queues and streams are read.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html
"""

from typing import Any

from freehold import positions
from freehold.engines.batches import Rules
from freehold.engines.sources import streams
from freehold.engines.sources.filtering import matcher
from freehold.kernel import arns
from freehold.kernel.store import Record, Tx
from freehold.services.lambda_ import errors, functions
from freehold.services.lambda_.sources import kinds, windows
from freehold.services.lambda_.sources.errors import MappingExists, StreamMapped
from freehold.services.lambda_.sources.positions import Position

CREATING, ENABLING, ENABLED, UPDATING = "Creating", "Enabling", "Enabled", "Updating"
DISABLING, DISABLED, DELETING = "Disabling", "Disabled", "Deleting"
WORKING = (CREATING, ENABLING, ENABLED, UPDATING)

SETTINGS = (
    "BatchSize", "MaximumBatchingWindowInSeconds", "FilterCriteria", "FunctionResponseTypes", "ScalingConfig",
    "KMSKeyArn", "MetricsConfig", "ParallelizationFactor", "BisectBatchOnFunctionError", "MaximumRecordAgeInSeconds",
    "MaximumRetryAttempts", "TumblingWindowInSeconds", "DestinationConfig",
)  # fmt: skip
STARTS = ("StartingPosition", "StartingPositionTimestamp")  # of a new mapping, and never changed
# Shown also where they are 0 or false.
ALWAYS = (
    "BatchSize", "MaximumBatchingWindowInSeconds", "BisectBatchOnFunctionError", "TumblingWindowInSeconds",
    "MaximumRetryAttempts",
)  # fmt: skip

UNREAD, OK, FAILED = "No records processed", "OK", "PROBLEM: Function call failed"
PROBLEM = "PROBLEM: {words}"
BY_USER = "User action"

ONCE_MAX = 10
WINDOW_WORDS = "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"
FIFO_BATCH_WORDS = "Batch size must be less than or equal to 10 for FIFO queues."
FIFO_WINDOW_WORDS = "Batching window is not supported for FIFO queues"
FILTERS_MAX = 5


class Mapping(Record, table="lambda_mappings", key="uuid"):
    """`source` is the queue's or stream's ARN; `settings` are as AWS shows them; `result` is how a stream's last batch
    fared."""

    uuid: str
    source: str
    function: str
    qualifier: str
    state: str
    modified_at: float
    settings: dict[str, Any]
    tags: dict[str, str] = {}
    result: str = UNREAD

    @property
    def streams(self) -> bool:
        """Whether a stream is read, not a queue."""
        return streams.service_of(self.source) is not None

    @property
    def rules(self) -> Rules:
        """What becomes of a stream's batch that fails."""
        return Rules(self.settings["MaximumRetryAttempts"], self.settings["BisectBatchOnFunctionError"])

    @property
    def on_failure(self) -> str:
        """The ARN that is told of records that are given up."""
        return self.settings.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination", "")

    @property
    def response_types(self) -> list[str]:
        return self.settings.get("FunctionResponseTypes", [])

    @property
    def counted(self) -> bool:
        """Whether what becomes of its messages is measured."""
        return "EventCount" in self.settings.get("MetricsConfig", {}).get("Metrics", ())

    @property
    def most_at_once(self) -> int | None:
        """How many batches may run at the same time, if that was limited."""
        return self.settings.get("ScalingConfig", {}).get("MaximumConcurrency")

    @property
    def patterns(self) -> list[str]:
        return [
            one["Pattern"] for one in self.settings.get("FilterCriteria", {}).get("Filters", ()) if "Pattern" in one
        ]


def find(tx: Tx, uuid: str) -> Mapping:
    mapping = tx.get(Mapping, uuid)
    if mapping is None:
        raise errors.NotThere()
    return mapping


def settings_of(source: str, request: dict[str, Any], before: dict[str, Any] | None = None) -> dict[str, Any]:
    """The settings after a request, `before` being those of a mapping that there is. Raises what is wrong with them."""
    name = kinds.kind_of(source, request)
    kinds.check(name, source, request, new=before is None)
    kinds.check_runs(name, source, request)
    settings = dict(kinds.KINDS[name].defaults if before is None else before)
    taken = SETTINGS if before is not None else (*SETTINGS, *STARTS)
    settings |= {member: request[member] for member in taken if member in request}
    if name == "sqs":
        _check_batches(source.rpartition(":")[2], settings)
    filters = settings.get("FilterCriteria", {}).get("Filters", [])
    if len(filters) > FILTERS_MAX:
        raise errors.InvalidParameterValueException(message=f"The maximum number of filters is {FILTERS_MAX}")
    for one in filters:
        matcher(one.get("Pattern", "{}"))
    return {member: value for member, value in settings.items() if value or member in ALWAYS}


def _check_batches(queue: str, settings: dict[str, Any]) -> None:
    size, window = settings["BatchSize"], settings["MaximumBatchingWindowInSeconds"]
    if queue.endswith(".fifo"):
        if size > ONCE_MAX:
            raise errors.InvalidParameterValueException(message=FIFO_BATCH_WORDS)
        if window:
            raise errors.InvalidParameterValueException(message=FIFO_WINDOW_WORDS)
    elif size > ONCE_MAX and not window:
        raise errors.InvalidParameterValueException(message=WINDOW_WORDS)


def check_new(tx: Tx, function: str, source: str) -> None:
    """A queue or stream has one mapping to a function."""
    for mapping in tx.range(Mapping):
        if mapping.source == source and mapping.function == function and mapping.state != DELETING:
            refusal = StreamMapped if mapping.streams else MappingExists
            raise refusal(source=source, function=function, uuid=mapping.uuid)


def put(tx: Tx, mapping: Mapping, state: str) -> Mapping:
    """Say what is wanted, so that the poller hears."""
    mapping.state, mapping.modified_at = state, tx.now
    tx.put(mapping)
    tx.ring("lambda-mapping", mapping.uuid)
    tx.ring("lambda-mappings")
    return mapping


def shape(tx: Tx, mapping: Mapping) -> dict[str, Any]:
    """An EventSourceMappingConfiguration."""
    return (
        {"FunctionResponseTypes": []}
        | mapping.settings
        | {
            "UUID": mapping.uuid,
            "EventSourceArn": mapping.source,
            "FunctionArn": functions.arn(tx, mapping.function, mapping.qualifier),
            "EventSourceMappingArn": arns.arn("lambda", tx.region, tx.account, f"event-source-mapping:{mapping.uuid}"),
            "State": mapping.state,
            "StateTransitionReason": "USER_INITIATED",
            "LastModified": mapping.modified_at,
        }
        | ({"LastProcessingResult": mapping.result, "StateTransitionReason": BY_USER} if mapping.streams else {})
    )


# What the poller says


def attended(tx: Tx) -> list[tuple[str, str, str]]:
    """Every mapping that a poller has to do something for."""
    seats = [(account, region, tx.within(account, region)) for account, region in tx.scopes(Mapping)]
    return [
        (account, region, mapping.uuid)
        for account, region, seat in seats
        for mapping in seat.range(Mapping)
        if mapping.state != DISABLED
    ]


def take_up(tx: Tx, uuid: str) -> Mapping | None:
    """The mapping to work for, Enabled from now on; None if it is to be worked for no more."""
    mapping = tx.get(Mapping, uuid)
    if mapping is None or mapping.state not in WORKING:
        return None
    if mapping.state != ENABLED:
        mapping.state = ENABLED
        tx.put(mapping)
    return mapping


def note(tx: Tx, uuid: str, result: str) -> None:
    """Say how the last batch fared."""
    mapping = tx.get(Mapping, uuid)
    if mapping and mapping.result != result:
        mapping.result = result
        tx.put(mapping)


def lay_down(tx: Tx, uuid: str) -> bool:
    """Nothing runs for the mapping any more: Disabled, or gone. False if it is wanted again."""
    mapping = tx.get(Mapping, uuid)
    if mapping is None:
        return True
    if mapping.state == DELETING:
        tx.delete(Mapping, uuid)
        positions.forget(tx, Position, uuid)
        windows.forget(tx, uuid)
    elif mapping.state == DISABLING:
        mapping.state = DISABLED
        tx.put(mapping)
    return mapping.state not in WORKING
