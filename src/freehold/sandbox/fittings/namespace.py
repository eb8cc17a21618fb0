"""The namespace fitting: each cell has its own root, processes, network, user and limits, by the kernel's word.

One idea: what happens inside is done by code that lives inside (see `inside`); here is who makes cells, and what they
are told. It may not know functions, logs or the Runtime API.
"""

import asyncio
import errno
import os
import sys
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

from freehold.sandbox.fittings import Places, Plan, cgroups
from freehold.sandbox.fittings.cells import NamespaceCell
from freehold.sandbox.fittings.nurseries import Nursery

UID_FIRST, UID_COUNT = 700_000, 65_536


def _furniture(plan: Plan, nursery: Nursery) -> dict[str, Any]:
    """What is shown by place, beside what cells of the nursery see anyway (their own /tmp hides what is there); or a
    root of the plan's own, and what of the common one is `kept` in it.
    """
    if plan.root is not None:
        return {"shown": {}, "root": str(plan.root), "kept": ["/etc/hosts", "/etc/resolv.conf", *plan.shown]}
    wanted = {str(library): library for library in plan.libraries} | dict(plan.brought)
    own = {place: folder for place, folder in wanted.items() if nursery.shown.get(place) != folder or _hidden(place)}
    own |= {"/var/task": plan.code, **({"/opt": plan.opt} if plan.opt else {})}
    return {"shown": {place: os.path.realpath(folder) for place, folder in own.items()}}


def _hidden(place: str) -> bool:
    return place.startswith(("/tmp/", "/var/tmp/"))


class NamespaceFitting:
    """Makes cells, by way of one nursery for each Python, started at first need and again should it die.

    Once a cell was made from a nursery, the first process of the next one waits, in namespaces and a group of its own:
    to put it there takes longer than all else.
    """

    name = "namespace"
    networks = True

    def __init__(self, root: Path) -> None:
        self._base = root / "base"
        self._nurseries: dict[Path, Nursery] = {}
        self._cells: set[NamespaceCell] = set()
        self._uids = count(os.getpid() * 61)  # limits are counted by user: others than another server's
        self._numbers = count()
        self._spares: dict[Nursery, asyncio.Task[NamespaceCell]] = {}
        self._ground = cgroups.clear()
        self._closed = False

    def places(self, plan_folder: Path, code: Path, opt: Path | None, runtime: Path) -> Places:
        """AWS's own places."""
        return Places()

    async def open(self, plan: Plan) -> NamespaceCell:
        """Make a cell. Raises OSError where it can not be made."""
        self._check_open()
        nursery = self._nursery(plan)
        cell = await self._next(nursery)
        order = {
            **_furniture(plan, nursery),
            "uid": UID_FIRST + next(self._uids) % UID_COUNT if os.geteuid() == 0 else None,
            "memory_mb": plan.memory_mb,
            "ephemeral_mb": plan.ephemeral_mb,
            "pids_max": plan.pids_max,
            "counted": self._ground is not None,
            "egress": plan.egress not in ("freehold", "none"),
        }
        try:
            await cell.raise_walls(plan, order)
        except BaseException:
            await cell.close()
            raise
        if nursery not in self._spares and not self._closed:
            self._spares[nursery] = self._spare(nursery)
        return cell

    async def _next(self, nursery: Nursery) -> NamespaceCell:
        """The cell that waits, if one does and still lives, else a fresh one. Raises OSError."""
        spare = self._spares.pop(nursery, None)
        with suppress(OSError):
            if spare is not None and (cell := await spare).lives:
                return cell
        return await self._prepared(nursery)

    def _spare(self, nursery: Nursery) -> "asyncio.Task[NamespaceCell]":
        """A cell that waits for its plan."""
        return asyncio.get_running_loop().create_task(self._prepared(nursery))

    def _check_open(self) -> None:
        if self._closed:
            raise ChildProcessError(errno.ECHILD, "the sandbox is closed")

    async def _prepared(self, nursery: Nursery) -> NamespaceCell:
        self._check_open()
        group = self._ground.group(str(next(self._numbers))) if self._ground else None
        cell = NamespaceCell(self._cells.discard, nursery.fork(), group)
        self._cells.add(cell)
        try:
            await cell.prepare()
        except BaseException:
            await cell.close()
            raise
        return cell

    def _nursery(self, plan: Plan) -> Nursery:
        """The nursery of the plan's Python."""
        interpreter = plan.interpreter or Path(os.path.realpath(sys.executable))
        nursery = self._nurseries.get(interpreter)
        if nursery is not None and nursery.process.poll() is not None:
            self._spares.pop(nursery, None)
            nursery.close()
            nursery = None
        if nursery is None:
            libraries = {str(library): library for library in plan.libraries}
            shown = {"/var/runtime": plan.runtime, **libraries, **plan.shown}
            bootstrap = "/var/runtime/python/bootstrap.py"
            nursery = self._nurseries[interpreter] = Nursery(interpreter, self._base, shown, bootstrap)
        return nursery

    async def close(self) -> None:
        """End every cell ever opened here and wait until they are gone."""
        self._closed = True
        await asyncio.gather(*self._spares.values(), return_exceptions=True)
        await asyncio.gather(*(cell.close() for cell in list(self._cells)))
        for nursery in self._nurseries.values():
            await asyncio.get_running_loop().run_in_executor(None, nursery.close)
        self._nurseries.clear()
        if self._ground is not None:
            self._ground.remove()
