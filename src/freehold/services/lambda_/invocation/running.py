"""Invoking: from a request for a function to its result.

One idea: find what is to run, count it against the concurrency limits, run it in the sandbox, and note what it leaves
behind: an invocation alone writes nothing. It may not know how the request came.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
"""

import asyncio
from pathlib import Path
from typing import Any, NamedTuple

from freehold.engines import lineage
from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.store import Tx
from freehold.sandbox import Credentials, FunctionSpec, Result, Stream
from freehold.sandbox.spec import Image
from freehold.services.lambda_ import aliases, code, describe, errors, functions, images, names, networks
from freehold.services.lambda_.access import policies
from freehold.services.lambda_.functions import Function, Version
from freehold.services.lambda_.invocation import logs, roles
from freehold.services.lambda_.invocation.floor import ACCOUNT_CONCURRENCY, UNRESERVED_MIN, Kept, Ready, floor_of
from freehold.services.lambda_.layers import public
from freehold.services.lambda_.names import LATEST, Ref

NAMESPACE = "AWS/Lambda"
FRESH_MARGIN_S = 300
SETTLING_MAX_S = 30
LOOPS_MAX = 16
INVOKE = "lambda:InvokeFunction"
ON_DEMAND, PROVISIONED = "on-demand", "provisioned-concurrency"


class Target(NamedTuple):
    """What runs for a request: the version, as part of which function, under which ARN."""

    function: Function
    version: Version
    arn: str


class Payload(NamedTuple):
    """One request's bytes (a JSON text) and what is told of it. `client_context` is JSON text."""

    request_id: str
    body: bytes
    client_context: str | None = None
    trace_id: str = ""


def resolve(tx: Tx, ref: Ref, action: str = INVOKE) -> Target:
    """What a reference means now. Raises NotAllowed if the caller is another's and the policy does not let it in."""
    tx = functions.here(tx, ref)
    arn = functions.arn(tx, ref.name, ref.qualifier)
    policies.admit(tx, action, arn)
    return target(tx, ref.name, ref.qualifier)


def target(tx: Tx, name: str, qualifier: str) -> Target:
    """What a function's name and qualifier mean now."""
    function = tx.get(Function, name)
    if function is None:
        raise errors.FunctionNotFound(arn=functions.arn(tx, name, qualifier or LATEST))
    return Target(function, aliases.route(tx, name, qualifier), functions.arn(tx, name, qualifier))


class Place(NamedTuple):
    """One request's place on the floor, from where it runs: what it runs with, and what it is told."""

    ready: Ready
    kept: Kept | None
    own: bool
    running: int
    about: dict[str, Any]


async def run(call: Call, target: Target, payload: Payload) -> Result:
    """Run the target and measure it. `call` looks at the function's account. Raises throttles."""
    place = await _enter(call, target, payload)
    try:
        result = await call.sandbox.invoke(
            place.ready.spec, payload.body, request_id=payload.request_id, credentials=place.ready.credentials,
            **place.about,
        )  # fmt: skip
    finally:
        _leave(call, target.function, place)
    _measure(call, target, result, place)
    logs.gather(call, target.version, result)
    return result


async def stream(call: Call, target: Target, payload: Payload) -> Stream:
    """As `run`, with the answer while it arrives. Its logs are written when it is over, whoever listens until then."""
    place = await _enter(call, target, payload)
    try:
        answer = await call.sandbox.stream(
            place.ready.spec, payload.body, request_id=payload.request_id, credentials=place.ready.credentials,
            **place.about,
        )  # fmt: skip
    except BaseException:
        _leave(call, target.function, place)
        raise
    streams = floor_of(call).streams
    task = asyncio.ensure_future(_see_out(call, target, place, answer))
    streams.add(task)
    task.add_done_callback(streams.discard)
    return answer


async def _see_out(call: Call, target: Target, place: Place, answer: Stream) -> None:
    """Wait for the end of a streamed invocation, and write down what it left."""
    try:
        result = await answer.ended()
    finally:
        _leave(call, target.function, place)
    _measure(call, target, result, place)
    logs.gather(call, target.version, result)


