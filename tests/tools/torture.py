"""Kill builds at every named step and at random moments, and look at what they leave: `make torture`.

Each run is a process of its own that does what `feedbuilder build` does; it is forked from this one, so that the moment
falls into the work and not into imports. After each kill every published file is whole and of one generation, and
everything the feed refers to is there; after a run that could still tidy up, all is as it was, or all is new. The next
run ends the work, and nothing of the stopped one is left.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

sys.path.insert(0, str(Path(__file__).parents[1]))

from archives import NOW, SEEDS, built, config_text, episode_text, tree, write_archive

from feedbuilder.check.rendered import CHECKS
from feedbuilder.cli.main import run
from feedbuilder.publish import disk
from feedbuilder.source.ledger import parse_ledger

BASE = "https://show.example/"
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT)  # a kill is what power cuts and OOM do
FILES = {".vtt", ".srt", ".json", ".mp3", ".jpg"}
ACCEPTED = ("removals", "transcripts", "chapters")
SECONDS_PER_RUN = 60
MODES = ("in-place", "swap")
KEEP = 2
GOLDEN = (5**0.5 - 1) / 2  # its multiples never come round, however many steps there are


CROWD = tuple(f"crowd-{number}" for number in range(8))  # enough for worker processes, which outlive a killed run
DAYS = {name: f"2026-01-{day:02}" for day, name in enumerate(("one", "two", "three", "four", "five", *CROWD), 1)}


def episode(name: str, verb: str = "speaks") -> dict[str, str]:
    clips = [{"name": "Begin", "startOffset": 0}, {"name": f"{name} {verb}", "startOffset": 5}]
    words = [{"line": f"{name} {verb}, line {number}.", "sec": number * 3} for number in range(20)]
    fields = {"guid": name, "title": name.title(), "dateadded": DAYS[name], "transcript": words, "quotableClips": clips}
    return {f"{name}.md": episode_text("Notes.", **fields)}


def crowd(verb: str) -> dict[str, str]:
    return {file: text for name in CROWD for file, text in episode(name, verb).items()}


SOUND = (SEEDS / "audio/welcome-to-the-seed-show.mp3").read_bytes()
BEFORE = {**episode("one"), **episode("two"), **episode("three"), **crowd("waits")}
AFTER = {**episode("one", "sings"), **episode("two"), **episode("four"), **crowd("cheers")}
LATER = {**AFTER, **episode("two", "hums"), **episode("five")}
OTHERS = {"audio/one.mp3": SOUND, "audio/two.mp3": SOUND}
OTHERS_AFTER = {"audio/one.mp3": SOUND + bytes(4096), "audio/four.mp3": SOUND}
"""What lies beside the episodes: a file that changes, one that stays, one that comes."""


@dataclass(frozen=True, kw_only=True)
class Generation:
    """What is out, and remembered, when a run came to its end."""

    files: dict[str, bytes]
    ledger: bytes


class DefectError(Exception):
    """A run left what no run may leave."""


class Show:
    """One archive with its output, in a folder that is made anew for every kill."""

    def __init__(self, root: Path, mode: str) -> None:
        self.mode = mode
        self.config = root / "feedbuilder.yaml"
        self.output = root / "out"
        self.root = root

    def write(self, episodes: dict[str, str], others: dict[str, bytes]) -> None:
        shutil.rmtree(self.root / "episodes", ignore_errors=True)
        text = config_text(audio={"folder": "audio"}, publish={"mode": self.mode, "keep": KEEP})
        write_archive(self.root, episodes, text, others)

    def generation(self) -> Generation:
        return Generation(files=tree(self.output), ledger=(self.root / "feedbuilder.lock").read_bytes())

    def build(self) -> None:
        if code := finished(start(self)):
            raise DefectError(f"a run that nobody stopped ended with {code}")


def start(show: Show, stop_at: int | None = None, number: signal.Signals = signal.SIGKILL, names: int = -1) -> int:
    """Begin a build in a process of its own, to be stopped at a step; its steps' names go to the pipe `names`."""
    pid = os.fork()
    if pid:
        return pid
    code = 99
    try:
        quiet = os.open(os.devnull, os.O_RDWR)
        os.dup2(quiet, 1)
        if "TORTURE_LOUD" not in os.environ:
            os.dup2(quiet, 2)
        os.environ["SOURCE_DATE_EPOCH"] = str(int(NOW.timestamp()))
        disk.step = stopping(disk.step, stop_at, number, names)
        sys.argv = ["feedbuilder", "build", "-c", str(show.config), "-o", str(show.output)]
        sys.argv += [word for kind in ACCEPTED for word in ("--accept", kind)]
        signal.alarm(SECONDS_PER_RUN)
        run()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 98
    except KeyboardInterrupt:  # before the program could say what is to happen then
        code = 130
    finally:
        os._exit(code)


