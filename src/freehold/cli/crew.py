"""Several processes that look through the windows of long texts.

One idea: it is `map` with some texts under way at a time; what comes out is in the order of what went in, and a text of
one window is looked through on the spot. It may not know where texts come from, nor what is told of them.
"""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from freehold.pii import Finding, Scanner

Findings = list["Finding"]


class Crew:
    """So many processes, by 0 one for each processor; they begin when they are first needed, and end with the block."""

    def __init__(self, names: frozenset[str], custom: dict[str, str], keywords_optional: bool, size: int):
        self.size = size or os.cpu_count() or 1
        self._what = names, custom, keywords_optional

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, *_: object) -> None:
        if "_processes" in self.__dict__:
            self._processes.shutdown(cancel_futures=True)

    def map(self, find: Callable[[str], Findings], texts: Iterable[str]) -> Iterator[Findings]:
        """What is found in each text."""
        texts = iter(texts)
        first = list(islice(texts, 2))
        if self.size < 2 or len(first) < 2:
            yield from map(find, chain(first, texts))
            return
        under_way: deque[Future[Findings]] = deque()
        for text in chain(first, texts):
            under_way.append(self._processes.submit(_find, text))
            if len(under_way) > self.size:
                yield under_way.popleft().result()
        yield from (future.result() for future in under_way)

    @cached_property
    def _processes(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.size, initializer=_begin, initargs=self._what)


_scanners: list["Scanner"] = []  # of a process of a crew


def _begin(names: frozenset[str], custom: dict[str, str], keywords_optional: bool) -> None:
    from freehold.pii import scanner

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that began this one will end it
    _scanners.append(scanner(names, custom, keywords_optional=keywords_optional))


def _find(text: str) -> Findings:
    return _scanners[0].find(text)
