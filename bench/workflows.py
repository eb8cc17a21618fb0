"""What workflows cost: `python -m bench.workflows [--write] [--waiting 100000] [case …]`.

Standard and Express executions beside a peer in one run, Maps, crowds that wait, long lists, and as the limit the
language's machine alone in this process. `--write` puts the table into RESULTS.md between its marks.
"""

import argparse
import asyncio
import itertools
import json
import statistics
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from bench.cases import MACHINE, role
from bench.load import drive, signed
from bench.loads import named
from bench.results import write
from bench.run import ROOT, client_of
from bench.servers import HOME, PEERS, Server
from freehold.engines import asl

ORDER = {
    "StartAt": "Take",
    "States": {
        "Take": {"Type": "Pass", "Next": "Name"},
        "Name": {"Type": "Pass", "Parameters": {"id.$": "States.Format('order-{}', $.n)", "n.$": "$.n"}, "Next": "Ask"},
        "Ask": {"Type": "Choice", "Default": "Done",
                "Choices": [{"Variable": "$.n", "NumericGreaterThan": 0, "Next": "Mark"}]},
        "Mark": {"Type": "Pass", "Result": {"ok": True}, "ResultPath": "$.marked", "Next": "Done"},
        "Done": {"Type": "Succeed"},
    },
}  # fmt: skip
EACH = {"StartAt": "One", "States": {"One": {"Type": "Pass", "End": True}}}
MAP = {"StartAt": "Each", "States": {"Each": {"Type": "Map", "ItemProcessor": EACH, "End": True}}}
TEN = {
    "StartAt": "S0",
    "States": {f"S{n}": {"Type": "Pass", **({"Next": f"S{n + 1}"} if n < 9 else {"End": True})} for n in range(10)},
}
ITEMS, EXECUTIONS, FINISHED, SAMPLED = 1_000, 2_000, 10_000, 500
CROWD_WAITS_S = 150


class Chance:
    """Chance for the machine alone."""

    def random(self) -> float:
        return 0.5

    def uuid(self) -> str:
        return "00000000-0000-4000-8000-000000000000"