async def _enter(call: Call, target: Target, payload: Payload) -> Place:
    """A place for one request. Raises throttles, and RecursiveInvocationException for one loop too many."""
    function, floor = target.function, floor_of(call)
    trace = _traced(call, function, payload.trace_id or call.trace)
    await check_concurrency(call, function)
    await _settle(call, target.version)
    kept = floor.kept.get((call.account, call.region, target.version.build))
    own = kept is not None and kept.busy < kept.there
    floor.enter(call.account, call.region, function.name, function.reserved is None, kept if own else None)
    running = floor.running[call.account, call.region, function.name]
    about = {"invoked_arn": target.arn, "client_context": payload.client_context, "trace_id": trace}
    try:
        ready = kept.ready if kept and own else await prepare(call, target.version)
    except BaseException:
        floor.leave(call.account, call.region, function.name, function.reserved is None, kept if own else None)
        raise
    return Place(ready, kept, own, running, about)


def _leave(call: Call, function: Function, place: Place) -> None:
    kept = place.kept if place.own else None
    floor_of(call).leave(call.account, call.region, function.name, function.reserved is None, kept)


def passed(scope: Call | Tx, name: str, trace: str) -> str:
    """The trace header of what comes of an invocation of the function: it has passed it once more."""
    trace = trace or lineage.begun(scope.now, scope.ids.hex(40))
    return lineage.passed(trace, lineage.mark(names.function_arn(scope.region, scope.account, name)))


def _traced(call: Call, function: Function, trace: str) -> str:
    """The trace header that the function is given. Raises RecursiveInvocationException for one loop too many."""
    mark = lineage.mark(names.function_arn(call.region, call.account, function.name))
    if function.recursion == functions.TERMINATE and lineage.times(trace, mark) >= LOOPS_MAX:
        call.measure(NAMESPACE, "RecursiveInvocationsDropped", 1, "Count", FunctionName=function.name)
        raise errors.RecursiveInvocationException()
    return passed(call, function.name, trace)


async def _settle(call: Call, version: Version) -> None:
    """Wait until a version that is being made or changed is ready."""
    now: Version | None = version
    until = call.now + SETTLING_MAX_S
    while now and now.settling and call.now < until:
        with call.listen(functions.SETTLED) as bell:
            now = await call.transact(lambda tx: tx.get(Version, version.function, version.number))
            if now and now.settling:
                await bell.wait(until)


async def check_concurrency(call: Call, function: Function) -> None:
    """Raise TooManyRequestsException if one more request of the function would be one too many.

    Functions may grow by 1,000 environments in ten seconds, which is all that an account may have.
    """
    running = floor_of(call).running
    if function.reserved is not None:
        if running[call.account, call.region, function.name] >= function.reserved:
            _throttled(call, function.name)
            raise errors.ReservedConcurrencyReached()
        return
    sharing = running[call.account, call.region, ""]
    if sharing >= UNRESERVED_MIN and sharing >= ACCOUNT_CONCURRENCY - await call.transact(functions.reserved_sum):
        _throttled(call, function.name)
        raise errors.TooManyRequestsException()


def _throttled(call: Call, name: str) -> None:
    call.measure(NAMESPACE, "Throttles", 1, "Count", FunctionName=name)


def _measure(call: Call, target: Target, result: Result, place: Place) -> None:
    name = target.function.name
    figures = (
        ("Invocations", 1, "Count"),
        ("Errors", 0 if result.status == "ok" else 1, "Count"),
        ("Throttles", 0, "Count"),
        ("Duration", result.duration_ms, "Milliseconds"),
        ("ConcurrentExecutions", place.running, "Count"),
    )
    call.measure_all(NAMESPACE, figures, FunctionName=name)
    if place.kept:
        _measure_kept(call, target, place.kept, spilled=not place.own)


