"""Do the same work on many values in a few processes, and give the results back in their order.

Each child process takes every n-th value and writes its results into a pipe of its own. A pipe holds little, so nobody
runs far ahead, and a child whose parent is gone, even killed, ends at its next write.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import BinaryIO, TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")

FEWEST = 8
"""Values for which a second process is worth its start."""


def in_parallel(
    work: Callable[[_T], _R], values: Sequence[_T], *, processes: int, keep_open: Collection[int] = ()
) -> Iterator[_R]:
    """Yield `work(value)` for every value in order; an exception in it is raised here.

    What a child leaves undone is done here. `keep_open` has the descriptors of files that the work reads from, at
    places of its own choice. Where processes cannot be forked safely, or there are few values, all is done in this one.
    """
    count = min(processes, len(values) // (FEWEST // 2))
    if count < 2 or sys.platform != "linux":
        yield from map(work, values)
        return
    gc.freeze()  # what is there already is shared with the children as long as nobody touches it
    children: list[tuple[int, BinaryIO]] = []
    try:
        for first in range(count):
            children.append(_forked(work, values[first::count], children, keep_open))
        for number, value in enumerate(values):
            try:
                result = pickle.load(children[number % count][1])
            except (EOFError, pickle.UnpicklingError):  # it was killed, perhaps by a system short of memory
                result = work(value)
            if isinstance(result, _Raised):
                raise result.error
            yield result
    finally:
        for _, results in children:
            results.close()
        for child, _ in children:
            os.waitpid(child, 0)
        gc.unfreeze()


class _Raised:
    def __init__(self, error: BaseException) -> None:
        self.error = error


def _forked(
    work: Callable[[_T], _R],
    values: Sequence[_T],
    others: Sequence[tuple[int, BinaryIO]],
    keep_open: Collection[int],
) -> tuple[int, BinaryIO]:
    read_end, write_end = os.pipe()
    child = os.fork()
    if not child:
        try:
            _close_others({*keep_open, write_end}, [read_end, *(results.fileno() for _, results in others)])
            _work_through(work, values, write_end)
        finally:
            os._exit(0)  # whatever stops it: what the parent has begun is the parent's to end
    os.close(write_end)
    return child, os.fdopen(read_end, "rb")


def _close_others(kept: Collection[int], unused: Collection[int]) -> None:
    """Close what the parent had open: the lock of the output folder is among it, and must not outlive the parent."""
    for descriptor in unused:
        os.close(descriptor)
    first = 3
    for descriptor in sorted(kept):
        os.closerange(first, descriptor)
        first = descriptor + 1


def _work_through(work: Callable[[_T], _R], values: Sequence[_T], write_end: int) -> None:
    with os.fdopen(write_end, "wb") as results:
        for value in values:
            try:
                result: object = work(value)
            except Exception as error:
                result = _Raised(error)
            results.write(pickle.dumps(result))
            results.flush()
