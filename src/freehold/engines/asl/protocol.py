"""What goes into the machine and what comes out: events and commands, as data.

One idea: whoever keeps the execution speaks these words only. All payloads are JSON texts, so that they pass through
unchanged; moments are epoch seconds. Events and commands are tagged msgspec structs and may be stored.
"""

from typing import Literal

import msgspec

# Events in.


class Started(msgspec.Struct, tag=True, frozen=True):
    """The execution begins."""


class TaskStarted(msgspec.Struct, tag=True, frozen=True):
    """A worker took an activity's task. Other tasks count as started when they are scheduled."""

    task: str
    worker: str | None = None


class TaskSubmitted(msgspec.Struct, tag=True, frozen=True):
    """The service accepted a .sync or .waitForTaskToken task and answered `output`; its end is still to come."""

    task: str
    output: str


class TaskSucceeded(msgspec.Struct, tag=True, frozen=True):
    """The task ended with the result `output`."""

    task: str
    output: str


class TaskFailed(msgspec.Struct, tag=True, frozen=True):
    """The task ended with an error; `submitting` if a .sync or .waitForTaskToken task was not even accepted."""

    task: str
    error: str | None = None
    cause: str | None = None
    submitting: bool = False


class HeartbeatSeen(msgspec.Struct, tag=True, frozen=True):
    """The task's worker is alive."""

    task: str


class AlarmRang(msgspec.Struct, tag=True, frozen=True):
    """The moment of a SetAlarm has come."""

    alarm: str


class MapRunStarted(msgspec.Struct, tag=True, frozen=True):
    """The Map Run that RunMap asked for exists. Comes before its end, at best as the answer to the command."""

    task: str
    map_run: str  # its ARN


class MapRunRedriven(msgspec.Struct, tag=True, frozen=True):
    """The Map Run that RunMap's `map_run` named goes on, for the `redrives`th time. In place of MapRunStarted."""

    task: str
    map_run: str
    redrives: int


class MapRunSucceeded(msgspec.Struct, tag=True, frozen=True):
    """The Map Run is over and within its tolerance. `output` is what `results` made: the children's outputs in their
    order, or where the writer put them."""

    task: str
    output: str


class MapRunFailed(msgspec.Struct, tag=True, frozen=True):
    """The Map Run failed: States.ItemReaderFailed, States.ResultWriterFailed, States.ExceedToleratedFailureThreshold,
    or what ItemSelector raised (`errors.Failure`)."""

    task: str
    error: str
    cause: str | None = None


class Stop(msgspec.Struct, tag=True, frozen=True):
    """StopExecution."""

    error: str | None = None
    cause: str | None = None


MapEvent = MapRunStarted | MapRunRedriven | MapRunSucceeded | MapRunFailed
TaskEvent = TaskStarted | TaskSubmitted | TaskSucceeded | TaskFailed | HeartbeatSeen
Event = Started | TaskEvent | MapEvent | AlarmRang | Stop

# Commands out.


class RunTask(msgspec.Struct, tag=True, frozen=True):
    """Do the work of a Task state, and answer with its id. An id is used once: a retry has another.

    `token` is the context object's $$.Task.Token, where the task has one. `role` is the role that Credentials name.
    """

    id: str
    thread: str
    state: str
    resource: str
    parameters: str
    timeout_s: int | None = None
    heartbeat_s: int | None = None
    token: str | None = None
    role: str | None = None


