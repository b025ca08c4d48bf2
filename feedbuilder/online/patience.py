"""When to ask again: back-off with jitter, the server's own wish, a limit for each host.

Spec: RFC 9110 §10.2.3 (Retry-After), RFC 6585 §4 (429).
"""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final, TypeVar

from feedbuilder.online.faults import FaultKind, WebFault, WebFaultError, web_fault

T = TypeVar("T")
_AT_ONCE: Final = 12  # requests under way, at whatever hosts
_SILENT_IN_A_ROW: Final = 6  # requests without an answer, after which a host is left alone
_SILENCE: Final = frozenset({FaultKind.UNREACHABLE, FaultKind.TOO_SLOW})
_LONGEST_NUMBER: Final = 9  # digits; what is longer is no time to wait


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """How often to try, and how long to wait in between."""

    attempts: int = 3
    first_pause_s: float = 1.0  # doubled every time
    longest_pause_s: float = 30.0  # a server that asks for more is left alone until the next run
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random  # 0 to 1, so that programs started at one hour do not come in step

    def pause_s(self, attempt: int) -> float:
        """Return how long to wait after an attempt, the first being 0: between half and all of the pause."""
        return self.first_pause_s * 2.0**attempt * (0.5 + self.chance() / 2)


USUAL: Final = Patience()


def persist(attempt: Callable[[], T], patience: Patience, until_s: float) -> T:
    """Return what an attempt gives, tried again while that makes sense and time is left.

    Raises:
        WebFaultError: the last one.
    """
    for number in range(patience.attempts):
        try:
            return attempt()
        except WebFaultError as error:
            pause_s = patience.pause_s(number) if error.wait_s is None else error.wait_s
            out_of_time = pause_s > patience.longest_pause_s or time.monotonic() + pause_s >= until_s
            if not error.may_pass or number + 1 == patience.attempts or out_of_time:
                raise
            if error.wait_s is None:  # else `Turns` lets nobody through before that
                patience.sleep(pause_s)
    raise AssertionError("patience without attempts")


class Turns:
    """Whose turn it is: `per_host` at each host, a dozen at all, and nobody before the time that a host asked for."""

    def __init__(self, per_host: int, patience: Patience) -> None:
        self._lock = threading.Lock()
        self._places: dict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(per_host))
        self._not_before_s: dict[str, float] = {}
        self._silent: dict[str, int] = defaultdict(int)  # requests in a row that had no answer
        self._under_way = threading.Semaphore(_AT_ONCE)
        self._patience = patience

    def put_off(self, host: str, wait_s: float) -> None:
        """Let nobody ask a host for a while."""
        with self._lock:
            self._not_before_s[host] = max(time.monotonic() + wait_s, self._not_before_s.get(host, 0.0))

    @contextmanager
    def turn(self, host: str, until_s: float) -> Iterator[None]:
        """Wait for a turn.

        Raises:
            WebFaultError: when it would come too late.
        """
        with self._lock:
            place = self._places[host]
        with _taken(place, host, until_s):
            wait_s = self._not_before_s.get(host, 0.0) - time.monotonic()
            if wait_s > self._patience.longest_pause_s or time.monotonic() + wait_s >= until_s:
                raise busy(host, wait_s)
            if wait_s > 0:
                self._patience.sleep(wait_s)
            if self._silent[host] >= _SILENT_IN_A_ROW:
                message = f"{host} has not answered {_SILENT_IN_A_ROW} times in a row, and was not asked any more"
                raise web_fault(FaultKind.NOT_ASKED, message, "the next run asks again")
            with _taken(self._under_way, host, until_s), self._counted(host):
                yield

    @contextmanager
    def _counted(self, host: str) -> Iterator[None]:
        try:
            yield
        except WebFaultError as error:
            self._silent[host] = self._silent[host] + 1 if error.fault.kind in _SILENCE else 0
            raise
        self._silent[host] = 0


@contextmanager
def _taken(place: threading.Semaphore, host: str, until_s: float) -> Iterator[None]:
    if not place.acquire(timeout=max(0.0, until_s - time.monotonic())):
        raise too_slow(host)
    try:
        yield
    finally:
        place.release()


def retry_after_s(value: str | None, date: str | None) -> float | None:
    """Return how many seconds a server asks for; a moment is measured by the server's own clock, its Date.

    >>> retry_after_s("120", None)
    120.0
    >>> retry_after_s("Fri, 31 Dec 1999 23:59:59 GMT", "Fri, 31 Dec 1999 23:59:29 GMT")
    30.0
    """
    value = (value or "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:_LONGEST_NUMBER])
    try:
        return max(0.0, (parsedate_to_datetime(value) - parsedate_to_datetime(date or "")).total_seconds())
    except (TypeError, ValueError):  # no date, or one with a zone and one without
        return None


def busy(host: str, wait_s: float | None) -> WebFaultError:
    """Return the fault of a server that wants to be left alone."""
    when = f"in {wait_s:.0f} seconds" if wait_s else "later"
    fault = WebFault(kind=FaultKind.BUSY, message=f"{host} is busy and asks to come back {when}", remedy="try later")
    return WebFaultError(fault, may_pass=True, wait_s=wait_s)


def too_slow(what: object) -> WebFaultError:
    """Return the fault of whatever takes longer than there is time."""
    fault = WebFault(kind=FaultKind.TOO_SLOW, message=f"{what} did not answer in time", remedy="try later")
    return WebFaultError(fault, may_pass=True)
