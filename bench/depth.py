"""Whether a full system is as quick as an empty one: `python -m bench.depth [--seconds 2] [--rounds 3] [--data FOLDER]
[--write] [case …]`.

Two servers of ours are measured by turns. The full one is filled at the first run, which takes minutes, and kept; its
folder may be removed. The figure to trust is the ratio of CPU per operation.
"""

import argparse
import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import Request, urlopen

import uvloop

from bench.deep import CASES, EMPTY, FULL, NAME, PREFIX, fill
from bench.load import drive
from bench.results import write
from bench.run import ROOT, Figure, client_of, median
from bench.servers import PEERS, Server, answers

CONNECTIONS = 16
SIZES = {"empty": EMPTY, "full": FULL}
REST_S, REST_CPU_S, RESTLESS_MAX_S = 1.0, 0.02, 300
IDLE_S, WATCHED_S, HOUR_S, DAY_S = 20, 8, 3_600, 86_400


class System:
    """A server with so much in it."""

    def __init__(self, name: str, data: Path):
        self.name, self.size, self.data = name, SIZES[name], data / name
        self.server = Server(PEERS[0], ROOT, self.data)
        full = data / f"{name}.full"
        if not full.exists():
            fill(client_of(self.server), self.server.port, self.size)
            full.touch()

    def again(self) -> str:
        """Start anew: how long it takes, and the CPU seconds until it is at rest."""
        self.server.stop()
        self.server = Server(PEERS[0], ROOT, self.data)
        return f"{self.server.started_s:.2f} s, {self.rest():.2f} CPU-s until at rest"

    def rest(self) -> float:
        """Wait until nothing is done; the CPU seconds that the server has used so far."""
        before, now = 0.0, self.server.cpu_s()
        for _ in range(RESTLESS_MAX_S):
            if now - before < REST_CPU_S:
                return before
            time.sleep(REST_S)
            before, now = now, self.server.cpu_s()
        raise RuntimeError(f"{self.name} does not come to rest")

    def measure(self, case: str, seconds: float) -> Figure:
        server, load = self.server, CASES[case](client_of(self.server), self.size)
        before, connections = server.cpu_s(), min(CONNECTIONS, load.most or CONNECTIONS)
        count, wrong, took, times = asyncio.run(drive(server.port, load.requests, load.right, seconds, connections))
        if wrong or not count:
            raise RuntimeError(f"{case}: {wrong} of {count} answers were wrong")
        return Figure(count / took, (server.cpu_s() - before) / count * 1e6, times[len(times) // 2] * 1e3)

    def idle(self) -> str:
        """Memory, and what is used while nothing is asked for."""
        before = self.server.cpu_s()
        time.sleep(IDLE_S)
        return f"{self.server.memory_mb():.0f} MB, {(self.server.cpu_s() - before) / IDLE_S * 100:.2f} % of a core"

    def jump(self, seconds: float) -> str:
        """What falls due within a span: the CPU seconds of it, and the longest that an answer took meanwhile."""
        before, waits, until = self.rest(), [0.0], time.monotonic() + WATCHED_S
        urlopen(Request(f"{self.server.url}/_freehold/clock", b'{"advance": %d}' % seconds)).close()
        while (asked_at := time.monotonic()) < until:
            answers(self.server.port, "/_freehold/health")
            waits.append(time.monotonic() - asked_at)
            time.sleep(0.05)
        return f"{self.rest() - before:.2f} CPU-s, others wait {max(waits) * 1e3:.0f} ms at most"


def by_turns(systems: list[System], case: str, seconds: float, rounds: int) -> list[Figure]:
    """The medians of a case on each system."""
    figures: dict[str, list[Figure | str]] = {system.name: [] for system in systems}
    for _ in range(rounds):
        for system in systems:
            figures[system.name].append(system.measure(case, seconds))
    found = [median(each) for each in figures.values()]
    print(case, *found, flush=True)
    return [each for each in found if isinstance(each, Figure)]


def row(case: str, figures: list[Figure]) -> str:
    empty, full = figures
    cells = [f"{each.cpu_us:,.0f} µs, p50 {each.p50_ms:.1f} ms" for each in figures]
    return f"| {case} | {' | '.join(cells)} | {full.cpu_us / empty.cpu_us:.2f}× | {full.p50_ms / empty.p50_ms:.2f}× |"


def day_of_rules(system: System) -> str:
    """A day passes under a lifecycle rule for every object, by which nothing is due."""
    client = client_of(system.server)("s3")
    rule = {"ID": "all", "Status": "Enabled", "Filter": {"Prefix": PREFIX}, "Expiration": {"Days": 3_650}}
    client.put_bucket_lifecycle_configuration(Bucket=NAME, LifecycleConfiguration={"Rules": [rule]})
    told = system.jump(DAY_S)
    system.again()
    client_of(system.server)("s3").delete_bucket_lifecycle(Bucket=NAME)
    return told


REST: dict[str, Callable[[System], str]] = {
    "start to the first answer": System.again,
    "idle": System.idle,
    "an hour passes": lambda system: system.jump(HOUR_S),
    "six hours pass, items are counted": lambda system: system.jump(6 * HOUR_S),
    "a day passes, lifecycle rules are carried out": day_of_rules,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", default=list(CASES))
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--data", type=Path, default=ROOT / "depth")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    uvloop.install()
    asked.data.mkdir(parents=True, exist_ok=True)
    systems = [System(name, asked.data) for name in SIZES]
    try:
        lines = ["| case | empty | full | CPU | p50 |", "|---" * 5 + "|"]
        lines += [row(case, by_turns(systems, case, asked.seconds, asked.rounds)) for case in asked.cases]
        lines += ["", "| | empty | full |", "|---" * 3 + "|"]
        lines += [f"| {name} | {' | '.join(map(told, systems))} |" for name, told in REST.items()]
    finally:
        for system in systems:
            system.server.stop()
    text = "\n".join(lines) + "\n"
    print(text)
    if asked.write:
        write("depth", text)


if __name__ == "__main__":
    main()