def stopping(step: Callable, stop_at: int | None, number: signal.Signals, names: int) -> Callable:
    taken = 0

    @contextmanager
    def stopped_step(name: str, file: Path) -> Iterator[None]:
        nonlocal taken
        if names >= 0:
            os.write(names, f"{name}\n".encode())
        if taken == stop_at:
            os.kill(os.getpid(), number)
        taken += 1
        with step(name, file):
            yield

    return stopped_step


def finished(pid: int) -> int:
    """Return the exit code of a run, or 128 and the signal that ended it."""
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def step_names(show: Show) -> list[str]:
    """Return the names of all steps of one run, in their order."""
    reading, writing = os.pipe()
    pid = start(show, names=writing)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        names = pipe.read().split("\n")[:-1]
    if code := finished(pid):
        raise DefectError(f"a run that nobody stopped ended with {code}")
    return names


def look_at(show: Show, generations: tuple[Generation, ...], *, tidied: bool) -> None:
    """Find what a stopped run may not leave."""
    files = {path: content for path, content in tree(show.output).items() if not path.startswith(".feedbuilder")}
    for path, content in files.items():
        if all(content != generation.files.get(path) for generation in generations):
            raise DefectError(f"{path} is neither as it was nor as it becomes")
        suffix = Path(path).suffix
        faults = list(CHECKS[suffix](content)) if suffix in CHECKS and path != "manifest.json" else []
        if faults:
            raise DefectError(f"{path}: {faults}")
    if show.mode == "swap":
        look_at_generations(show, files, generations)
    json.loads(files["manifest.json"])
    for element in etree.fromstring(files["feed.xml"]).iter("{*}*"):
        for url in map(str, element.attrib.values()):
            path = unquote(url.removeprefix(BASE))
            if url.startswith(BASE) and Path(path).suffix in FILES and path not in files:
                raise DefectError(f"the feed refers to {path}, which is not there")
    ledger = (show.root / "feedbuilder.lock").read_bytes()
    parse_ledger(ledger.decode(), "feedbuilder.lock")
    if all(ledger != generation.ledger for generation in generations):
        raise DefectError("the ledger is neither as it was nor as it becomes")
    if tidied:
        look_at_whole(show, generations, ledger_too=False)


def look_at_generations(show: Show, files: dict[str, bytes], generations: tuple[Generation, ...]) -> None:
    """Find what only a folder that is swapped whole may not show."""
    if not show.output.is_symlink():
        raise DefectError("the output folder is no link")
    if not any(files == {**generation.files} for generation in generations):
        raise DefectError("the files that are out are of two generations")


def look_at_whole(show: Show, generations: tuple[Generation, ...], *, ledger_too: bool = True) -> None:
    """Find what is left of a stopped run, or differs from what a run that nobody stopped would have made."""
    if left := [str(file) for file in show.root.rglob("*") if is_residue(file)]:
        raise DefectError(f"left behind: {', '.join(left)}")
    kept = [folder for folder in show.root.glob(".out.*") if folder.name[-1].isdigit()]
    if len(kept) > (KEEP if show.mode == "swap" else 0):
        raise DefectError(f"there are {len(kept)} generations")
    files = tree(show.output)
    if not any(files == generation.files for generation in generations):
        raise DefectError("the files are of two generations")
    if ledger_too and (show.root / "feedbuilder.lock").read_bytes() != generations[0].ledger:
        raise DefectError("the ledger is not that of a run that nobody stopped")


def is_residue(file: Path) -> bool:
    is_known = file.name == ".feedbuilder" or ".feedbuilder" in file.parts or file == file.parent / ".feedbuilder.lock"
    is_known |= re.fullmatch(r"\.out\.(generation-\d{6}|feedbuilder)", file.name) is not None
    is_hidden = file.name.startswith(".") or file.parent.name == ".out.feedbuilder"
    return not is_known and (is_hidden or file.suffix in {".new", ".part"})