class Bench:
    """One running server and its machines."""

    def __init__(self, server: Server, seconds: float, crowd: int):
        self.server, self.seconds, self.crowd = server, seconds, crowd
        self.client = client_of(server)
        self.states = self.client("stepfunctions")

    def machine(self, definition: dict[str, Any], kind: str = "STANDARD") -> str:
        text = json.dumps(definition)
        made = self.states.create_state_machine(
            name=named("machine"), definition=text, roleArn=role(self.client), type=kind
        )
        return made["stateMachineArn"]

    def starts(self, machine: str, count: int, input: str = "{}") -> Iterator[bytes]:
        for _ in range(count):
            yield signed(self.states, "start_execution", stateMachineArn=machine, name=uuid.uuid4().hex, input=input)

    def drive(
        self, requests: Iterator[bytes], connections: int, seconds: float, word: bytes
    ) -> tuple[int, float, float]:
        """Answers, seconds, p50 in ms."""
        right = lambda body: word in body  # noqa: E731
        count, wrong, took, times = asyncio.run(drive(self.server.port, requests, right, seconds, connections))
        if wrong or not count:
            raise RuntimeError(f"{wrong} of {count} answers were wrong")
        return count, took, times[len(times) // 2] * 1e3

    def settle(self, machine: str, within_s: float = 60) -> None:
        """Wait until no execution runs."""
        deadline = time.monotonic() + within_s
        running = {"stateMachineArn": machine, "statusFilter": "RUNNING", "maxResults": 1}
        while self.states.list_executions(**running)["executions"]:
            if time.monotonic() > deadline:
                raise RuntimeError("executions do not end")
            time.sleep(0.01)


def standard(bench: Bench, connections: int = 16) -> str:
    machine = bench.machine(MACHINE)
    requests = iter(list(bench.starts(machine, EXECUTIONS if connections > 1 else EXECUTIONS // 4)))
    before = bench.server.cpu_s()
    count, took, p50_ms = bench.drive(requests, connections, 60, b"executionArn")
    start = time.perf_counter()
    bench.settle(machine)
    took += time.perf_counter() - start
    return f"{count / took:,.0f}/s, {(bench.server.cpu_s() - before) / count * 1e3:.2f} CPU-ms, p50 {p50_ms:.1f} ms"


def express(bench: Bench) -> str:
    machine = bench.machine(ORDER, "EXPRESS")
    request = signed(bench.states, "start_sync_execution", stateMachineArn=machine, input='{"n": 1}')
    before = bench.server.cpu_s()
    count, took, p50_ms = bench.drive(itertools.repeat(request), 16, bench.seconds, b"SUCCEEDED")
    return f"{count / took:,.0f}/s, {(bench.server.cpu_s() - before) / count * 1e3:.2f} CPU-ms, p50 {p50_ms:.1f} ms"


def mapped(bench: Bench) -> str:
    """From the start of an inline Map of many items to its end."""
    machine, times = bench.machine(MAP), []
    for _ in range(5):
        start = time.perf_counter()
        bench.states.start_execution(stateMachineArn=machine, input=json.dumps(list(range(ITEMS))))
        bench.settle(machine)
        times.append((time.perf_counter() - start) * 1e3)
    return f"{statistics.median(times):.0f} ms"


def finished(bench: Bench) -> str:
    """Whether many executions that are over make a list or a start slower."""
    machine, times = bench.machine(MACHINE), []
    for count in (100, FINISHED):
        bench.drive(iter(list(bench.starts(machine, count))), 16, 120, b"executionArn")
        bench.settle(machine)
        times += [_median_ms(lambda: bench.states.list_executions(stateMachineArn=machine, maxResults=100))]
        times += [_median_ms(lambda: bench.states.start_execution(stateMachineArn=machine))]
    return f"list {times[2] / times[0]:.2f}×, start {times[3] / times[1]:.2f}× of the time with 100"


def _median_ms(operation: Callable[[], Any]) -> float:
    times = []
    for _ in range(50):
        start = time.perf_counter()
        operation()
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def waiting(bench: Bench) -> str:
    """Many executions that wait at once: what each holds in memory, and how late they go on."""
    wait = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": CROWD_WAITS_S, "End": True}}}
    machine, before = bench.machine(wait), bench.server.memory_mb()
    count, took, _ = bench.drive(bench.starts(machine, bench.crowd), 16, 600, b"executionArn")
    held = bench.server.memory_mb() - before
    idle = bench.server.cpu_s()
    time.sleep(3)
    idle = (bench.server.cpu_s() - idle) / 3
    bench.settle(machine, 600)
    pages = bench.states.get_paginator("list_executions").paginate(stateMachineArn=machine)
    arns = [one["executionArn"] for page in pages for one in page["executions"]]
    late = sorted(_lateness_ms(bench, arn) for arn in arns[:: max(1, len(arns) // SAMPLED)])
    return (
        f"{count:,} started in {took:.0f} s, {held:+.0f} MB, idle {idle * 100:.0f} % of a core; "
        f"late p50 {late[len(late) // 2]:.0f} ms, p99 {late[len(late) * 99 // 100]:.0f} ms"
    )


def _lateness_ms(bench: Bench, arn: str) -> float:
    events = bench.states.get_execution_history(executionArn=arn)["events"]
    at = {event["type"]: event["timestamp"].timestamp() for event in events}
    return (at["WaitStateExited"] - at["WaitStateEntered"] - CROWD_WAITS_S) * 1e3


CASES: dict[str, tuple[Callable[[Bench], str], bool]] = {
    "Standard, 8 states, 16 connections": (standard, True),
    "Standard, 8 states, alone": (lambda bench: standard(bench, 1), True),
    "synchronous Express, 5 states with an intrinsic": (express, True),
    f"inline Map of {ITEMS:,} items": (mapped, True),
    f"with {FINISHED:,} finished": (finished, False),
    "waiting at once": (waiting, False),
}
"""By name: how it is measured, and whether peers are too."""


def alone(definition: dict[str, Any], input: str, times: int) -> float:
    """CPU-ms of an execution by the machine alone, nothing stored."""
    machine, before = asl.compile(definition), time.process_time()
    for _ in range(times):
        state = asl.begin(machine, input, {"Execution": {"Id": "e", "Name": "e", "RoleArn": "r"}})
        asl.advance(machine, state, asl.Started(), 0.0, Chance())
    return (time.process_time() - before) / times * 1e3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*")
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--waiting", type=int, default=100_000)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    ROOT.mkdir(parents=True, exist_ok=True)
    figures: dict[tuple[str, str], str] = {}
    wanted = {name: case for name, case in CASES.items() if not asked.cases or any(one in name for one in asked.cases)}
    servers = [Server(peer, ROOT) for peer in PEERS]
    try:
        for (name, (measure, paired)), server in itertools.product(wanted.items(), servers):
            if paired or server.name == "freehold":
                figures[name, server.name] = _tried(measure, Bench(server, asked.seconds, asked.waiting))
                print(f"{name}: {server.name}: {figures[name, server.name]}", flush=True)
    finally:
        for server in servers:
            server.stop()
    lines = _table(wanted, [server.name for server in servers], figures)
    print("\n".join(lines))
    if asked.write:
        text = "\n".join(lines) + "\n"
        write("workflows", text)


def _tried(measure: Callable[[Bench], str], bench: Bench) -> str:
    try:
        return measure(bench)
    except Exception as error:  # a peer that cannot do a case is said so in the table
        return f"cannot: {str(error).splitlines()[0][:80]}"


def _table(wanted: dict[str, Any], servers: list[str], figures: dict[tuple[str, str], str]) -> list[str]:
    said = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=HOME, capture_output=True, text=True, check=False
    )
    ten, eight, items = alone(TEN, "{}", 2_000), alone(MACHINE, "{}", 2_000), alone(MAP, json.dumps([*range(ITEMS)]), 5)
    limit = f"ten Pass states {ten:.3f} CPU-ms, eight {eight:.3f}, the Map of {ITEMS:,} items {items:.0f}"
    lines = [f"At commit {said.stdout.strip()}. The language's machine alone, nothing stored: {limit}.", ""]
    lines += ["| case | " + " | ".join(servers) + " |", "|---" * (len(servers) + 1) + "|"]
    for name in wanted:
        lines.append(f"| {name} | " + " | ".join(figures.get((name, server), "") for server in servers) + " |")
    return lines


if __name__ == "__main__":
    main()