def _measure_kept(call: Call, target: Target, kept: Kept, spilled: bool) -> None:
    name, qualifier = target.function.name, target.arn.split(":", 7)[7:]
    figures = (
        (f"ProvisionedConcurrency{'Spillover' if spilled else ''}Invocations", 1, "Count"),
        ("ProvisionedConcurrentExecutions", kept.busy, "Count"),
        ("ProvisionedConcurrencyUtilization", kept.busy / kept.there if kept.there else 0.0, "Count"),
    )
    call.measure_all(NAMESPACE, figures, FunctionName=name, Resource=":".join([name, *qualifier]))


async def prepare(call: Call, version: Version) -> Ready:
    """How to run a version. Environments live under keys that the role's credentials outlive, and are retired then."""
    known, key = floor_of(call).ready, (call.account, call.region, version.build)
    ready = known.get(key)
    if ready and ready.fresh_until > call.now:
        return ready
    if ready:
        del known[key]
        await call.sandbox.retire(ready.spec.key)
    ready = await make_ready(call, version)
    return known.setdefault(key, ready)  # another request may have been faster


async def make_ready(call: Call, version: Version, initialization: str = ON_DEMAND) -> Ready:
    """A spec under a key of its own, with fresh credentials."""
    settings, runtime = version.settings, version.settings.get("Runtime", "")
    session = await roles.assume(call, settings["Role"], version.function)
    shared = [layer_folder(call, layer, runtime) for layer in version.layers]
    image = _image(call, version) if version.image else None
    reach = await networks.reach(call, settings)
    task, *layers = await asyncio.gather(_task(call, version, image), *shared)
    keys, logging = session.credentials, settings["LoggingConfig"]
    credentials = Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    spec = FunctionSpec(
        key=f"{call.account}/{call.region}/{version.function}/{version.number}/{version.build}/{call.ids.hex(8)}",
        runtime=runtime, handler=settings.get("Handler", ""), code=task, layers=tuple(layers), image=image, reach=reach,
        name=version.function, arn=names.function_arn(call.region, call.account, version.function),
        region=call.region, version=version.label, memory_mb=settings["MemorySize"],
        timeout_s=float(settings["Timeout"]), ephemeral_mb=settings["EphemeralStorage"]["Size"],
        environment=settings.get("Environment", {}).get("Variables", {}), initialization=initialization,
        log_group=logging["LogGroup"], log_format=logging["LogFormat"], endpoint_url=call.door.base_url,
        application_level=logging.get("ApplicationLogLevel", "INFO"),
        system_level=logging.get("SystemLogLevel", "INFO"), tracing=settings["TracingConfig"]["Mode"],
        runtime_version=describe.runtime_version(runtime) if runtime else "",
        runtime_version_arn=describe.runtime_arn(call.region, runtime) if runtime else "",
    )  # fmt: skip
    until = call.now + roles.SESSION_S - settings["Timeout"] - FRESH_MARGIN_S
    return Ready(spec, credentials, session.call, until)


def _image(call: Call, version: Version) -> Image:
    return images.image_of(call, version.code, version.packed, version.settings.get("ImageConfig", {}))


async def _task(call: Call, version: Version, image: Image | None) -> Path:
    """Where the function's code lies: unpacked from its zip, or in its image."""
    return image.root / "var/task" if image else await code.unpacked(call, version.code)


async def layer_folder(call: Call, layer: functions.Layer, runtime: str) -> Path:
    """Where a layer that a function uses lies unpacked, or what stands in for it: here an ARN becomes a folder."""
    if not layer.code:
        return public.folder(layer.arn, runtime)
    return await code.unpacked(_owner(call, layer.arn), layer.code)


def _owner(call: Call, layer: str) -> Call:
    """The call as seen from where a layer is kept."""
    place = arns.parse(layer)
    return call.within(place.account, place.region) if place else call


async def retire(call: Call, versions: list[Version]) -> None:
    """These builds are no more: end their environments."""
    for version in versions:
        ready = floor_of(call).ready.pop((call.account, call.region, version.build), None)
        if ready:
            await call.sandbox.retire(ready.spec.key)
