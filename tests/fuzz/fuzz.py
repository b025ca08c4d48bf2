"""Feed readers what strangers might write, for some minutes: `make fuzz`.

Inputs grow out of `corpus/`; one that makes a reader go where none went before is kept and changed further. The work is
done by child processes with little memory and little time, so that a crash costs one input and is found as well.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))

from mutations import mutated
from readers import READERS, reads

import feedbuilder
from seeds import monsters, seeds

PACKAGE = str(Path(feedbuilder.__file__).parent)
MOST_CPU_S = 2.0
MOST_S = 60
MOST_BYTES = 300 * 1024 * 1024
BATCH = 100
KEPT_AT_MOST = 2000


class Reached:
    """Which lines of feedbuilder were ever run."""

    def __init__(self) -> None:
        self.lines: set[tuple[str, int]] = set()

    def trace(self, frame: FrameType, event: str, _argument: object) -> object:
        name = frame.f_code.co_filename
        if not name.startswith(PACKAGE):
            return None
        self.lines.add((name, frame.f_lineno))
        return self.trace


def limited() -> None:
    """Bound the memory of this process, and forget the traceback of a crash nobody reads."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MOST_BYTES, used + MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run_batch(name: str, inputs: Sequence[bytes], current: Path, kept: Path, known: set[tuple[str, int]]) -> int:
    """Read inputs in a child process, and return how it ended; those that reach new lines are written to `kept`."""
    pid = os.fork()
    if pid:
        _, status = os.waitpid(pid, 0)
        return os.waitstatus_to_exitcode(status)
    code = 1
    try:
        limited()
        warnings.simplefilter("error")  # what a library prints in between is a defect as well
        reached = Reached()
        reached.lines |= known
        for number, data in enumerate(inputs):
            current.write_bytes(data)
            before = len(reached.lines)
            is_traced = len(data) < 20_000 and number % 4 == 0  # which takes its time
            signal.setitimer(signal.ITIMER_PROF, MOST_CPU_S * (5 if is_traced else 1))
            signal.alarm(MOST_S)
            sys.settrace(reached.trace if is_traced else None)  # type: ignore[arg-type]
            reads(name, data)
            sys.settrace(None)
            signal.setitimer(signal.ITIMER_PROF, 0)
            if len(reached.lines) > before:
                (kept / hashlib.sha1(data).hexdigest()).write_bytes(data)
        (kept / "lines").write_text("\n".join(f"{file}\t{line}" for file, line in reached.lines))
        code = 0
    except BaseException:
        sys.settrace(None)
        current.with_suffix(".told").write_text(traceback.format_exc())
    finally:
        os._exit(code)


def what_went_wrong(code: int, told: Path) -> str:
    """Return a short name of a finding, the same for all inputs that find it."""
    if code < 0:
        number = signal.Signals(-code)
        return f"took more than {MOST_CPU_S} s" if number == signal.SIGPROF else f"died of {number.name}"
    lines = told.read_text("utf-8", "replace").splitlines() if told.exists() else ["no traceback"]
    places = [line.strip() for line in lines if f'File "{PACKAGE}' in line]
    return f"{lines[-1][:150]} at {places[-1] if places else lines[-3:-1]}"


def rounds(name: str, chance: random.Random, kept: Path) -> Iterator[list[bytes]]:
    """Yield batches of inputs: the seeds, the monsters, and then what grows out of all that was worth keeping."""
    start = [*seeds(name), b""]
    yield start
    for _, data in monsters():
        yield [data]
    while True:
        found = [file.read_bytes() for file in sorted(kept.glob("*")) if file.name != "lines"][-KEPT_AT_MOST:]
        pool = [*start, *found]
        yield [mutated(chance.choice(pool), pool, chance) for _ in range(BATCH)]


def fuzz(names: Sequence[str], minutes: float, seed: int, findings: Path) -> dict[str, tuple[int, set[str]]]:
    """Fuzz readers in turn for so long; return how many inputs each read, and what went wrong."""
    room = Path(tempfile.mkdtemp(prefix="fuzzing-"))
    work = {}
    for name in names:
        (room / name).mkdir()
        work[name] = rounds(name, random.Random(f"{seed} {name}"), room / name)
    result: dict[str, tuple[int, set[str]]] = {name: (0, set()) for name in names}
    known: dict[str, set[tuple[str, int]]] = {name: set() for name in names}
    for name in names:  # here, so that everything is imported once
        reads(name, next(seeds(name)))
    ends = time.monotonic() + minutes * 60
    while time.monotonic() < ends:
        for name in names:
            inputs = next(work[name])
            current = room / f"{name}.current"
            current.with_suffix(".told").unlink(missing_ok=True)
            code = run_batch(name, inputs, current, room / name, known[name])
            count, wrong = result[name]
            if code:
                told = what_went_wrong(code, current.with_suffix(".told"))
                if told not in wrong:
                    data = current.read_bytes()
                    file = findings / f"{name}-{hashlib.sha1(told.encode()).hexdigest()[:10]}"
                    findings.mkdir(parents=True, exist_ok=True)
                    file.write_bytes(data)
                    print(f"{name}: {told}\n  {file} ({len(data):,} bytes)", flush=True)
                wrong.add(told)
            elif (lines := room / name / "lines").exists():
                known[name] = {
                    (file, int(line)) for file, line in (row.split("\t") for row in lines.read_text().splitlines())
                }
            result[name] = (count + len(inputs), wrong)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--findings", type=Path, default=Path("fuzz-findings"))
    parser.add_argument("readers", nargs="*", default=list(READERS), help=f"of {', '.join(READERS)}; default: all")
    options = parser.parse_args()
    result = fuzz(options.readers, options.minutes, options.seed, options.findings)
    for name, (count, wrong) in result.items():
        print(f"{name:<10} {count:>8} inputs, {len(wrong)} findings")
    sys.exit(any(wrong for _, wrong in result.values()))


if __name__ == "__main__":
    main()
