"""Measure what a build costs, beside two short scripts that write the same kinds of files and check nothing.

Usage: python bench/build.py [--sizes 201,2010] [--without-captions 201] [--rounds N] [--record docs/performance.md]

A size is the number of episodes, with captions or without (`transcripts: []`). A round runs every program once, one
after the other, so that ratios compare what ran side by side; what is told is the median of the rounds. `cold` is the
first build ever, `one changed` follows the edit of a word and a note in one episode, `no-op` follows nothing. CPU is
user and system time of the program and its children. Every run is checked to have done its work.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from large_archive import REPOSITORY, edit_one, originals_from, write_archive

YARDSTICKS = REPOSITORY / "bench/yardsticks"
NOW_S = "1795435200"  # 2026-11-23: everything is due, and every run is at the same time
PYTHON, NODE, NOTHING = "feedgen + PyYAML", "feedsmith + js-yaml", "python -c pass"
BUILDS = ("cold", "one changed", "no-op")
BEGIN, END = "<!-- written by bench/build.py -->\n", "<!-- to here -->\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """What one run took."""

    cpu_s: float
    wall_s: float
    peak_mib: float


Round = dict[str, Cost]
"""The cost of every program and build, by its name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bench:
    """An archive of one size and the runs on it."""

    folder: Path
    size: int
    captions: bool
    cold_only: bool = False

    def measure(self, rounds: int) -> list[Round]:
        """Run everything in turn, several times."""
        config = write_archive(self.folder, self.size, captions=self.captions)
        return [self._round(config, f"round{number}") for number in range(rounds)]

    def _round(self, config: Path, word: str) -> Round:
        output = self.folder / "output"
        for path in (output, self.folder / ".feedbuilder"):
            shutil.rmtree(path, ignore_errors=True)
        (self.folder / "feedbuilder.lock").unlink(missing_ok=True)
        costs = {NOTHING: run([sys.executable, "-c", "pass"])}
        costs |= self._yardstick(PYTHON, [sys.executable, str(YARDSTICKS / "feedgen_yaml.py")])
        costs["cold"] = self._build(config)
        self._check(output)
        if has_node():
            costs |= self._yardstick(NODE, ["node", str(YARDSTICKS / "feedsmith_js_yaml.mjs")])
        if self.cold_only:
            return costs
        slug = edit_one(self.folder, word)
        costs["one changed"] = self._build(config)
        self._check_change(output, slug, word)
        before = (output / "feed.xml").stat().st_mtime_ns
        costs["no-op"] = self._build(config)
        expect((output / "feed.xml").stat().st_mtime_ns == before, "a build that changes nothing wrote the feed")
        return costs

    def _build(self, config: Path) -> Cost:
        return run([sys.executable, "-m", "feedbuilder", "build", "--quiet", "--config", str(config)])

    def _yardstick(self, name: str, command: Sequence[str]) -> Round:
        output = self.folder / "yardstick"
        shutil.rmtree(output, ignore_errors=True)
        options = [] if self.captions else ["--without-captions"]
        cost = run([*command, str(self.folder / "episodes"), str(output), *options])
        self._check(output)
        return {name: cost}

    def _check(self, output: Path) -> None:
        items = (output / "feed.xml").read_bytes().count(b"<item>")
        expect(items == self.size, f"{output} has {items} episodes, not {self.size}")
        files = self.folder.glob("episodes/*.md")
        expected = sum(b"\ntranscript:" in file.read_bytes() for file in files) if self.captions else 0
        tracks = len(list(output.glob("transcripts/*.vtt")))
        expect(tracks == expected, f"{output} has {tracks} caption tracks, not {expected}")

    def _check_change(self, output: Path, slug: str, word: str) -> None:
        expect(f"Changed: {word}." in (output / "feed.xml").read_text("utf-8"), "the changed notes are not in the feed")
        if self.captions:
            track = (output / f"transcripts/{slug}.vtt").read_text("utf-8")
            expect(word in track, "the changed word is not in the captions")


