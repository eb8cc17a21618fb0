"""Function processes never outlive Freehold, however it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from freehold.sandbox.fittings import leftovers

from .workshop import Workshop, lives, only_processes, outside

DRIVER = """
import asyncio, json, sys
from pathlib import Path
import uvloop
from freehold.sandbox import FunctionSpec, Sandbox

async def main():
    root = Path(sys.argv[1])
    box = Sandbox(root / "sandbox", sys.argv[3])
    spec = FunctionSpec(key="k", runtime=sys.argv[2], handler="app.handler", code=root / "code1", name="f", arn="a",
                        region="eu-west-1", memory_mb=256, timeout_s=600)
    first = await box.invoke(spec, b"0", request_id="first")
    busy = asyncio.create_task(box.invoke(spec, b"600", request_id="busy"))
    await asyncio.sleep(0)  # it takes the environment of the first
    other = await box.invoke(spec, b"0", request_id="other")
    fitting = box._fitting
    nursery = fitting._nursery if fitting.name == "process" else next(iter(fitting._nurseries.values())).process
    runtimes = [standing.pid for standing in box.environments()]
    print(json.dumps([json.loads(first.payload), json.loads(other.payload), runtimes, nursery.pid]), flush=True)
    await busy

uvloop.run(main())
"""
SOURCE = """
    import os, subprocess, time
    child = subprocess.Popen(["/bin/sleep", "600"], start_new_session=True)
    def handler(event, context):
        time.sleep(event)
        return [os.getpid(), child.pid]
"""


def start_driver(workshop: Workshop) -> tuple[subprocess.Popen[bytes], list[int], int]:
    """A Freehold of its own with one busy and one idle environment: it, their processes, its nursery."""
    spec = workshop.python(SOURCE)
    argv = [sys.executable, "-c", DRIVER, str(workshop.root), spec.runtime, workshop.fitting]
    driver = subprocess.Popen(argv, stdout=subprocess.PIPE)
    assert driver.stdout
    try:
        *environments, runtimes, nursery = json.loads(driver.stdout.readline())
        told = zip(environments, runtimes, strict=True)
        pids = [outside(pid, runtime) for environment, runtime in told for pid in environment]
        assert len(set(pids)) == 4 and all(map(lives, [*pids, nursery]))
    except BaseException:
        end(driver)
        raise
    return driver, pids, nursery


def end(driver: subprocess.Popen[bytes]) -> None:
    driver.kill()
    driver.wait()
    assert driver.stdout
    driver.stdout.close()


def wait_until_gone(pids: list[int]) -> None:
    until = time.monotonic() + 10
    while any(map(lives, pids)):
        assert time.monotonic() < until, "a process outlived its parent"
        time.sleep(0.005)


def test_kill_9_of_the_parent_ends_busy_idle_and_hidden_children(workshop: Workshop) -> None:
    driver, pids, nursery = start_driver(workshop)
    end(driver)
    wait_until_gone([*pids, nursery])


def test_what_a_dead_freehold_left_is_swept(workshop: Workshop) -> None:
    driver, pids, _ = start_driver(workshop)
    end(driver)
    wait_until_gone(pids)
    workshop.invoke(workshop.python("def handler(event, context): return 1"))
    assert not list((workshop.root / "sandbox" / "environments").iterdir())
    assert not list(Path("/sys/fs/cgroup").glob(f"*/freehold-{driver.pid}-*"))
    assert str(workshop.root) not in Path("/proc/mounts").read_text()


@only_processes
def test_kill_9_of_the_nursery_ends_environments(workshop: Workshop) -> None:
    driver, pids, nursery = start_driver(workshop)
    try:
        os.kill(nursery, signal.SIGKILL)
        wait_until_gone(pids[::2])  # what they hid away is beyond reach of this fitting now
    finally:
        end(driver)
        for pid in pids[1::2]:
            os.kill(pid, signal.SIGKILL)


def test_the_sweep_at_start_ends_what_is_recorded_and_nothing_else(tmp_path: Path) -> None:
    left, alien = (subprocess.Popen(["/bin/sleep", "600"], start_new_session=True) for _ in range(2))
    try:
        for name, process in (("left", left), ("alien", alien)):
            (tmp_path / name / "tmp").mkdir(parents=True)
            leftovers.record(tmp_path / name, [process.pid])
        (tmp_path / "alien" / "process").write_text(f"{alien.pid} 1")  # the pid is another's by now
        (tmp_path / "odd").mkdir()
        assert leftovers.sweep(tmp_path) == 1
        assert left.wait() == -signal.SIGKILL
        assert alien.poll() is None
        assert list(tmp_path.iterdir()) == []
    finally:
        for process in (left, alien):
            process.kill()
            process.wait()
