"""Environments by key: reuse, separation, retirement, reaping, cancelling, and the end of all."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from freehold.sandbox import Sandbox

from .workshop import Workshop, lives, only_processes, outside, said

COUNTER = """
    import os
    calls = 0
    def handler(event, context):
        global calls
        calls += 1
        return [calls, os.getpid(), context.log_stream_name]
"""
GATED = """
    import os, time
    place = os.environ["LAMBDA_TASK_ROOT"]
    while os.path.exists(place + "/shut"): time.sleep(0.01)
    def handler(event, context):
        while event and not os.path.exists(place + "/open"): time.sleep(0.01)
        return context.log_stream_name
"""
FOREVER = "import time\ndef handler(event, context): time.sleep(600)"


def test_one_environment_serves_one_after_the_other(workshop: Workshop) -> None:
    spec = workshop.python(COUNTER)

    async def scene(box: Sandbox) -> None:
        results = [await box.invoke(spec, b"{}", request_id=str(at)) for at in range(3)]
        assert [said(result)[0] for result in results] == [1, 2, 3]
        assert [result.cold for result in results] == [True, False, False]
        assert [result.init_ms is None for result in results] == [False, True, True]
        (standing,) = box.environments()
        assert (standing.key, standing.busy, standing.invocations) == (spec.key, False, 3)
        assert standing.log_stream == results[0].log_stream == said(results[2])[2]
        assert standing.pid == outside(said(results[0])[1], standing.pid)

    workshop.play(scene)


def test_requests_at_once_never_share_an_environment(workshop: Workshop) -> None:
    spec = workshop.python(GATED)

    async def scene(box: Sandbox) -> None:
        work = [asyncio.create_task(box.invoke(spec, b"1", request_id=str(at))) for at in range(4)]
        while sum(standing.invocations for standing in box.environments()) < 4:
            await asyncio.sleep(0.01)
        (spec.code / "open").touch()
        assert len({result.payload for result in await asyncio.gather(*work)}) == 4
        assert len(box.environments()) == 4

    workshop.play(scene)


def test_keys_never_share_an_environment_or_its_tmp(workshop: Workshop) -> None:
    source = """
        import os, tempfile
        def handler(event, context):
            place = os.path.join(tempfile.gettempdir(), "mark")
            seen = os.path.exists(place)
            open(place, "w").close()
            return seen
    """
    one, two = workshop.python(source, key="a:1"), workshop.python(source, key="a:2")

    async def scene(box: Sandbox) -> None:
        assert [said(await box.invoke(spec, b"{}", request_id="r")) for spec in (one, two, one)] == [False, False, True]

    workshop.play(scene)


@pytest.mark.parametrize(("deed", "status"), [("os._exit(1)", "crash"), ("time.sleep(60)", "timeout")])
def test_after_a_crash_or_timeout_the_environment_begins_anew(workshop: Workshop, deed: str, status: str) -> None:
    source = f"""
        import os, pathlib, time
        calls, mark = 0, pathlib.Path(os.environ["TMPDIR"], "mark")
        def handler(event, context):
            global calls
            calls += 1
            if event: {deed}
            seen, _ = mark.exists(), mark.touch()
            return [calls, seen]
    """
    spec = workshop.python(source, timeout_s=2)

    async def scene(box: Sandbox) -> None:
        first = await box.invoke(spec, b"0", request_id="a")
        failed = await box.invoke(spec, b"1", request_id="b")
        assert [standing.pid for standing in box.environments()] == [None]
        after = await box.invoke(spec, b"0", request_id="c")
        again = await box.invoke(spec, b"0", request_id="d")
        assert (first.status, failed.status, after.status) == ("ok", status, "ok")
        assert (said(first), said(after), said(again)) == ([1, False], [1, True], [2, True])  # /tmp stays, memory goes
        assert {result.log_stream for result in (first, failed, after)} == {first.log_stream}
        assert (after.cold, after.init_ms) == (True, None)  # on the invocation's own time
        assert len(box.environments()) == 1

    workshop.play(scene)


def test_idle_environments_are_frozen(workshop: Workshop) -> None:
    source = """
        import threading, time
        ticks = 0
        def tick():
            global ticks
            while True:
                ticks += 1
                time.sleep(0.001)
        threading.Thread(target=tick, daemon=True).start()
        def handler(event, context): return ticks
    """
    spec = workshop.python(source)

    async def scene(box: Sandbox) -> None:
        before = said(await box.invoke(spec, b"{}", request_id="a"))
        (standing,) = box.environments()
        await asyncio.sleep(0.1)
        assert Path(f"/proc/{standing.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
        assert said(await box.invoke(spec, b"{}", request_id="b")) - before < 50

    workshop.play(scene)


def test_retire_ends_idle_environments_now_and_busy_ones_when_they_finish(workshop: Workshop) -> None:
    spec = workshop.python(GATED)

    async def scene(box: Sandbox) -> None:
        await box.warm(spec)
        busy = asyncio.create_task(box.invoke(spec, b"1", request_id="a"))
        await asyncio.sleep(0)
        await box.invoke(spec, b"0", request_id="b")
        await box.retire(spec.key)
        assert [standing.busy for standing in box.environments()] == [True]
        (spec.code / "open").touch()
        assert (await busy).status == "ok"
        assert box.environments() == []
        assert (await box.invoke(spec, b"0", request_id="c")).cold
        assert len(box.environments()) == 1

    workshop.play(scene)


def test_reap_closes_what_is_idle_too_long_or_too_old_or_dead(workshop: Workshop) -> None:
    spec, moment = workshop.python(COUNTER), [1000.0]

    async def scene(box: Sandbox) -> None:
        await box.invoke(spec, b"{}", request_id="a")
        (standing,) = box.environments()
        pid = standing.pid
        assert await box.reap(1009) == 0
        assert await box.reap(1010) == 1
        assert pid and not lives(pid) and box.environments() == []
        for now in range(1010, 1050, 8):
            moment[0] = now
            await box.invoke(spec, b"{}", request_id="b")
        assert await box.reap(1043) == 1  # 33 s old, though used a second ago
        await box.warm(spec)
        (standing,) = box.environments()
        assert standing.pid
        os.kill(standing.pid, 9)
        while not await box.reap(moment[0]):
            await asyncio.sleep(0.005)
        assert standing.id not in {known.id for known in box.environments()}
        assert not (workshop.root / "sandbox" / "environments" / standing.id).exists()

    workshop.play(scene, idle_s=10, age_s=30, now=lambda: moment[0])


def test_warm_starts_ahead(workshop: Workshop) -> None:
    spec = workshop.python(COUNTER, initialization="provisioned-concurrency")

    async def scene(box: Sandbox) -> None:
        standing = await box.warm(spec)
        assert not standing.busy
        while Path(f"/proc/{standing.pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
            await asyncio.sleep(0.005)  # it freezes until there is work
        result = await box.invoke(spec, b"{}", request_id="a")
        assert outside(said(result)[1], standing.pid) == standing.pid

    workshop.play(scene)


def test_cancelling_ends_what_runs(workshop: Workshop) -> None:
    spec = workshop.python(FOREVER, timeout_s=900)

    async def scene(box: Sandbox) -> None:
        working = asyncio.create_task(box.invoke(spec, b"{}", request_id="a"))
        while not any(standing.invocations for standing in box.environments()):
            await asyncio.sleep(0.01)
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working
        assert box.environments() == []

    workshop.play(scene)


def test_close_ends_everything_also_what_a_function_hid_away(workshop: Workshop) -> None:
    source = """
        import subprocess
        def handler(event, context):
            return [subprocess.Popen(["/bin/sleep", "600"], start_new_session=event).pid for _ in range(2)]
    """
    spec = workshop.python(source)

    async def scene(box: Sandbox) -> list[int]:
        told = [await box.invoke(spec, event, request_id="a") for event in (b"true", b"false")]
        (standing,) = box.environments()
        pids = [outside(pid, standing.pid) for result in told for pid in said(result)] + [standing.pid or 0]
        assert all(map(lives, pids))
        return pids

    assert not any(map(lives, workshop.play(scene)))
    assert list((workshop.root / "sandbox" / "environments").iterdir()) == []


def test_what_a_function_hid_away_goes_with_its_environment(workshop: Workshop) -> None:
    source = """
        import subprocess
        def handler(event, context):
            return subprocess.Popen(["/bin/sleep", "600"], start_new_session=True).pid
    """
    doomed, other = workshop.python(source), workshop.python(source)

    async def scene(box: Sandbox) -> None:
        inner = [said(await box.invoke(spec, b"{}", request_id="a")) for spec in (doomed, other)]
        gone, stays = (outside(pid, one.pid) for pid, one in zip(inner, box.environments(), strict=True))
        await box.retire(doomed.key)
        while lives(gone):
            await asyncio.sleep(0.005)
        assert lives(stays)

    workshop.play(scene)


def test_links_that_a_function_leaves_lead_nowhere(workshop: Workshop) -> None:
    outside_of_it = workshop.root / "outside"
    outside_of_it.mkdir()
    (outside_of_it / "kept").touch()
    source = """
        import os, tempfile
        def handler(target, context):
            folder = os.path.join(tempfile.gettempdir(), "deep")
            os.makedirs(folder)
            os.symlink(target, os.path.join(folder, "link"))
            os.chmod(folder, 0)
    """

    async def scene(box: Sandbox) -> None:
        spec = workshop.python(source)
        assert (await box.invoke(spec, json.dumps(str(outside_of_it)).encode(), request_id="a")).status == "ok"
        await box.retire(spec.key)

    workshop.play(scene)
    assert (outside_of_it / "kept").exists()
    assert not list((workshop.root / "sandbox" / "environments").iterdir())


def test_close_in_the_midst_of_starts_and_work(workshop: Workshop) -> None:
    spec = workshop.python(FOREVER, timeout_s=900)

    async def scene(box: Sandbox) -> None:
        working = [asyncio.create_task(box.invoke(spec, b"{}", request_id=str(at))) for at in range(3)]
        await box.invoke(workshop.python(COUNTER), b"{}", request_id="other")  # by then the others are at work
        starting = [asyncio.create_task(box.invoke(spec, b"{}", request_id=str(at))) for at in range(12)]
        await asyncio.sleep(0)
        await box.close()
        results = await asyncio.gather(*working, *starting)
        assert {result.status for result in results} <= {"crash", "init_error"}, results
        assert box.environments() == []

    workshop.play(scene)


@only_processes
def test_when_the_nursery_dies_a_new_one_takes_over(workshop: Workshop) -> None:
    spec = workshop.python("import os\ndef handler(e, c): return os.getppid()")

    async def scene(box: Sandbox) -> None:
        nursery = said(await box.invoke(spec, b"{}", request_id="a"))
        os.kill(nursery, 9)
        while not await box.reap(0):
            await asyncio.sleep(0.005)
        after = await box.invoke(spec, b"{}", request_id="b")
        assert after.cold and said(after) != nursery

    workshop.play(scene)


def test_an_invocation_takes_whichever_environment_is_free_first(workshop: Workshop) -> None:
    spec = workshop.python(GATED)

    async def scene(box: Sandbox) -> None:
        await box.warm(spec)
        (spec.code / "shut").touch()  # no other becomes ready
        work = [asyncio.create_task(box.invoke(spec, b"1", request_id=str(at))) for at in range(3)]
        await asyncio.sleep(0)
        (spec.code / "open").touch()
        assert len({result.payload for result in await asyncio.gather(*work)}) == 1

    workshop.play(scene)


def test_a_crowd_is_served_by_few(workshop: Workshop) -> None:
    spec = workshop.python("def handler(e, c): return e")

    async def scene(box: Sandbox) -> None:
        results = await asyncio.gather(*(box.invoke(spec, b"1", request_id=str(at)) for at in range(200)))
        assert {result.payload for result in results} == {b"1"}
        assert len(box.environments()) < 100

    workshop.play(scene)
