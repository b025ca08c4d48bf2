"""Tell where the CPU time of a cold build goes, by stage of the package and by function.

Usage: python bench/profile_build.py [--size 201] [--without-captions] [--rows 25]

A timer looks at the program every few milliseconds of CPU time; that slows it less than counting calls does, so many
small calls look no dearer than they are. Time in libraries counts for the function of ours that called them, and time
in what the stages share for the stage; reading modules is a stage of its own.
"""

from __future__ import annotations

import argparse
import os
import runpy
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType

from build import NOW_S
from large_archive import REPOSITORY, write_archive

INTERVAL_S = 0.002
PACKAGE = f"{REPOSITORY / 'feedbuilder'}/"
IMPORTS = ("imports", "reading modules")

Where = tuple[str, str]
"""A stage, and a function as `file:line name`."""


@dataclass(frozen=True, slots=True)
class Samples:
    """How often the program was found where."""

    own: Counter[Where] = field(default_factory=Counter)
    with_callees: Counter[str] = field(default_factory=Counter)


@contextmanager
def sampled(samples: Samples) -> Iterator[None]:
    """Count where the program is while something runs."""

    def look(_number: int, frame: FrameType | None) -> None:
        samples.own[where(frame)] += 1
        samples.with_callees.update({named(caller.f_code) for caller in callers(frame)} - {""})

    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, INTERVAL_S, INTERVAL_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def where(frame: FrameType | None) -> Where:
    """Return the function of ours that is at work, and the stage it works for."""
    function = ""
    for caller in callers(frame):
        code = caller.f_code
        if code.co_name == "<module>" or "importlib" in code.co_filename:
            return ("the rest", function) if function else IMPORTS
        if name := named(code):
            function = function or name
            if "/" in name:
                return name.partition("/")[0], function
    return "the rest", function or "libraries"


def callers(frame: FrameType | None) -> Iterator[FrameType]:
    """Yield a frame and those it was called from."""
    while frame is not None:
        yield frame
        frame = frame.f_back


def named(code: CodeType) -> str:
    """Return `file:line name` of a function of ours, nothing for another."""
    if not code.co_filename.startswith(PACKAGE):
        return ""
    return f"{code.co_filename.removeprefix(PACKAGE)}:{code.co_firstlineno} {code.co_name}"


def profile(size: int, *, captions: bool) -> tuple[Samples, float]:
    """Build once and return the samples and the CPU seconds."""
    samples = Samples()
    os.environ["SOURCE_DATE_EPOCH"] = NOW_S
    with tempfile.TemporaryDirectory(prefix="feedbuilder-profile-") as folder, redirect_stdout(sys.stderr):
        config = write_archive(Path(folder, "archive"), size, captions=captions)
        sys.argv = ["feedbuilder", "build", "--quiet", "--config", str(config)]
        start = time.process_time()
        with sampled(samples), suppress(SystemExit):
            runpy.run_module("feedbuilder", run_name="__main__")
        return samples, time.process_time() - start


def report(samples: Samples, cpu_s: float, rows: int) -> str:
    """Write the tables as Markdown."""
    total = samples.own.total()
    stages: Counter[str] = Counter()
    for (stage, _), count in samples.own.items():
        stages[stage] += count

    def row(count: int, *cells: str) -> str:
        return f"| {count * cpu_s / total:.2f} | {count / total:.1%} | {' | '.join(cells)} |"

    lines = [f"{total:,} samples in {cpu_s:.1f} s of CPU time", "", "| s | share | stage |", "|--:|--:|---|"]
    lines += [row(count, stage) for stage, count in stages.most_common()]
    lines += ["", "| own s | share | stage | function |", "|--:|--:|---|---|"]
    lines += [row(count, stage, f"`{function}`") for (stage, function), count in samples.own.most_common(rows)]
    lines += ["", "| s with callees | share | function |", "|--:|--:|---|"]
    lines += [row(count, f"`{function}`") for function, count in samples.with_callees.most_common(2 * rows)]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Profile and print."""
    parser = argparse.ArgumentParser(description="Tell where the CPU time of a cold build goes.")
    parser.add_argument("--size", type=int, default=201)
    parser.add_argument("--without-captions", action="store_true")
    parser.add_argument("--rows", type=int, default=25)
    options = parser.parse_args()
    print(report(*profile(options.size, captions=not options.without_captions), options.rows))


if __name__ == "__main__":
    main()