class Reader(msgspec.Struct, frozen=True):
    """ItemReader, filled in: the call whose answer holds the items, and how to read that answer (ReaderConfig).

    `parameters` is the request (Bucket, Key …) as JSON. A list of objects (s3:listObjectsV2) is itself the items,
    unless `transformation` is LOAD_AND_FLATTEN: then each object is read as `input_type` says. Only the first
    `items_max` items count; 0 is no limit, and a negative number fails the run.
    """

    resource: str
    parameters: str
    input_type: str = ""  # CSV, JSON, JSONL, MANIFEST; PARQUET cannot be read
    transformation: str = "NONE"  # or LOAD_AND_FLATTEN
    header_location: str = ""  # of a CSV file: FIRST_ROW or GIVEN
    headers: tuple[str, ...] = ()
    delimiter: str = "COMMA"
    items_pointer: str = ""  # a JSON pointer to the array inside a JSON file
    manifest_type: str = ""  # ATHENA_DATA or S3_INVENTORY
    items_max: int = 0


class Batcher(msgspec.Struct, frozen=True):
    """ItemBatcher, filled in: each child is given {"BatchInput": …, "Items": […]}. 0 is no limit; `input` is JSON."""

    items_max: int = 0
    bytes_max: int = 0
    input: str | None = None


class Writer(msgspec.Struct, frozen=True):
    """ResultWriter, filled in. Without a `resource` nothing is written, and only the output is shaped."""

    resource: str = ""
    parameters: str = "{}"  # Bucket, Prefix
    transformation: str = "NONE"  # or COMPACT, FLATTEN
    output_type: str = "JSON"  # or JSONL


class View(msgspec.Struct, frozen=True):
    """What the ItemSelector of a distributed Map sees, as JSON texts: the effective input, the context object, and the
    variables of its scope."""

    input: str
    context: str
    variables: dict[str, str] = {}


class RunMap(msgspec.Struct, tag=True, frozen=True):
    """Run the items of a distributed Map state as child executions, and answer with this id: MapRunStarted at once,
    then MapRunSucceeded or MapRunFailed. Cancel of this id stops the Map Run and its children. An id is used once.

    Who carries it out: reads the items (`items`, a JSON array; or `reader`, with `asl.maps`' readers); makes the
    children's inputs of them with `maps.inputs`; runs each as `begin(machine, input, context, scope=processor)`, at
    most `concurrency` at once (0: no limit of the definition's); ends the run once `maps.exceeded`; and shapes the
    result with `maps.output` and `maps.files`.

    `map_run` is the ARN of an earlier Map Run: a redrive goes on with that one, doing again only the children that did
    not succeed, and answers with MapRunRedriven instead of MapRunStarted.
    """

    id: str
    thread: str
    scope: str  # the location of the state's own scope in Machine.scopes
    state: str
    label: str  # Label, or "": names the Map Run, and the children's machine
    processor: str  # the location of the children's scope in Machine.scopes
    execution_type: str  # STANDARD or EXPRESS
    view: View
    items: str | None = None
    reader: Reader | None = None
    batcher: Batcher | None = None
    writer: Writer | None = None
    concurrency: int = 0
    failures_max: int | None = None  # tolerated; where neither limit is given, the first failure ends the run
    failures_percent_max: float | None = None
    map_run: str | None = None


class SetAlarm(msgspec.Struct, tag=True, frozen=True):
    """Send AlarmRang at a moment. Setting an alarm again moves it."""

    id: str
    at: float


class Cancel(msgspec.Struct, tag=True, frozen=True):
    """The task, Map Run or alarm of this id no longer matters. To send its event all the same does no harm."""

    id: str


class Succeed(msgspec.Struct, tag=True, frozen=True):
    """The execution succeeded."""

    output: str


class Fail(msgspec.Struct, tag=True, frozen=True):
    """The execution ended otherwise."""

    status: Literal["FAILED", "TIMED_OUT", "ABORTED"]
    error: str | None = None
    cause: str | None = None


Command = RunTask | RunMap | SetAlarm | Cancel | Succeed | Fail
# Alarms of the execution itself: the machine's TimeoutSeconds (an Express execution's keeper may ring it too), and the
# next turn of an execution that has done many states without waiting.
EXECUTION_TIMEOUT = "execution:timeout"
EXECUTION_RESUME = "execution:resume"