def run(command: Sequence[str]) -> Cost:
    """Run a command and return what it took; one that fails ends the benchmark."""
    start = time.perf_counter()
    environment = {**os.environ, "SOURCE_DATE_EPOCH": NOW_S}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # or every run would compile the program anew
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment) as program:
        _, status, usage = os.wait4(program.pid, 0)
        program.returncode = os.waitstatus_to_exitcode(status)
    expect(program.returncode == 0, f"{' '.join(command)} ended with {program.returncode}")
    return Cost(
        cpu_s=usage.ru_utime + usage.ru_stime,
        wall_s=time.perf_counter() - start,
        peak_mib=usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10),
    )


def expect(truth: bool, otherwise: str) -> None:
    """End the benchmark when a run did not do its work: its time would mean nothing."""
    if not truth:
        raise SystemExit(otherwise)


def has_node() -> bool:
    """Whether the Node.js yardstick can run."""
    return shutil.which("node") is not None and (YARDSTICKS / "node_modules").is_dir()


def table(measured: Sequence[tuple[Bench, list[Round]]]) -> str:
    """Write the medians as Markdown."""
    lines = [
        "| episodes | captions | run | CPU s | ms an episode | wall s | peak MiB "
        f"| × {PYTHON} | × {NODE} | × `{NOTHING}` |",
        "|--:|---|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for bench, rounds in measured:
        for name in (PYTHON, NODE, *BUILDS):
            if name in rounds[0]:
                cells = (
                    f"{bench.size:,}",
                    "yes" if bench.captions else "no",
                    name,
                    *_figures(name, bench.size, rounds),
                )
                lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _figures(name: str, size: int, rounds: Sequence[Round]) -> tuple[str, ...]:
    def middle(figure: Callable[[Cost], float]) -> float:
        return median(figure(costs[name]) for costs in rounds)

    def ratio(unit: str) -> str:
        if unit not in rounds[0] or name not in BUILDS or (unit == NOTHING and name == "cold"):
            return ""
        return f"{median(costs[name].cpu_s / costs[unit].cpu_s for costs in rounds):.2f}"

    cpu_s = middle(lambda cost: cost.cpu_s)
    return (
        f"{cpu_s:.2f}",
        f"{1000 * cpu_s / size:.1f}",
        f"{middle(lambda cost: cost.wall_s):.2f}",
        f"{middle(lambda cost: cost.peak_mib):.0f}",
        ratio(PYTHON),
        ratio(NODE),
        ratio(NOTHING),
    )


def circumstances(rounds: int) -> str:
    """Say where the figures are from."""
    node = (
        subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout if has_node() else ""
    )
    versions = f"Python {platform.python_version()}" + (f", Node.js {node.strip()}" if node else "")
    return f"Median of {rounds} on {os.cpu_count()} cores ({platform.machine()}), {versions}; {originals_from()}.\n"


def record(file: Path, text: str) -> None:
    """Put the table into a page, in the place of the last one."""
    before, _, rest = file.read_text("utf-8").partition(BEGIN)
    _, found, after = rest.partition(END)
    expect(bool(found), f"{file} has no place for the table: {BEGIN}{END}")
    file.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", "utf-8")


def _sizes(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part]


def main() -> None:
    """Measure, print, record."""
    parser = argparse.ArgumentParser(description="Measure what a build costs.")
    parser.add_argument("--sizes", type=_sizes, default=[201], help="episodes, with captions: 201,2010")
    parser.add_argument("--without-captions", type=_sizes, default=[], help="episodes, with transcripts: []")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--cold-only", action="store_true", help="only first builds, for the largest sizes")
    parser.add_argument("--record", type=Path, metavar="PAGE", help="put the table into this page as well")
    options = parser.parse_args()
    wanted = [
        (size, captions) for captions in (True, False) for size in (options.without_captions, options.sizes)[captions]
    ]
    measured = []
    with tempfile.TemporaryDirectory(prefix="feedbuilder-bench-") as folder:
        Bench(folder=Path(folder, "warm"), size=2, captions=True).measure(1)  # so that no bytecode is written later
        for number, (size, captions) in enumerate(wanted):
            bench = Bench(folder=Path(folder, str(number)), size=size, captions=captions, cold_only=options.cold_only)
            measured.append((bench, bench.measure(options.rounds)))
            shutil.rmtree(bench.folder)
    text = f"{circumstances(options.rounds)}\n{table(measured)}"
    print(text)
    if not has_node():
        print(f"without {NODE}: install Node.js, then `npm ci` in {YARDSTICKS}")
    if options.record:
        record(options.record, text)


if __name__ == "__main__":
    main()