def untouched(show: Show, *generations: Generation) -> dict[str, tuple[int, int]]:
    """Return inode and time of every file that is the same in all generations."""
    same = set.intersection(*({*generation.files.items()} for generation in generations))
    return {
        path: ((show.output / path).stat().st_ino, (show.output / path).stat().st_mtime_ns) for path, _ in sorted(same)
    }


def torture(kills: int, seed: int, room: Path, mode: str) -> Counter[str]:
    """Stop that many runs, and return at which steps.

    Raises:
        DefectError: for the first run that left what it may not; its folder is still there.
    """
    chance = random.Random(seed)
    origin, clean = Show(room / "origin", mode), Show(room / "clean", mode)
    origin.write(BEFORE, OTHERS)
    built(origin.config, origin.output)  # here, so that everything is imported once
    old = origin.generation()
    show = Show(room / "show", mode)
    names, new, later, took_s = rehearse(origin, show)
    clean.write(AFTER, OTHERS | OTHERS_AFTER)
    clean.build()
    if clean.generation().files != new.files:
        raise DefectError("a build over an older one is not the build of an empty folder")

    places: Counter[str] = Counter()
    for kill in range(kills):
        if kill and kill % 200 == 0:
            print(f"{kill} …", flush=True)
        renew(origin, show)
        goes_on = chance.random() < 0.3
        expected = later if goes_on else new
        still = untouched(show, old, new, expected)
        number = chance.choice(SIGNALS)
        told = f"{mode}, kill {kill} ({number.name}, seed {seed}, {show.root})"
        try:
            for generations in [(new, old)] if chance.random() < 0.7 else [(new, old)] * 2:
                place, code = stop_somewhere(show, names, kill, number, took_s, chance)
                places[place] += 1
                told = f"{mode}, kill {kill} ({number.name} at {place}, seed {seed}, {show.root})"
                if code == 99:
                    raise DefectError("a traceback")
                look_at(show, generations, tidied=128 < code != 128 + signal.SIGKILL and len(generations) < 2)
            if goes_on:
                show.write(LATER, OTHERS_AFTER)
            show.build()
            look_at_whole(show, (expected,))
            if untouched(show, old, new, expected) != still:
                raise DefectError("files that never changed were written again")
        except DefectError as defect:
            raise DefectError(f"{told}: {defect}") from defect
    return places


def rehearse(origin: Show, show: Show) -> tuple[list[str], Generation, Generation, float]:
    """Return the steps of the run that will be stopped, what it and the next one make, and how long it takes."""
    renew(origin, show)
    names = step_names(show)
    renew(origin, show)
    begun = time.monotonic()
    show.build()
    took_s = time.monotonic() - begun
    new = show.generation()
    show.write(LATER, OTHERS_AFTER)
    show.build()
    return names, new, show.generation(), took_s


def renew(origin: Show, show: Show) -> None:
    """Bring a show to the state before the run that will be stopped."""
    shutil.rmtree(show.root, ignore_errors=True)
    shutil.copytree(origin.root, show.root, symlinks=True)
    (show.output / ".feedbuilder.lock").unlink(missing_ok=True)
    show.write(AFTER, OTHERS_AFTER)


def stop_somewhere(
    show: Show, names: list[str], kill: int, number: signal.Signals, took_s: float, chance: random.Random
) -> tuple[str, int]:
    """Stop one run, in turn at each named step and at a random moment; return where, and the exit code."""
    if kill % 2 == 0:
        changing = [at for at, name in enumerate(names) if name != "read"]
        at = changing[int(kill // 2 * GOLDEN % 1 * len(changing))]  # far apart, so that few kills see all of a run
        return names[at], finished(start(show, at, number))
    pid = start(show)
    time.sleep(chance.random() * took_s * 1.1)
    os.kill(pid, number)  # one that is over already waits for us, so its number is nobody else's
    return "any moment", finished(pid)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mode", choices=MODES, default=None, help="one way to publish; both by turns unless said")
    options = parser.parse_args()
    begun = time.monotonic()
    room = Path(tempfile.mkdtemp(prefix="torture-"))
    modes, places = [options.mode] if options.mode else MODES, Counter[str]()
    try:
        for mode in modes:
            places += torture(options.kills // len(modes), options.seed, room / mode, mode)
    except DefectError as defect:
        sys.exit(str(defect))
    shutil.rmtree(room)
    told = ", ".join(f"{name} {count}" for name, count in sorted(places.items()))
    print(f"{places.total()} runs stopped in {time.monotonic() - begun:.0f} s, none left a defect: {told}")


if __name__ == "__main__":
    main()
