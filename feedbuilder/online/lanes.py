"""Ask for many addresses at once, a few for each host, so that a slow host keeps no other waiting."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from feedbuilder.online.addresses import read_target
from feedbuilder.online.faults import WebFault, WebFaultError

T = TypeVar("T")


def in_lanes(
    urls: Iterable[str], ask: Callable[[str], T], refused: Callable[[WebFault], T], per_host: int
) -> dict[str, T]:
    """Return what `ask` gives for each address, in the order given; `refused` says it of what is no web address."""
    wanted = list(dict.fromkeys(urls))
    found: dict[str, T] = {}
    waiting: dict[str, SimpleQueue[str]] = defaultdict(SimpleQueue)
    for url in wanted:
        try:
            waiting[read_target(url).host].put(url)
        except WebFaultError as error:
            found[url] = refused(error.fault)
    lanes = [_Lane(queue, ask, found) for queue in waiting.values() for _ in range(min(per_host, queue.qsize()))]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    for lane in lanes:
        if lane.bug is not None:
            raise lane.bug
    return {url: found[url] for url in wanted}


class _Lane(threading.Thread, Generic[T]):
    """Asks for one address of a host after the other."""

    def __init__(self, waiting: SimpleQueue[str], ask: Callable[[str], T], found: dict[str, T]) -> None:
        super().__init__(daemon=True)  # an interrupted run does not wait for servers
        self.bug: BaseException | None = None
        self._waiting = waiting
        self._ask = ask
        self._found = found

    def run(self) -> None:
        try:
            while True:
                url = self._waiting.get_nowait()
                self._found[url] = self._ask(url)
        except Empty:
            return
        except BaseException as error:  # raised again by whoever waits for the lane
            self.bug = error
