"""Standard output and error that may be closed, piped to a reader who leaves, or unable to write every letter."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def reader_may_leave() -> Iterator[None]:
    """Let whoever reads what is printed stop reading, as `| head` does: what was done and its exit code stand."""
    try:
        yield
        sys.stdout.flush()
    except OSError:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except OSError:  # what is still to come goes nowhere, and fails no more
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def make_streams_safe() -> None:
    """Print nowhere where there is no output, and in escapes what its encoding lacks."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123  (open until the end)
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
